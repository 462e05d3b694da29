using System.Numerics;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Appointments;

/// <summary>
/// One resource on one day: its openings and what is taken. This is what availability is computed from, wherever it was read: from the
/// database, from Redis or from memory.
/// </summary>
/// <param name="Version">Of the resource when this was read; a later reading has a higher one.</param>
/// <param name="Taken">By raster unit, a mask of the seats that are taken; units that are free need not be there.</param>
/// <param name="CalendarMissing">The year's holidays are not loaded: nothing is offered, and it is said why.</param>
public sealed record ResourceDay(string ResourceId, DateOnly Day, long Version, IReadOnlyList<Opening> Openings, IReadOnlyDictionary<int, ushort> Taken, bool CalendarMissing = false)
{
    public ushort TakenIn(RasterSpan span)
    {
        ushort mask = 0;
        if (Taken.Count == 0) return mask;
        for (var unit = span.First; unit < span.Until; unit++)
            if (Taken.TryGetValue(unit, out var seats)) mask |= seats;
        return mask;
    }
}

/// <summary>Somebody is filling in the form: a seat that is nobody's yet and should be nobody else's for a few minutes.</summary>
public sealed record Hold(string Id, string ResourceId, int Seat, DateOnly Day, RasterSpan Span, DateTimeOffset ExpiresAt);

/// <summary>What is asked for.</summary>
public sealed record SlotWish(ServiceKind Service, MeetingMode Mode, BookingSide Side);

/// <summary>号源: a start that can be booked.</summary>
/// <param name="FreeSeats">How many can book it; 1 for a person.</param>
public sealed record Slot(string ResourceId, string OrganisationId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int FreeSeats);

/// <summary>A free start of a day that is known already.</summary>
/// <param name="Minute">Of the day in China.</param>
public readonly record struct FreeStart(Opening Opening, int Minute, int FreeSeats);

/// <summary>A place found for a booking: which hours it lies in, which raster it takes, which seats may be tried in which order.</summary>
public sealed record Place(Opening Opening, RasterSpan Span, IReadOnlyList<int> Seats);

/// <summary>Free slots from openings, bookings and holds. Pure: the same facts give the same slots.</summary>
public static class Availability
{
    public static IEnumerable<Slot> FreeSlots(ResourceDay day, SlotWish wish, IReadOnlyList<Hold> holds, DateTimeOffset now)
    {
        var starts = new List<FreeStart>();
        AddFreeStarts(day, wish, holds, now, starts);
        var midnight = Raster.At(day.Day, 0);
        return starts.Select(s => new Slot(
            day.ResourceId, s.Opening.OrganisationId, midnight.AddMinutes(s.Minute), midnight.AddMinutes(s.Minute + wish.Service.DurationMinutes), s.FreeSeats));
    }

    /// <summary>The same for who looks at a thousand days: no enumerators, no instants, into a list that is used again.</summary>
    /// <param name="holds">At most those of this day; others are left out of account.</param>
    public static void AddFreeStarts(ResourceDay day, SlotWish wish, IReadOnlyList<Hold> holds, DateTimeOffset now, List<FreeStart> into)
    {
        if (day.Openings.Count == 0) return;
        Span<ushort> taken = stackalloc ushort[Raster.PerDay];
        taken.Clear();
        SeatMaskDictionary.Fill(taken, day.Taken);
        foreach (var hold in holds)
            if (hold.ResourceId == day.ResourceId && hold.Day == day.Day)
                for (var unit = Math.Max(0, hold.Span.First); unit < Math.Min(Raster.PerDay, hold.Span.Until); unit++) taken[unit] |= (ushort)(1 << hold.Seat);
        var duration = wish.Service.DurationMinutes;
        var midnight = Raster.At(day.Day, 0);
        for (var i = 0; i < day.Openings.Count; i++)
        {
            var opening = day.Openings[i];
            if (!Offers(opening, wish) || !WithinHorizon(opening, wish.Side, day.Day, now)) continue;
            var allowed = MaskOf(opening.Terms.Seats.Of(wish.Side));
            var earliest = EarliestMinute(opening, wish.Side, midnight, now);
            for (var from = opening.FromMinute; from + duration <= opening.ToMinute; from += opening.Terms.StepMinutes)
            {
                if (from < earliest) continue;
                var span = RasterSpan.Around(from, from + duration, opening.Terms.BufferBefore, opening.Terms.BufferAfter);
                uint busy = 0;
                for (var unit = span.First; unit < span.Until; unit++) busy |= taken[unit];
                var free = BitOperations.PopCount(allowed & ~busy);
                if (free > 0) into.Add(new FreeStart(opening, from, free));
            }
        }
    }

    /// <summary>
    /// Whether a start can be booked by the hours, and where. What is taken is not asked here: the unique key judges that. Seats held by
    /// somebody else are left out; when only those are left the answer is <see cref="AppointmentRefusals.SlotHeld"/>.
    /// </summary>
    /// <param name="holds">Holds of this resource and day, as far as known.</param>
    /// <param name="ownHold">The caller's own hold, which does not stand in the way.</param>
    public static Outcome<Place> Judge(ResourceDay day, SlotWish wish, DateTimeOffset startsAt, IReadOnlyList<Hold> holds, string? ownHold, DateTimeOffset now)
    {
        var (date, minute) = Raster.Of(startsAt);
        if (date != day.Day) throw new ArgumentException("Another day's openings.", nameof(day));
        if (startsAt <= now) return AppointmentRefusals.SlotPast;
        if (startsAt.Second != 0 || startsAt.Millisecond != 0 || !Raster.IsOn(minute)) return AppointmentRefusals.SlotOffRaster;
        if (day.CalendarMissing) return Clocks.ClockRefusals.CalendarMissing;
        var covering = day.Openings.FirstOrDefault(o => o.FromMinute <= minute && minute + wish.Service.DurationMinutes <= o.ToMinute);
        if (covering is null) return AppointmentRefusals.SlotOutsideHours;
        if (!Offers(covering, wish)) return AppointmentRefusals.SlotNotOffered;
        if ((minute - covering.FromMinute) % covering.Terms.StepMinutes != 0) return AppointmentRefusals.SlotOffRaster;
        if (!WithinHorizon(covering, wish.Side, date, now)) return AppointmentRefusals.SlotBeyondHorizon;
        if (minute < EarliestMinute(covering, wish.Side, Raster.At(date, 0), now)) return AppointmentRefusals.SlotTooSoon;

        var span = RasterSpan.Around(minute, minute + wish.Service.DurationMinutes, covering.Terms.BufferBefore, covering.Terms.BufferAfter);
        var held = HeldIn(holds, day, span, ownHold);
        var own = holds.FirstOrDefault(h => h.Id == ownHold);
        var seats = Order(covering.Terms.Seats, wish.Side).Where(s => (held & (1 << s)) == 0).OrderByDescending(s => s == own?.Seat).ToList();
        return seats.Count == 0 ? AppointmentRefusals.SlotHeld : new Place(covering, span, seats);
    }

    /// <summary>Citizens fill from the bottom, staff from the top, so that staff take citizens' seats last.</summary>
    private static IEnumerable<int> Order(Seats seats, BookingSide side)
    {
        var all = Enumerable.Range(0, seats.Of(side));
        return side == BookingSide.Citizen ? all : all.Reverse();
    }

    private static bool Offers(Opening opening, SlotWish wish) => (opening.Terms.Services & wish.Service.Mask) != 0
        && opening.Terms.Modes.Includes(wish.Mode) && wish.Service.Modes.Includes(wish.Mode) && opening.Terms.Seats.Of(wish.Side) > 0;

    private static bool WithinHorizon(Opening opening, BookingSide side, DateOnly day, DateTimeOffset now)
    {
        var days = side == BookingSide.Staff ? BookingTerms.StaffHorizonDays : Math.Min(opening.Terms.HorizonDays, BookingTerms.StaffHorizonDays);
        return day <= now.DateInChina().AddDays(days);
    }

    /// <summary>The first minute of the day that is not too soon; staff may book what has not begun.</summary>
    private static double EarliestMinute(Opening opening, BookingSide side, DateTimeOffset midnight, DateTimeOffset now)
    {
        var since = (now - midnight).TotalMinutes;
        // Not at this very instant: what begins now has begun.
        return side == BookingSide.Staff ? since + 0.0001 : Math.Max(since + 0.0001, since + opening.Terms.MinNoticeMinutes);
    }

    private static uint MaskOf(int seats) => (1u << seats) - 1;

    private static ushort HeldIn(IReadOnlyList<Hold> holds, ResourceDay day, RasterSpan span, string? except)
    {
        ushort mask = 0;
        foreach (var hold in holds)
            if (hold.ResourceId == day.ResourceId && hold.Day == day.Day && hold.Id != except && hold.Span.Meets(span)) mask |= (ushort)(1 << hold.Seat);
        return mask;
    }
}
