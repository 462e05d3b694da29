using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// The address of the call page (<c>/call/#…</c>) for one participant of one call: for the mini-program's web-view, for the browser of the office, and for guests. What
/// stands behind the <c>#</c> opens this call for this person and nothing else, is to be used within minutes (a guest's: until the call closes), and is kept nowhere in clear.
/// </summary>
public static class PageLink
{
    /// <param name="ParticipantId">A guest of the call; the caller when absent.</param>
    public sealed record Request([property: MaxLength(Id.Length)] string? ParticipantId);

    /// <param name="Url">To be opened, or sent to the guest; never to be kept.</param>
    /// <param name="UseBefore">After that it opens nothing any more, unless it is in use.</param>
    public sealed record Response(string Url, DateTimeOffset UseBefore);

    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Database database, CallScope scope) =>
        (await IssueAsync(http, database, tx => scope.CitizenAsync(tx, id, user.Actor), null)).ToReply(StatusCodes.Status201Created);

    public static async Task<IResult> ByStaffAsync(string id, Request? request, CurrentUser user, HttpContext http, Database database, CallScope scope) =>
        (await IssueAsync(http, database, tx => request?.ParticipantId is null ? scope.StaffAsync(tx, id, user.Actor, takes: true) : scope.DecidingAsync(tx, id, user.Actor), request?.ParticipantId))
        .ToReply(StatusCodes.Status201Created);

    private static Task<Outcome<Response>> IssueAsync(HttpContext http, Database database, Func<UnitOfWork, Task<Outcome<Entrant>>> find, string? guestId) =>
        database.WriteAsync<Response>(async tx =>
        {
            var found = await find(tx);
            if (found.IsRefused) return found.Refusal!;
            var (call, who, actor) = found.Value;
            if (call.State.IsOver()) return CallRefusals.Over;
            // Only guests without an account get a link from somebody else: everybody else proves who they are.
            if (guestId is not null)
            {
                if (call.Participants.FirstOrDefault(p => p.Id == guestId && p is { Side: CallSide.Guest, PersonId: null }) is not { } guest) return CommonRefusals.NotFound;
                who = guest;
            }
            var closes = (call.Scheduled?.EndsAt ?? tx.Now) + VideoCall.ClosesAfter;
            var useBefore = guestId is null ? tx.Now + CallTickets.FirstUseWithin : closes;
            var ticket = await CallTickets.IssueAsync(tx, call.Id, who.Id, useBefore, closes + VideoCall.Longest);
            await tx.AuditAsync(actor, "video-calls.page-link", "video_call", call.Id, who.Id);
            return new Response($"{http.Request.Scheme}://{http.Request.Host}/call/#{ticket}", useBefore);
        }, http.RequestAborted);
}
