using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// What the call page asks for whoever holds its link: to come in, to stay, to go, to say whether they may be recorded. The ticket is given in the body and is all that
/// proves who it is; one that has run out, was not used in time or never was ours is refused in the same words.
/// </summary>
public static class UseCallPage
{
    /// <param name="Ticket">What stands behind the <c>#</c> of the link.</param>
    public sealed record JoinRequest([property: Required, RegularExpression(CallTickets.Pattern)] string? Ticket);

    /// <param name="Seat">From the answer to joining.</param>
    public sealed record SeatRequest([property: Required, RegularExpression(CallTickets.Pattern)] string? Ticket, [property: Required, RegularExpression(KeepPresence.SeatPattern)] string? Seat);

    public sealed record ConsentRequest([property: Required, RegularExpression(CallTickets.Pattern)] string? Ticket, [property: Required] bool? Agrees);

    public sealed record ConsentResponse(bool Agrees, bool RecordingAllowed);

    public static async Task<IResult> JoinAsync(JoinRequest request, HttpContext http, CallDoor door, CallScope scope) =>
        (await door.EnterAsync(tx => scope.TicketAsync(tx, request.Ticket), http.RequestAborted)).ToReply();

    public static async Task<IResult> BeatAsync(SeatRequest request, HttpContext http, KeepPresence presence, CallScope scope) =>
        (await presence.HearAsync(tx => scope.TicketAsync(tx, request.Ticket), request.Seat!, http.RequestAborted)).ToReply();

    public static async Task<IResult> LeaveAsync(SeatRequest request, HttpContext http, KeepPresence presence, CallScope scope) =>
        (await presence.GoAsync(tx => scope.TicketAsync(tx, request.Ticket), request.Seat!, http.RequestAborted)).ToReply();

    public static async Task<IResult> AgreeAsync(ConsentRequest request, HttpContext http, Database database, RecordCall record, CallScope scope) =>
        (await database.WriteAsync<ConsentResponse>(async tx =>
        {
            var found = await scope.TicketAsync(tx, request.Ticket);
            var agreed = await record.ConsentAsync(tx, found, request.Agrees!.Value);
            return agreed.IsRefused ? agreed.Refusal! : new ConsentResponse(request.Agrees.Value, found.Value.Call.MayBeRecorded);
        }, http.RequestAborted)).ToReply();
}
