using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// Comes in: fresh keys to the room for a short while, each time. Sent twice, or from a second phone, it is the last one that counts. The answer holds credentials and is
/// kept nowhere; with the video service away it says what is left (<c>next</c>: telephone, messages).
/// </summary>
public static class JoinCall
{
    /// <param name="Provider">What <paramref name="Params"/> are for: <c>janus</c>, <c>livekit</c>, <c>trtc</c>, <c>wxVoip</c>, <c>phone</c>, <c>test</c>.</param>
    /// <param name="ExpiresAt">Until when the keys let in; ask again afterwards.</param>
    /// <param name="Seat">Shown at each heartbeat; whoever comes in later on another device ends it.</param>
    /// <param name="HeartbeatSeconds">How often to say that one is there.</param>
    /// <param name="ParticipantId">The caller, in <paramref name="Participants"/> and for the provider.</param>
    public sealed record Response(
        string Provider, DateTimeOffset ExpiresAt, JoinParams Params, IReadOnlyList<IceServer> IceServers, string Seat, int HeartbeatSeconds, string CallId, string ParticipantId, CallState State,
        string StateText, CallMedium Medium, string MediumText, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, bool RecordingAllowed, IReadOnlyList<CallPersonView> Participants, int Version)
    {
        internal static Response Of(JoinGrant grant, string seat, string participantId, CallRow c, string callerId) => new(
            grant.Provider, grant.ExpiresAt, grant.Params, grant.IceServers, seat, (int)CallSeats.Beat.TotalSeconds, c.Id, participantId, c.State, c.State.Label(), c.Medium, c.Medium.Label(),
            c.StartsAt, c.EndsAt, CallView.AllAgree(c), [.. CallPersonView.Of(c, callerId).Select(p => p with { Me = p.Id == participantId })], c.Version);
    }

    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, CallDoor door, CallScope scope) =>
        (await door.EnterAsync(tx => scope.CitizenAsync(tx, id, user.Actor), http.RequestAborted)).ToReply();

    public static async Task<IResult> ByStaffAsync(string id, CurrentUser user, HttpContext http, CallDoor door, CallScope scope) =>
        (await door.EnterAsync(tx => scope.StaffAsync(tx, id, user.Actor, takes: true), http.RequestAborted)).ToReply();
}
