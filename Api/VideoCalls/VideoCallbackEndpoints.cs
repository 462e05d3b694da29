using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>视频服务回调: what providers of video tell the platform.</summary>
public static class VideoCallbackEndpoints
{
    public static void MapVideoCallbacks(this IEndpointRouteBuilder routes)
    {
        var callbacks = routes.MapGroup("/v1/callbacks/video").For(Audience.Partner, "视频服务回调").RequireAuthorization(Policies.Anyone)
            // A provider tells of everybody from a few addresses; what it has not signed is refused anyway.
            .DisableRateLimiting();
        callbacks.MapPost("/trtc", ReceiveVideoCallback.Trtc).Does("receiveTrtcCallback", "接收TRTC事件回调").Answers<ReceiveVideoCallback.TrtcTaken>().Refuses(400, 403, 404);
        callbacks.MapPost("/livekit", ReceiveVideoCallback.LiveKit).Does("receiveLiveKitCallback", "接收LiveKit事件回调").Produces(StatusCodes.Status200OK).Refuses(400, 403, 404);
        callbacks.MapPost("/janus", ReceiveVideoCallback.Janus).Does("receiveJanusCallback", "接收Janus事件回调").Produces(StatusCodes.Status200OK).Refuses(400, 403, 404);
    }
}
