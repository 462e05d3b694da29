using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// B accepts or declines, A withdraws. Accepting ends A's hours of that day, gives them to B with the same terms, and moves A's bookings to B at the same times, in
/// one transaction: all of it or nothing.
/// </summary>
public static class DecideSwap
{
    public static Task<IResult> AcceptAsync(
        string id, CurrentUser user, HttpContext http, Idempotency idempotency, CalendarStore calendars, Booking booking, AppointmentRepository appointments, RosterChanges changes) =>
        DecideAsync(id, SwapAction.Accept, user, http, idempotency, async (tx, swap) =>
        {
            var found = await SwapTaking.TryAsync(tx, swap, await calendars.ReadAsync(tx));
            if (found.IsRefused) return found.Refusal;
            var taking = found.Value;
            // Always in the same order: two swaps between the same two do not wait for each other for ever.
            foreach (var resource in new[] { taking.From, taking.To }.OrderBy(r => r.Id, StringComparer.Ordinal)) await HoursRepository.RaiseAsync(tx, resource);
            await HoursRepository.WriteAsync(tx, taking.FromBefore, taking.FromAfter, null, user.Actor);
            await HoursRepository.WriteAsync(tx, taking.ToBefore, taking.ToAfter, null, user.Actor);
            var target = (await AppointmentQueries.ResourceAsync(tx, taking.To.Id))!;
            foreach (var booked in taking.Leaving)
            {
                var appointment = (await appointments.FindAsync(tx, booked.AppointmentId))!;
                var moved = await booking.MoveAsync(tx, appointment, booked.Service, target, booked.StartsAt, BookingSide.Staff, [], null, user.Actor);
                if (moved.IsRefused) return AppointmentRefusals.SwapNotPossible.At("bookings", moved.Refusal!.Title);
            }
            changes.RefreshAfter(tx, taking.From.Id);
            changes.RefreshAfter(tx, taking.To.Id);
            return null;
        });

    public static Task<IResult> DeclineAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency) =>
        DecideAsync(id, SwapAction.Decline, user, http, idempotency, (_, _) => Task.FromResult<Refusal?>(null));

    public static Task<IResult> WithdrawAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency) =>
        DecideAsync(id, SwapAction.Withdraw, user, http, idempotency, (_, _) => Task.FromResult<Refusal?>(null));

    private static Task<IResult> DecideAsync(
        string id, SwapAction action, CurrentUser user, HttpContext http, Idempotency idempotency, Func<UnitOfWork, OfficeSwap, Task<Refusal?>> also) =>
        idempotency.RunAsync<SwapView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Id.IsWellFormed(id) || await SwapRepository.FindAsync(tx, id) is not { } row) return CommonRefusals.NotFound;
            if (user.Id != row.FromStaffId && user.Id != row.ToStaffId) return CommonRefusals.NotFound;
            if (user.Id != (action == SwapAction.Withdraw ? row.FromStaffId : row.ToStaffId)) return CommonRefusals.Forbidden;
            var swap = row.ToSwap();
            var decided = swap.Decide(action, tx.Now);
            if (decided.IsRefused) return decided.Refusal!;
            if (await also(tx, swap) is { } refusal) return refusal;
            await SwapRepository.SaveAsync(tx, decided.Value);
            await tx.AuditAsync(user.Actor, $"swaps.{action.ToString().ToLower(CultureInfo.InvariantCulture)}", "swap", id);
            return SwapView.Of((await SwapRepository.FindAsync(tx, id))!, user.Id);
        });
}

/// <summary>What one has asked and been asked, latest first.</summary>
public static class ListSwaps
{
    private const string List = "office-swaps";

    public static async Task<IResult> Handle(string? cursor, int? limit, CurrentUser user, HttpContext http, SwapRepository swaps, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var position = cursors.Read(List, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        var rows = await swaps.OfPersonAsync(user.Id, position.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, w => SwapView.Of(w, user.Id), w => cursors.Write(List, w.Id)), WireJson.Options);
    }
}
