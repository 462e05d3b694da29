using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>Says in plain words which key is missing or wrong, and never repeats a value.</summary>
internal sealed class VideoOptionsValidation(IHostEnvironment environment) : IValidateOptions<VideoOptions>
{
    private static readonly string[] Names = ["", JanusProvider.ProviderName, LiveKitProvider.ProviderName, TrtcProvider.ProviderName, WxVoipProvider.ProviderName, PhoneProvider.ProviderName, TestProvider.ProviderName];

    private static readonly string[] Placeholders = ["changeme", "change-me", "change_me", "your", "secret", "example", "xxxx", "todo", "janusrocks", "north"];

    public ValidateOptionsResult Validate(string? name, VideoOptions options)
    {
        var faults = Faults(options).Concat(Providers(options)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(VideoOptions options)
    {
        if (!Names.Contains(options.Provider)) yield return "Video:Provider must be janus, livekit, trtc, wxVoip, phone or test.";
        if (options.Provider == TestProvider.ProviderName && environment.IsProduction()) yield return "Video:Provider test carries no picture and no voice: Production refuses it.";
        if (options.RoomKeyLifetime < TimeSpan.FromMinutes(1) || options.RoomKeyLifetime > Domain.VideoCalls.VideoRoom.LongestCredential) yield return "Video:RoomKeyLifetime must be from one minute to two hours.";
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > TimeSpan.FromSeconds(8)) yield return "Video:Timeout must be above 0 and at most 8 seconds, because the client waits for it.";
        if (options.BreakDuration < TimeSpan.FromSeconds(0.5)) yield return "Video:BreakDuration must be at least half a second.";
        if (options.CallbackWindow < TimeSpan.FromMinutes(1) || options.CallbackWindow > TimeSpan.FromHours(24)) yield return "Video:CallbackWindow must be from one minute to a day: events are remembered for a week.";
        if (options.Provider == JanusProvider.ProviderName && options.Janus.ApiUrl.Length == 0) yield return "Video:Janus:ApiUrl is missing.";
        if (options.Provider == LiveKitProvider.ProviderName && options.LiveKit.ApiUrl.Length == 0) yield return "Video:LiveKit:ApiUrl is missing.";
        if (options.Provider == TrtcProvider.ProviderName && options.Trtc.SdkAppId == 0) yield return "Video:Trtc:SdkAppId is missing.";
    }

    private IEnumerable<string> Providers(VideoOptions options)
    {
        var (janus, livekit, trtc, turn) = (options.Janus, options.LiveKit, options.Trtc, options.Turn);
        if (janus.ApiUrl.Length > 0)
        {
            if (!IsUrl(janus.ApiUrl, "http", "https")) yield return "Video:Janus:ApiUrl must be http or https.";
            if (!IsUrl(janus.PublicUrl, environment.IsProduction() ? ["wss"] : ["ws", "wss"])) yield return "Video:Janus:PublicUrl must be a WebSocket address, wss in Production: browsers give camera and microphone to nothing else.";
            if (IsWeak(janus.TokenSecret)) yield return "Video:Janus:TokenSecret is missing, short or a placeholder: give 32 random bytes in hex (openssl rand -hex 32).";
            if (IsWeak(janus.AdminKey)) yield return "Video:Janus:AdminKey is missing, short or a placeholder.";
            if (janus.EventUser.Length > 0 != janus.EventPassword.Length > 0) yield return "Video:Janus:EventUser and Video:Janus:EventPassword belong together: give both or neither.";
            if (janus.EventPassword.Length > 0 && IsWeak(janus.EventPassword)) yield return "Video:Janus:EventPassword is short or a placeholder.";
            if (janus.Bitrate is < 64_000 or > 10_000_000) yield return "Video:Janus:Bitrate must be from 64000 to 10000000.";
        }
        if (livekit.ApiUrl.Length > 0)
        {
            if (!IsUrl(livekit.ApiUrl, "http", "https")) yield return "Video:LiveKit:ApiUrl must be http or https.";
            if (!IsUrl(livekit.PublicUrl, environment.IsProduction() ? ["wss"] : ["ws", "wss"])) yield return "Video:LiveKit:PublicUrl must be a WebSocket address, wss in Production.";
            if (livekit.ApiKey.Length == 0) yield return "Video:LiveKit:ApiKey is missing.";
            if (livekit.ApiSecret.Length < 32 || IsWeak(livekit.ApiSecret)) yield return "Video:LiveKit:ApiSecret is missing, shorter than 32 characters or a placeholder.";
        }
        if (trtc.SdkAppId != 0)
        {
            if (trtc.SdkAppId is < 1_000_000_000 or > uint.MaxValue) yield return "Video:Trtc:SdkAppId is not an application's number.";
            if (IsWeak(trtc.SecretKey)) yield return "Video:Trtc:SecretKey is missing, short or a placeholder.";
            if (trtc.CallbackKey.Length > 0 && (trtc.CallbackKey.Length is < 16 or > 32 || !trtc.CallbackKey.All(char.IsAsciiLetterOrDigit))) yield return "Video:Trtc:CallbackKey must be 16 to 32 letters and digits.";
            if (trtc.CloudSecretId.Length > 0 != trtc.CloudSecretKey.Length > 0) yield return "Video:Trtc:CloudSecretId and Video:Trtc:CloudSecretKey belong together: give both or neither.";
            if (!IsUrl(trtc.CloudUrl, environment.IsProduction() ? ["https"] : ["http", "https"])) yield return "Video:Trtc:CloudUrl must be https.";
        }
        if (turn.Urls.Count > 0 && IsWeak(turn.Secret)) yield return "Video:Turn:Secret is missing, short or a placeholder.";
        if (turn.Urls.Any(u => !u.StartsWith("turn:", StringComparison.Ordinal) && !u.StartsWith("turns:", StringComparison.Ordinal))) yield return "Video:Turn:Urls must begin with turn: or turns:.";
        if (turn.RelayOnly && turn.Urls.Count == 0) yield return "Video:Turn:RelayOnly needs Video:Turn:Urls.";
    }

    private static bool IsUrl(string text, params string[] schemes) => Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme);

    /// <summary>Shorter than 16 characters, all alike, or taken from somebody's sample.</summary>
    private static bool IsWeak(string secret) =>
        secret.Length < 16 || secret.Distinct().Count() < 6 || Placeholders.Any(p => secret.Contains(p, StringComparison.OrdinalIgnoreCase));
}
