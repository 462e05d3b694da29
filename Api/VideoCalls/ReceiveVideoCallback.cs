using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// What the providers of video tell of who came and went: checked on the bytes as they came, stored once, answered at once in the provider's own form. The call is changed
/// afterwards. Not there (404) until the provider and its key are configured.
/// </summary>
public static class ReceiveVideoCallback
{
    /// <summary>TRTC wants this small, within five seconds.</summary>
    private static readonly TrtcTaken Taken = new(0);

    public static Task<IResult> Trtc(HttpContext http, IEnumerable<IProviderCallback> callbacks, ProviderInbox inbox, TimeProvider time, ILogger<ProviderInbox> log) =>
        HandleAsync(TrtcProviderName, http, callbacks, inbox, time, log, () => Results.Json(Taken, WireJson.Options));

    public static Task<IResult> LiveKit(HttpContext http, IEnumerable<IProviderCallback> callbacks, ProviderInbox inbox, TimeProvider time, ILogger<ProviderInbox> log) =>
        HandleAsync(LiveKitProviderName, http, callbacks, inbox, time, log, () => Results.Ok());

    public static Task<IResult> Janus(HttpContext http, IEnumerable<IProviderCallback> callbacks, ProviderInbox inbox, TimeProvider time, ILogger<ProviderInbox> log) =>
        HandleAsync(JanusProviderName, http, callbacks, inbox, time, log, () => Results.Ok());

    private const string TrtcProviderName = "trtc";
    private const string LiveKitProviderName = "livekit";
    private const string JanusProviderName = "janus";

    private static async Task<IResult> HandleAsync(
        string provider, HttpContext http, IEnumerable<IProviderCallback> callbacks, ProviderInbox inbox, TimeProvider time, ILogger log, Func<IResult> taken)
    {
        if (callbacks.FirstOrDefault(c => c.Provider == provider) is not { } callback) return CommonRefusals.NotFound.ToResult();
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var read = callback.Read(http.Request.Headers[callback.ProofHeader].FirstOrDefault(), body.ToArray(), time.GetUtcNow());
        if (read.IsRefused)
        {
            log.LogWarning("A callback of {Provider} was not taken: {Code}", provider, read.Refusal!.Code);
            return read.Refusal!.ToResult();
        }
        var stored = await inbox.StoreAsync(provider, read.Value.Events, http.RequestAborted);
        return stored.IsRefused ? stored.Refusal!.ToResult() : taken();
    }

    /// <param name="Code">0: taken.</param>
    public sealed record TrtcTaken(int Code);
}
