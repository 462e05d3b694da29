using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>What somebody wants to take.</summary>
/// <param name="Holds">Holds as far as known, read before the transaction: honoured, never trusted.</param>
/// <param name="OwnHold">The caller's own hold.</param>
public sealed record TimeWish(string ResourceId, DateTimeOffset StartsAt, SlotWish Slot, IReadOnlyList<Hold> Holds, string? OwnHold);

/// <summary>
/// The one method by which time is taken, on every path: citizen, staff, reschedule, offer of the waiting list, hotline, import. Two things
/// hold it up: the resource's row, raised under the version of the hours it was judged by; and the unique key of a seat's quarter of an hour.
/// </summary>
public sealed class RasterRepository(Database database, CalendarStore calendars)
{
    /// <summary>Judges the wish by the hours and takes the first seat that is free.</summary>
    /// <param name="ownerId">The appointment, or the offer that keeps the time for a while.</param>
    /// <param name="heldUntil">When the time falls back by itself; null for an appointment.</param>
    /// <exception cref="ConcurrencyConflictException">The hours changed in between; the transaction runs again.</exception>
    public async Task<Outcome<AppointmentTime>> TakeAsync(UnitOfWork tx, TimeWish wish, string ownerId, DateTimeOffset? heldUntil = null)
    {
        var day = wish.StartsAt.DateInChina();
        if (await HoursRepository.FindAsync(tx, wish.ResourceId, day) is not { } hours) return AppointmentRefusals.UnknownResource;
        if (DayOf(hours, day, await calendars.ReadAsync(tx)) is var facts && Availability.Judge(facts, wish.Slot, wish.StartsAt, wish.Holds, wish.OwnHold, tx.Now) is var place && place.IsRefused)
            return place.Refusal!;
        await LockAsync(tx, hours);
        await tx.ExecuteAsync("DELETE FROM appointment_rasters WHERE resource_id = @ResourceId AND raster_start >= @from AND raster_start < @to AND held_until < @Now",
            new { wish.ResourceId, from = Raster.At(day, 0), to = Raster.At(day.AddDays(1), 0), tx.Now });
        foreach (var seat in place.Value.Seats)
            if (await TryTakeAsync(tx, wish.ResourceId, seat, day, place.Value.Span, ownerId, heldUntil))
                return new AppointmentTime(wish.ResourceId, seat, place.Value.Opening.OrganisationId, wish.StartsAt, wish.StartsAt.AddMinutes(wish.Slot.Service.DurationMinutes), place.Value.Span);
        return AppointmentRefusals.SlotTaken;
    }

    /// <summary>Takes exactly what an appointment had, for one that was given back by mistake. The hours are not asked again.</summary>
    public async Task<Outcome<Done>> TakeBackAsync(UnitOfWork tx, AppointmentTime time, string ownerId)
    {
        if (await HoursRepository.FindAsync(tx, time.ResourceId, time.Day) is not { } hours) return AppointmentRefusals.UnknownResource;
        await LockAsync(tx, hours);
        // What was not given back is the owner's still and must not stand in its own way; an offer that is over keeps nothing.
        await tx.ExecuteAsync("DELETE FROM appointment_rasters WHERE owner_id = @ownerId", new { ownerId });
        await tx.ExecuteAsync("DELETE FROM appointment_rasters WHERE resource_id = @ResourceId AND raster_start >= @from AND raster_start < @to AND held_until < @Now",
            new { time.ResourceId, from = Raster.At(time.Day, 0), to = Raster.At(time.Day.AddDays(1), 0), tx.Now });
        return await TryTakeAsync(tx, time.ResourceId, time.Seat, time.Day, time.Span, ownerId, null) ? Done.It : AppointmentRefusals.SlotTaken;
    }

    /// <summary>Gives back what an owner has, from an instant on.</summary>
    /// <param name="from">Null for all of it.</param>
    public static async Task GiveBackAsync(UnitOfWork tx, string resourceId, string ownerId, DateTimeOffset? from = null)
    {
        await tx.ExecuteAsync("UPDATE booking_resources SET version = version + 1 WHERE id = @resourceId", new { resourceId });
        await tx.ExecuteAsync("DELETE FROM appointment_rasters WHERE owner_id = @ownerId AND raster_start >= @from", new { ownerId, from = from ?? DateTimeOffset.UnixEpoch });
    }

    /// <summary>An offer has been accepted: what it kept is the appointment's now.</summary>
    /// <returns>False when the offer has it no longer.</returns>
    public static async Task<bool> PassOnAsync(UnitOfWork tx, AppointmentTime time, string offerId, string appointmentId)
    {
        await tx.ExecuteAsync("UPDATE booking_resources SET version = version + 1 WHERE id = @ResourceId", new { time.ResourceId });
        return await tx.ExecuteAsync("UPDATE appointment_rasters SET owner_id = @appointmentId, held_until = NULL WHERE owner_id = @offerId AND held_until >= @Now",
            new { appointmentId, offerId, tx.Now }) == time.Span.Until - time.Span.First;
    }

    internal static ResourceDay DayOf(ResourceHours hours, DateOnly day, Domain.Clocks.WorkCalendar calendar)
    {
        try
        {
            return new ResourceDay(hours.ResourceId, day, 0, hours.OpeningsOn(day, calendar), NothingTaken);
        }
        catch (Domain.Clocks.CalendarMissingException)
        {
            return new ResourceDay(hours.ResourceId, day, 0, [], NothingTaken, CalendarMissing: true);
        }
    }

    private static readonly IReadOnlyDictionary<int, ushort> NothingTaken = new Dictionary<int, ushort>();

    /// <summary>From here on, one after the other per resource.</summary>
    private static Task LockAsync(UnitOfWork tx, ResourceHours hours) => tx.ExecuteExpectingOneAsync(
        "UPDATE booking_resources SET version = version + 1 WHERE id = @ResourceId AND hours_version = @Version AND active = 1", new { hours.ResourceId, hours.Version });

    private async Task<bool> TryTakeAsync(UnitOfWork tx, string resourceId, int seat, DateOnly day, RasterSpan span, string ownerId, DateTimeOffset? heldUntil)
    {
        // One statement: either all quarters are taken or none.
        var args = new DynamicParameters(new { resourceId, seat, ownerId, heldUntil });
        var rows = new List<string>();
        for (var unit = span.First; unit < span.Until; unit++)
        {
            rows.Add($"(@resourceId, @unit{unit - span.First}, @seat, @ownerId, @heldUntil)");
            args.Add($"unit{unit - span.First}", Raster.At(day, unit * Raster.Minutes));
        }
        try
        {
            await tx.ExecuteAsync($"INSERT INTO appointment_rasters (resource_id, raster_start, seat, owner_id, held_until) VALUES {string.Join(", ", rows)}", args);
            return true;
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return false;
        }
    }
}
