using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Infrastructure.WeChat;

/// <summary>A message that the fake has taken.</summary>
public sealed record FakeSent(DateTimeOffset At, SubscribeMessage Message);

/// <summary>
/// WeChat inside the process, for Development and tests. It passes the same contract as the real client; Production refuses it.
/// <list type="bullet">
/// <item><c>test:&lt;openid&gt;</c> signs in, as often as wanted; <c>test:&lt;openid&gt;#&lt;anything&gt;</c> once only, as real codes do.</item>
/// <item><c>test-blocked:&lt;openid&gt;</c>, <c>test-busy</c>, <c>test-unavailable</c>, <c>test-misconfigured</c> give those answers.</item>
/// <item><c>test-phone:&lt;number&gt;</c> gives the number; with <c>#&lt;anything&gt;</c> once only.</item>
/// <item>A text with <c>[risky]</c> or <c>[review]</c> in it is judged so.</item>
/// </list>
/// </summary>
public sealed class FakeWeChat(TimeProvider time) : IWeChat
{
    public const string RiskyMark = "[risky]";
    public const string ReviewMark = "[review]";

    private const int Kept = 1000;

    private readonly ConcurrentDictionary<string, byte> _usedCodes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FakeSent> _sent = new();
    private int _attempts;

    /// <summary>The last thousand messages taken, oldest first.</summary>
    public IReadOnlyList<FakeSent> Sent => [.. _sent];

    /// <summary>How often a message was handed over, taken or not.</summary>
    public int SendAttempts => Volatile.Read(ref _attempts);

    /// <summary>From now on messages to this person are answered with an errcode of WeChat; 0 makes it well again.</summary>
    public void AnswerMessagesTo(string openid, int errcode) => _answers[openid] = errcode;

    public Task<WeChatLogin> CodeToSessionAsync(string code, CancellationToken cancel = default) => Task.FromResult<WeChatLogin>(code switch
    {
        "test-busy" => new WeChatLogin.Busy(WeChatErrors.RetryAfter(WeChatFault.MinuteQuota)),
        "test-unavailable" => new WeChatLogin.Unavailable(),
        "test-misconfigured" => new WeChatLogin.Misconfigured(),
        _ when Named(code, "test-blocked:") is not null => new WeChatLogin.UserBlocked(),
        _ when Named(code, "test:") is { } openid && IsOpenId(openid) && MayUse(code) => new WeChatLogin.Session(openid, null, SessionKeyOf(openid)),
        _ => new WeChatLogin.CodeInvalid(),
    });

    public Task<WeChatPhone> GetPhoneNumberAsync(string code, string openid, CancellationToken cancel = default) => Task.FromResult<WeChatPhone>(code switch
    {
        "test-busy" => new WeChatPhone.Busy(WeChatErrors.RetryAfter(WeChatFault.MinuteQuota)),
        "test-unavailable" => new WeChatPhone.Unavailable(),
        "test-misconfigured" => new WeChatPhone.Misconfigured(),
        _ when Named(code, "test-phone:") is { } number && number.Length is >= 5 and <= 15 && number.All(char.IsAsciiDigit) && MayUse(code) => new WeChatPhone.Found("86", number),
        _ => new WeChatPhone.CodeInvalid(),
    });

    public Task<TextVerdict> CheckTextAsync(string openid, TextScene scene, string text, CancellationToken cancel = default)
    {
        if (_answers.GetValueOrDefault(openid) == 61010) return Task.FromResult<TextVerdict>(new TextVerdict.NotCheckable());
        var verdict = text.Contains(RiskyMark, StringComparison.Ordinal) ? new TextVerdict.Judged(TextSuggestion.Risky, 20006)
            : text.Contains(ReviewMark, StringComparison.Ordinal) ? new TextVerdict.Judged(TextSuggestion.Review, 21000)
            : new TextVerdict.Judged(TextSuggestion.Pass, 100);
        return Task.FromResult<TextVerdict>(verdict);
    }

    public Task<SendVerdict> SendSubscribeMessageAsync(SubscribeMessage message, CancellationToken cancel = default)
    {
        Interlocked.Increment(ref _attempts);
        if (!SubscribeMessageFields.TryNormalise(message.Data, out var data, out var wrong))
            return Task.FromResult<SendVerdict>(new SendVerdict.Faulty(WeChatErrors.FieldInvalid, wrong));
        if (_answers.TryGetValue(message.OpenId, out var errcode) && errcode != 0)
            return Task.FromResult(WeChatClient.Verdict(errcode, null));
        _sent.Enqueue(new FakeSent(time.GetUtcNow(), message with { Data = data }));
        while (_sent.Count > Kept) _sent.TryDequeue(out _);
        return Task.FromResult<SendVerdict>(new SendVerdict.Sent(null));
    }

    /// <summary>What stands between the prefix and an optional <c>#…</c>.</summary>
    private static string? Named(string code, string prefix) => code.StartsWith(prefix, StringComparison.Ordinal) ? code[prefix.Length..].Split('#')[0] : null;

    private static bool IsOpenId(string text) => text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>Codes with a <c>#</c> are good once.</summary>
    private bool MayUse(string code)
    {
        if (!code.Contains('#', StringComparison.Ordinal)) return true;
        // A demonstration left running for months must not grow: forgetting old codes only makes a fake code usable again.
        if (_usedCodes.Count > 100_000) _usedCodes.Clear();
        return _usedCodes.TryAdd(code, 0);
    }

    private static string SessionKeyOf(string openid) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(openid)).AsSpan(0, 16));
}
