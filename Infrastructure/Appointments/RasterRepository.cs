using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>What somebody wants to take.</summary>
/// <param name="Holds">Holds as far as known, read before the transaction: honoured, never trusted.</param>
/// <param name="OwnHold">The caller's own hold.</param>
public sealed record TimeWish(string ResourceId, DateTimeOffset StartsAt, SlotWish Slot, IReadOnlyList<Hold> Holds, string? OwnHold)
{
    /// <summary>Only at this unit, for who asked for a unit and not for a person: one person may have hours at several.</summary>
    public string? OrganisationId { get; init; }

    /// <summary>The day, where this transaction has seen it already and written nothing of the resource since; null: it is read.</summary>
    public DayLook? Look { get; init; }
}

/// <summary>
/// The one method by which time is taken, on every path: citizen, staff, reschedule, offer of the waiting list, hotline, import. Two things
/// hold it up: the resource's row, raised under the version of the hours it was judged by; and the unique key of a seat's quarter of an hour.
/// </summary>
public sealed class RasterRepository(Database database, DayReading days)
{
    /// <summary>Judges the wish by the hours and takes the first seat that is free.</summary>
    /// <param name="ownerId">The appointment, or the offer that keeps the time for a while.</param>
    /// <param name="heldUntil">When the time falls back by itself; null for an appointment.</param>
    /// <exception cref="ConcurrencyConflictException">The hours changed in between; the transaction runs again.</exception>
    public async Task<Outcome<AppointmentTime>> TakeAsync(UnitOfWork tx, TimeWish wish, string ownerId, DateTimeOffset? heldUntil = null)
    {
        var taken = await TakeOutrightAsync(tx, wish, ownerId, heldUntil);
        return taken.IsRefused ? taken.Refusal! : taken.Value.Time;
    }

    /// <summary>
    /// <see cref="TakeAsync"/> by a transaction that has not written the resource's row before: where nobody came in between, the day as the commit leaves it is
    /// known, and need not be read again.
    /// </summary>
    /// <exception cref="ConcurrencyConflictException">The hours changed in between; the transaction runs again.</exception>
    public async Task<Outcome<TakenTime>> TakeOutrightAsync(UnitOfWork tx, TimeWish wish, string ownerId, DateTimeOffset? heldUntil = null)
    {
        var day = wish.StartsAt.DateInChina();
        if (await FindBookableAsync(tx, wish.ResourceId, day, wish.Look) is not { } read) return AppointmentRefusals.UnknownResource;
        var place = Availability.Judge(read.Openings, wish.Slot, wish.StartsAt, wish.Holds, wish.OwnHold, tx.Now);
        if (place.IsRefused) return place.Refusal!;
        if (wish.OrganisationId is { } unit && place.Value.Opening.OrganisationId != unit) return AppointmentRefusals.SlotOutsideHours;

        // A look before the lock: who comes too late by far need not queue behind those who are deciding it. The key judges all the same.
        var span = new { wish.ResourceId, from = Raster.At(day, place.Value.Span.First * Raster.Minutes), to = Raster.At(day, place.Value.Span.Until * Raster.Minutes), tx.Now };
        var there = read.Quarters.Where(q => q.RasterStart >= span.from && q.RasterStart < span.to).ToList();
        var seats = place.Value.Seats.Where(s => !there.Any(t => t.Seat == s && !t.IsOver(tx.Now))).ToList();
        if (seats.Count == 0) return AppointmentRefusals.SlotTaken;
        var toClear = there.Any(t => t.IsOver(tx.Now));
        if (!toClear)
        {
            // One trip for what nearly always holds: nobody has written the resource since it was read, and the first seat is free.
            var (unchanged, insert) = (UnchangedOf(wish.ResourceId, read), InsertOf(wish.ResourceId, seats[0], day, place.Value.Span, ownerId, heldUntil));
            if (await UnlessTakenAsync(() => tx.ExecuteTogetherAsync(unchanged, insert)) is { } rows)
            {
                if (rows > place.Value.Span.Units) return Taken(seats[0], new KnownDay(read.With(seats[0], place.Value.Span, tx.Now), read.Openings, read.HoursVersion));
                await LockAsync(tx, wish.ResourceId, read.HoursVersion);
                return Taken(seats[0], null);
            }
            seats.RemoveAt(0);
            if (seats.Count == 0) return AppointmentRefusals.SlotTaken;
        }
        await LockAsync(tx, wish.ResourceId, read.HoursVersion);
        // Only where there is something to clear: on MySQL a range that finds nothing still locks the gap, and neighbours would wait for each other.
        if (toClear) await tx.ExecuteAsync("DELETE FROM appointment_rasters WHERE resource_id = @ResourceId AND raster_start >= @from AND raster_start < @to AND held_until < @Now", span);
        foreach (var seat in seats)
            if (await TryTakeAsync(tx, InsertOf(wish.ResourceId, seat, day, place.Value.Span, ownerId, heldUntil))) return Taken(seat, null);
        return AppointmentRefusals.SlotTaken;

        TakenTime Taken(int seat, KnownDay? after) => new(
            new AppointmentTime(wish.ResourceId, seat, place.Value.Opening.OrganisationId, wish.StartsAt, wish.StartsAt.AddMinutes(wish.Slot.Service.DurationMinutes), place.Value.Span), after);
    }

    /// <summary>Takes exactly what an appointment had, for one that was given back by mistake. The hours are not asked again.</summary>
    public async Task<Outcome<Done>> TakeBackAsync(UnitOfWork tx, AppointmentTime time, string ownerId)
    {
        if (await HoursRepository.FindAsync(tx, time.ResourceId, time.Day) is not { } hours) return AppointmentRefusals.UnknownResource;
        await LockAsync(tx, time.ResourceId, hours.Version);
        // What is left of it (the time before it was given back) must not stand in its own way, nor an offer that is over.
        await tx.ExecuteAsync("DELETE FROM appointment_rasters WHERE owner_id = @ownerId", new { ownerId });
        await tx.ExecuteAsync("DELETE FROM appointment_rasters WHERE resource_id = @ResourceId AND raster_start >= @from AND raster_start < @to AND held_until < @Now",
            new { time.ResourceId, from = Raster.At(time.Day, time.Span.First * Raster.Minutes), to = Raster.At(time.Day, time.Span.Until * Raster.Minutes), tx.Now });
        return await TryTakeAsync(tx, InsertOf(time.ResourceId, time.Seat, time.Day, time.Span, ownerId, null)) ? Done.It : AppointmentRefusals.SlotTaken;
    }

    /// <summary>
    /// Before a transaction touches two resources: both, always in the same order, so that one who moves from A to B and one who moves from B
    /// to A wait for each other and do not end in a deadlock.
    /// </summary>
    public static async Task LockBothAsync(UnitOfWork tx, string one, string other)
    {
        if (one == other) return;
        foreach (var resourceId in string.CompareOrdinal(one, other) < 0 ? [one, other] : new[] { other, one })
            await tx.ExecuteAsync("UPDATE booking_resources SET version = version + 1 WHERE id = @resourceId", new { resourceId });
    }

    /// <summary>Gives back what an owner has, from an instant on.</summary>
    /// <param name="from">Null for all of it.</param>
    public static async Task GiveBackAsync(UnitOfWork tx, string resourceId, string ownerId, DateTimeOffset? from = null)
    {
        await tx.ExecuteAsync("UPDATE booking_resources SET version = version + 1 WHERE id = @resourceId", new { resourceId });
        await tx.ExecuteAsync("DELETE FROM appointment_rasters WHERE owner_id = @ownerId AND raster_start >= @from", new { ownerId, from = from ?? DateTimeOffset.UnixEpoch });
    }

    /// <summary>
    /// An offer has been accepted: what it kept is the appointment's now. The hours are asked again, because leave may have come in between;
    /// the notice is not, because the offer was made in time.
    /// </summary>
    /// <returns>A refusal when the offer has it no longer, or nobody sits there any more.</returns>
    /// <exception cref="ConcurrencyConflictException">The hours changed in between; the transaction runs again.</exception>
    public async Task<Outcome<Done>> PassOnAsync(UnitOfWork tx, AppointmentTime time, ServiceKind service, MeetingMode mode, string offerId, string appointmentId)
    {
        if (await FindBookableAsync(tx, time.ResourceId, time.Day) is not { } read) return AppointmentRefusals.UnknownResource;
        var judged = Availability.Judge(read.Openings, new SlotWish(service, mode, BookingSide.Staff), time.StartsAt, [], null, tx.Now);
        if (judged.IsRefused) return judged.Refusal!;
        await LockAsync(tx, time.ResourceId, read.HoursVersion);
        var passed = await tx.ExecuteAsync(
            "UPDATE appointment_rasters SET owner_id = @appointmentId, held_until = NULL WHERE owner_id = @offerId AND held_until >= @Now", new { appointmentId, offerId, tx.Now });
        return passed == time.Span.Until - time.Span.First ? Done.It : AppointmentRefusals.OfferGone;
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
    private static Task LockAsync(UnitOfWork tx, string resourceId, int hoursVersion) => tx.ExecuteExpectingOneAsync(
        "UPDATE booking_resources SET version = version + 1 WHERE id = @resourceId AND hours_version = @hoursVersion AND active = 1", new { resourceId, hoursVersion });

    /// <summary>Null when nobody may book it: off, the person's account off, or no post left.</summary>
    private async Task<ReadDay?> FindBookableAsync(UnitOfWork tx, string resourceId, DateOnly day, DayLook? look = null)
    {
        if (await days.ReadAsync(tx, resourceId, day, look) is not { Active: true } read) return null;
        return read.HasHours || await HoursRepository.IsServedAsync(tx, resourceId) ? read : null;
    }

    private async Task<bool> TryTakeAsync(UnitOfWork tx, (string Sql, object? Args) insert) => await UnlessTakenAsync(() => tx.ExecuteTogetherAsync(insert)) is not null;

    /// <returns>Null when the key says that somebody has it.</returns>
    private async Task<int?> UnlessTakenAsync(Func<Task<int>> insert)
    {
        try
        {
            return await insert();
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return null;
        }
    }

    /// <summary>Locks the resource's row as <see cref="LockAsync"/> does, and matches it when nothing of the resource was written since it was read. Counts for the hours, too.</summary>
    private static (string Sql, object? Args) UnchangedOf(string resourceId, ReadDay read) => (
        "UPDATE booking_resources SET version = version + 1 WHERE id = @resourceId AND version = @Version AND hours_version = @HoursVersion AND active = 1",
        new { resourceId, read.Version, read.HoursVersion });

    /// <summary>One statement: either all quarters are taken or none.</summary>
    private static (string Sql, object? Args) InsertOf(string resourceId, int seat, DateOnly day, RasterSpan span, string ownerId, DateTimeOffset? heldUntil)
    {
        var args = new Dictionary<string, object?> { ["resourceId"] = resourceId, ["seat"] = seat, ["ownerId"] = ownerId, ["heldUntil"] = heldUntil };
        var rows = new List<string>();
        for (var unit = span.First; unit < span.Until; unit++)
        {
            rows.Add($"(@resourceId, @unit{unit - span.First}, @seat, @ownerId, @heldUntil)");
            args.Add($"unit{unit - span.First}", Raster.At(day, unit * Raster.Minutes));
        }
        return ($"INSERT INTO appointment_rasters (resource_id, raster_start, seat, owner_id, held_until) VALUES {string.Join(", ", rows)}", args);
    }
}

/// <summary>Time that was taken.</summary>
/// <param name="After">The resource's day as the commit leaves it; null where somebody came in between, and it has to be read.</param>
public sealed record TakenTime(AppointmentTime Time, KnownDay? After);

/// <summary>A day as a transaction leaves it.</summary>
/// <param name="Openings">The same with nothing taken, as it follows from these hours.</param>
public sealed record KnownDay(ResourceDay Day, ResourceDay Openings, int HoursVersion);
