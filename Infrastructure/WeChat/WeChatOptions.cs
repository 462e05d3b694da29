using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.WeChat;

/// <summary>Section <c>WeChat</c>. Checked at start.</summary>
public sealed class WeChatOptions
{
    public const string Section = "WeChat";

    /// <summary><c>real</c> or <c>fake</c>. Empty means fake in Development and real everywhere else. Production refuses <c>fake</c>.</summary>
    public string Mode { get; set; } = "";

    /// <summary>The mini-program's app id (<c>wx…</c>). Each environment has its own: two that share one app id spoil each other's tokens.</summary>
    public string AppId { get; set; } = "";

    /// <summary>The mini-program's secret. Never logged.</summary>
    public string Secret { get; set; } = "";

    public Uri BaseUrl { get; set; } = new("https://api.weixin.qq.com");

    /// <summary>Token of the message push page of the mini-program's console, 3 to 32 letters and digits. Empty: no push is taken.</summary>
    public string PushToken { get; set; } = "";

    /// <summary>EncodingAESKey of the same page, 43 characters. The push must be set to 安全模式 and JSON.</summary>
    public string EncodingAesKey { get; set; } = "";

    /// <summary>Which version of the mini-program a tap on a message opens: <c>formal</c>, <c>trial</c> or <c>developer</c>.</summary>
    public string MiniProgramState { get; set; } = "formal";

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long calls are refused at once after many have failed in a row.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The signature and seal of the push; null while none is configured.</summary>
    public MessagePush? CreatePush() => PushToken.Length > 0 ? new MessagePush(PushToken, EncodingAesKey, AppId) : null;

    internal bool IsFake(IHostEnvironment environment) => Mode.Length == 0 ? environment.IsDevelopment() : Mode == "fake";
}

/// <summary>Says in plain words which key is missing or wrong, and never repeats a value.</summary>
internal sealed class WeChatOptionsValidation(IHostEnvironment environment) : IValidateOptions<WeChatOptions>
{
    private static readonly string[] Placeholders = ["changeme", "change-me", "change_me", "your", "secret", "example", "xxxx", "todo"];

    public ValidateOptionsResult Validate(string? name, WeChatOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(WeChatOptions options)
    {
        if (options.Mode is not ("" or "fake" or "real")) yield return "WeChat:Mode must be fake or real.";
        if (options.MiniProgramState is not ("formal" or "trial" or "developer")) yield return "WeChat:MiniProgramState must be formal, trial or developer.";
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > TimeSpan.FromSeconds(8)) yield return "WeChat:Timeout must be above 0 and at most 8 seconds, because the mini-program waits for it.";
        if (options.BreakDuration < TimeSpan.FromSeconds(0.5)) yield return "WeChat:BreakDuration must be at least half a second.";
        if (options.PushToken.Length > 0 != options.EncodingAesKey.Length > 0) yield return "WeChat:PushToken and WeChat:EncodingAesKey belong together: give both or neither.";
        if (options.PushToken.Length > 0 && (options.PushToken.Length is < 3 or > 32 || !options.PushToken.All(char.IsAsciiLetterOrDigit))) yield return "WeChat:PushToken must be 3 to 32 letters and digits.";
        if (options.EncodingAesKey.Length > 0 && !MessagePush.IsKey(options.EncodingAesKey)) yield return "WeChat:EncodingAesKey must be 43 letters and digits.";
        if (options.IsFake(environment))
        {
            if (environment.IsProduction()) yield return "WeChat:Mode fake lets anybody sign in as anybody: Production refuses it.";
            yield break;
        }
        if (!options.AppId.StartsWith("wx", StringComparison.Ordinal) || options.AppId.Length < 10) yield return "WeChat:AppId is missing or is not an app id (wx…).";
        if (options.Secret.Length < 16 || Placeholders.Any(p => options.Secret.Contains(p, StringComparison.OrdinalIgnoreCase))) yield return "WeChat:Secret is missing or a placeholder.";
        if (options.BaseUrl.Scheme != Uri.UriSchemeHttps && !options.BaseUrl.IsLoopback) yield return "WeChat:BaseUrl must be https.";
    }
}
