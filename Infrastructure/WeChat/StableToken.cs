using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.WeChat;

/// <param name="Value">The token, or null when there is none to be had now.</param>
/// <param name="Fault">Why there is none.</param>
/// <param name="ErrorCode">WeChat's code for it; null when WeChat was not reached.</param>
internal readonly record struct TokenAnswer(string? Value, WeChatFault Fault, int? ErrorCode)
{
    public override string ToString() => Value is null ? $"no token: {Fault}" : "token ***";
}

/// <summary>
/// The access token of <c>/cgi-bin/stable_token</c>. In normal mode every node that asks is given the same token, so nodes need to
/// share nothing. One request at a time per process; renewed in the background before it ends, while the old one still serves.
/// <c>force_refresh</c> is never sent: it would end the token of every other node, and WeChat allows it twenty times a day.
/// </summary>
internal sealed class StableToken(WeChatHttp http, IOptions<WeChatOptions> options, TimeProvider time, ILogger<StableToken> log)
{
    private static readonly TimeSpan AfterFailedRenewal = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Held? _held;
    private Task<TokenAnswer>? _asking;

    public Task<TokenAnswer> GetAsync(CancellationToken cancel)
    {
        Task<TokenAnswer> asking;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_held is { } held && now < held.ExpiresAt)
            {
                if (now >= held.RefreshAt) Ask();
                return Task.FromResult(new TokenAnswer(held.Token, WeChatFault.None, null));
            }
            asking = Ask();
        }
        // One caller going away must not take the token from the others who wait.
        return asking.WaitAsync(cancel);
    }

    /// <summary>WeChat did not accept this token. A token that has been replaced meanwhile is left alone.</summary>
    public void Drop(string token)
    {
        lock (_gate)
        {
            if (_held?.Token == token) _held = null;
        }
    }

    private Task<TokenAnswer> Ask() => _asking is { IsCompleted: false } ? _asking : _asking = Task.Run(AskAsync);

    private async Task<TokenAnswer> AskAsync()
    {
        var body = new { grant_type = "client_credential", appid = options.Value.AppId, secret = options.Value.Secret, force_refresh = false };
        var reply = await http.PostAsync("/cgi-bin/stable_token", null, body, CancellationToken.None);
        if (reply.Fault == WeChatFault.SystemBusy) reply = await http.PostAsync("/cgi-bin/stable_token", null, body, CancellationToken.None);
        var token = reply.IsOk ? reply.Json.Text("access_token") : null;
        var seconds = reply.IsOk ? reply.Json.Number("expires_in") ?? 0 : 0;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (token is { Length: > 0 } && seconds > 0)
            {
                _held = new Held(token, now.AddSeconds(seconds), now + RefreshIn(seconds, Random.Shared.NextDouble()));
                log.LogInformation("WeChat access token held for {Seconds} s", seconds);
                return new TokenAnswer(token, WeChatFault.None, null);
            }
            if (_held is { } old) _held = old with { RefreshAt = now + AfterFailedRenewal };
        }
        var fault = reply.IsOk ? WeChatFault.Unknown : reply.Fault;
        return new TokenAnswer(null, fault, reply.End == CallEnd.Answered && reply.ErrorCode != 0 ? reply.ErrorCode : null);
    }

    /// <summary>Five minutes before the end, spread by half a minute either way so that nodes do not ask at one moment.</summary>
    /// <param name="chance">0 to 1.</param>
    internal static TimeSpan RefreshIn(long expiresIn, double chance) =>
        TimeSpan.FromSeconds(Math.Max(0, Math.Clamp(expiresIn - 300, 30, 6900) + (chance * 60 - 30)));

    private sealed record Held(string Token, DateTimeOffset ExpiresAt, DateTimeOffset RefreshAt);
}
