using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Live;

/// <summary>News as they happen, beside long polling and never instead of it (R14).</summary>
public static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder routes) => routes.MapGroup("/v1").For([Audience.Citizen, Audience.Staff], "实时消息").RequireAuthorization(Policies.Anyone)
        .MapGet("/live", OpenLive.Handle).Does("openLive", "实时消息（WebSocket）").Produces(StatusCodes.Status101SwitchingProtocols).Refuses(400);
}

/// <summary>
/// A WebSocket. The token comes as the first message, within 5 seconds and never in the address (R3): <c>{"type":"auth","token":"…"}</c>, answered
/// by <c>{"type":"ready","expiresAt":…}</c>. Then <c>{"type":"subscribe","consultationId":"…","after":7}</c>: everything after message 7 comes as
/// <c>{"type":"thread","consultationId":"…","thread":{…}}</c> in the form of <c>GET …/messages</c>, and so does whatever is new; after a reconnect, subscribe
/// again with the last <c>seq</c> received and nothing is missing. <c>{"type":"changed","topic":"matters"|"notifications"|"inbox"}</c> says what to read again;
/// <c>{"type":"refused",…}</c> carries a code. <c>{"type":"ping"}</c> is answered by <c>{"type":"pong","serverTime":…}</c>. A fresh token is sent by <c>auth</c> again.
/// Closed with 4401 when the token is missing, not good or over; 4400 malformed; 4408 client too slow; 4429 too many sockets; 1009 over 4 KB.
/// </summary>
public static class OpenLive
{
    public static async Task Handle(HttpContext http, LiveSockets sockets)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await Problems.WriteAsync(http, HttpRefusals.WebSocketExpected);
            return;
        }
        if (sockets.IsFull)
        {
            await Problems.WriteAsync(http, CommonRefusals.Unavailable);
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await sockets.ServeAsync(socket, http.RequestAborted);
    }
}
