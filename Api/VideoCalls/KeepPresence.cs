using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// A client says that it is there, every few seconds, and when it goes. Whoever falls silent has gone. A heartbeat that brings no news is one small write; the answer
/// tells how the call stands, so that nothing else need be asked meanwhile.
/// </summary>
public sealed class KeepPresence(Database database, VideoCallRepository calls)
{
    public const string SeatPattern = "^[0-9a-f]{32}$";

    /// <param name="Seat">From the answer to joining.</param>
    public sealed record Request([property: Required, RegularExpression(SeatPattern)] string? Seat);

    /// <param name="Version">Another than before: read the call again.</param>
    public sealed record Response(CallState State, string StateText, CallMedium Medium, string MediumText, bool BothThere, int HeartbeatSeconds, int Version);

    public static async Task<IResult> BeatAsync(string id, Request request, CurrentUser user, HttpContext http, KeepPresence presence, CallScope scope) =>
        (await presence.HearAsync(tx => scope.CitizenAsync(tx, id, user.Actor), request.Seat!, http.RequestAborted)).ToReply();

    public static async Task<IResult> LeaveAsync(string id, Request request, CurrentUser user, HttpContext http, KeepPresence presence, CallScope scope) =>
        (await presence.GoAsync(tx => scope.CitizenAsync(tx, id, user.Actor), request.Seat!, http.RequestAborted)).ToReply();

    public static async Task<IResult> StaffBeatAsync(string id, Request request, CurrentUser user, HttpContext http, KeepPresence presence, CallScope scope) =>
        (await presence.HearAsync(tx => scope.StaffAsync(tx, id, user.Actor), request.Seat!, http.RequestAborted)).ToReply();

    public static async Task<IResult> StaffLeaveAsync(string id, Request request, CurrentUser user, HttpContext http, KeepPresence presence, CallScope scope) =>
        (await presence.GoAsync(tx => scope.StaffAsync(tx, id, user.Actor), request.Seat!, http.RequestAborted)).ToReply();

    public Task<Outcome<Response>> HearAsync(Func<UnitOfWork, Task<Outcome<Entrant>>> find, string seat, CancellationToken cancel) => database.WriteAsync<Response>(async tx =>
    {
        var found = await find(tx);
        if (found.IsRefused) return found.Refusal!;
        var (call, who, actor) = found.Value;
        if (call.State.IsOver()) return CallRefusals.Over;
        if (!await CallSeats.HearAsync(tx, who.Id, seat)) return CallRefusals.TakenOver;
        if (!who.IsPresent && await CallSeats.FindAsync(tx, who.Id) is { IsOutsideTheRoom: false } && call.Notice(who.Id, present: true, tx.Now))
        {
            var saved = await calls.SaveAsync(tx, call, actor);
            if (saved.IsRefused) return saved.Refusal!;
        }
        return Of(await VideoCallReading.FindAsync(tx, call.Id));
    }, cancel);

    public Task<Outcome<Response>> GoAsync(Func<UnitOfWork, Task<Outcome<Entrant>>> find, string seat, CancellationToken cancel) => database.WriteAsync<Response>(async tx =>
    {
        var found = await find(tx);
        if (found.IsRefused) return found.Refusal!;
        var (call, who, actor) = found.Value;
        if (!call.State.IsOver())
        {
            if (!await CallSeats.LeaveAsync(tx, who.Id, seat)) return CallRefusals.TakenOver;
            if (call.Notice(who.Id, present: false, tx.Now, goodbye: true))
            {
                var saved = await calls.SaveAsync(tx, call, actor);
                if (saved.IsRefused) return saved.Refusal!;
            }
        }
        return Of(await VideoCallReading.FindAsync(tx, call.Id));
    }, cancel);

    private static Response Of(CallRow c) =>
        new(c.State, c.State.Label(), c.Medium, c.Medium.Label(), c.State == CallState.Connected, (int)CallSeats.Beat.TotalSeconds, c.Version);
}
