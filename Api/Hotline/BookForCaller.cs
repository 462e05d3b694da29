using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hotline;

/// <summary>The office books for a caller, on the ticket's matter and in the places kept for the hotline: by the same way as everybody, so that no time is given out twice.</summary>
public static class BookForCaller
{
    /// <param name="ServiceCode">From <c>GET /v1/appointment-services</c>.</param>
    /// <param name="ResourceId">Whom or which desk; absent with <paramref name="OrganisationId"/>: anybody there.</param>
    /// <param name="OpposingParty">Name of the other side, so that nobody is booked who must not act; not kept.</param>
    public sealed record Request(
        [property: Required, MaxLength(96)] string? ServiceCode, [property: Required] MeetingMode? Mode, [property: MaxLength(Id.Length)] string? ResourceId,
        [property: MaxLength(Id.Length)] string? OrganisationId, [property: Required] DateTimeOffset? StartsAt, [property: MaxLength(Appointment.MaxAddress)] string? Address,
        [property: MaxLength(Appointment.MaxReason)] string? Reason, [property: MaxLength(100)] string? OpposingParty);

    public static async Task<IResult> Handle(
        string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, Database database, BookingForm form, Booking booking, SlotReading slots, HotlineTicketRepository tickets, MatterRepository matters)
    {
        var targets = await slots.TargetsAsync(request.ResourceId, request.OrganisationId, request.StartsAt!.Value, http.RequestAborted);
        if (targets.IsRefused) return targets.Refusal!.ToResult();
        var likely = await LikelyAsync(database, id, http.RequestAborted);
        return await idempotency.RunAsync<AppointmentView>(http, StatusCodes.Status201Created, async tx =>
        {
            // First thing, so that what is read afterwards is no older than another booking of theirs.
            if (likely is not null && !await CitizenRepository.EngageAsync(tx, likely)) throw new ConcurrencyConflictException();
            if (await tickets.FindForStaffAsync(tx, id, user.Id) is not { } found) return CommonRefusals.NotFound;
            if (!found.MayDecide) return CommonRefusals.Forbidden;
            if (found.Ticket.State.IsOver()) return HotlineRefusals.IllegalTransition;
            var matter = (await matters.FindAsync(tx, found.Ticket.Matter.Id))!;
            var order = await form.ReadAsync(tx, new BookingForm.Fields(
                matter.CitizenId, BookingSide.Hotline, Channel.Hotline12348, request.ServiceCode, request.Mode!.Value, request.StartsAt.Value, null, request.Address, request.Reason,
                request.OpposingParty, matter.CategoryCode, matter.RegionCode, matter, matter.ContactPreference), targets.Value);
            if (order.IsRefused) return order.Refusal!;
            var booked = await booking.BookAsync(tx, order.Value, targets.Value.Holds, null, user.Actor);
            if (booked.IsRefused) return booked.Refusal!;
            await tx.AuditAsync(user.Actor, "hotline.book", "appointment", booked.Value.Appointment.Id, found.Ticket.TicketNo);
            return AppointmentView.Of(booked.Value.Shown);
        });
    }

    /// <summary>Whom it is for, as far as can be told before the transaction: to lock by, and nothing to rely on.</summary>
    private static Task<string?> LikelyAsync(Database database, string ticketId, CancellationToken cancel) => database.ReadAsync(c => Dapper.SqlMapper.ExecuteScalarAsync<string?>(
        c, "SELECT m.citizen_id FROM hotline_tickets t JOIN matters m ON m.id = t.matter_id WHERE t.id = @ticketId", new { ticketId }), cancel);
}
