using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Appointments;

/// <summary>An appointment ahead, as far as a change of hours concerns it.</summary>
/// <param name="Service">With the length this appointment has, whatever the service's is now.</param>
/// <param name="Version">Of the stored appointment.</param>
public sealed record BookedTime(
    string AppointmentId, string Number, string CitizenId, int Version, ServiceKind Service, MeetingMode Mode, string ResourceId, int Seat, string OrganisationId, DateTimeOffset StartsAt,
    DateTimeOffset EndsAt);

/// <summary>Where a broken appointment would go.</summary>
public sealed record ProposedMove(string ResourceId, string OrganisationId, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <param name="Move">Null: no free time was found; it would be cancelled.</param>
public sealed record BrokenBooking(BookedTime Booked, ProposedMove? Move)
{
    /// <summary>What the citizen would be told.</summary>
    public string Message => Move is null
        ? $"您{Appointment.Spoken(Booked.StartsAt)}的{Booked.Service.Name}预约因服务时间调整被取消，请重新预约"
        : $"您{Appointment.Spoken(Booked.StartsAt)}的{Booked.Service.Name}预约因服务时间调整，改为{Appointment.Spoken(Move.StartsAt)}";
}

/// <summary>What a change of hours, leave or duty would break, and what would become of it. Shown first, then carried out as shown or not at all.</summary>
public sealed record ChangePlan(string ResourceId, IReadOnlyList<BrokenBooking> Broken)
{
    /// <summary>Names the content: a plan that has become another has another token.</summary>
    public string Token => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Broken.Select(b => string.Create(
        CultureInfo.InvariantCulture,
        $"{b.Booked.AppointmentId} {b.Booked.Version} {b.Move?.ResourceId} {b.Move?.OrganisationId} {b.Move?.StartsAt.ToUnixTimeMilliseconds()}")).Prepend(ResourceId)))))[..32];
}

/// <summary>What plans are made from.</summary>
/// <param name="Others">Other resources of the same kind, in the order to be asked.</param>
/// <param name="DayOf">A day of any of the resources as it would be after the change, without what the broken ones have taken.</param>
/// <param name="Busy">When citizens have other appointments.</param>
/// <param name="Notice">No citizen is moved to a start nearer than this.</param>
public sealed record PlanFacts(
    string ResourceId, IReadOnlyList<string> Others, Func<string, DateOnly, ResourceDay> DayOf, ILookup<string, (string Id, DateTimeOffset From, DateTimeOffset To)> Busy, DateTimeOffset Now,
    TimeSpan Notice);

/// <summary>Finds what a change breaks and where it could go. Pure.</summary>
public static class ChangePlanner
{
    /// <summary>How far from its day an appointment may be moved without asking.</summary>
    public const int MostDays = 31;

    /// <summary>Whether an appointment stays as it is: an opening at the same place covers it, with its service, mode and seat.</summary>
    /// <exception cref="CalendarMissingException">The year's holidays are not loaded and matter.</exception>
    public static bool Fits(ResourceHours hours, BookedTime booked, WorkCalendar calendar)
    {
        var (day, from) = Raster.Of(booked.StartsAt);
        var to = from + (int)(booked.EndsAt - booked.StartsAt).TotalMinutes;
        return hours.OpeningsOn(day, calendar).Any(o => o.OrganisationId == booked.OrganisationId && o.FromMinute <= from && to <= o.ToMinute
            && (o.Terms.Services & booked.Service.Mask) != 0 && o.Terms.Modes.Includes(booked.Mode) && booked.Seat < o.Terms.Seats.Staff);
    }

    /// <summary>A place for each, in order of time and no place twice: with the same person nearest in time, else with another of the unit.</summary>
    public static ChangePlan Plan(IEnumerable<BookedTime> broken, PlanFacts facts)
    {
        var taken = new Dictionary<(string, DateOnly), ResourceDay>();
        var given = new List<(string Citizen, DateTimeOffset From, DateTimeOffset To)>();
        var plan = new List<BrokenBooking>();
        foreach (var booked in broken.OrderBy(b => b.StartsAt).ThenBy(b => b.AppointmentId, StringComparer.Ordinal))
        {
            var move = Nearest(booked, [facts.ResourceId], facts, taken, given) ?? Nearest(booked, facts.Others, facts, taken, given);
            if (move is not null) given.Add((booked.CitizenId, move.StartsAt, move.EndsAt));
            plan.Add(new BrokenBooking(booked, move));
        }
        return new ChangePlan(facts.ResourceId, plan);
    }

    private static ProposedMove? Nearest(
        BookedTime booked, IReadOnlyList<string> resources, PlanFacts facts, Dictionary<(string, DateOnly), ResourceDay> taken, List<(string Citizen, DateTimeOffset From, DateTimeOffset To)> given)
    {
        var wish = new SlotWish(booked.Service, booked.Mode, BookingSide.Staff);
        var own = booked.StartsAt.DateInChina();
        Slot? best = null;
        // One day further out than the first find: late one evening is nearer than early the same day.
        for (var (offset, last) = (0, MostDays); offset <= last; offset++)
        {
            foreach (var day in offset == 0 ? [own] : new[] { own.AddDays(-offset), own.AddDays(offset) })
                foreach (var resource in day < facts.Now.DateInChina() ? [] : resources)
                    foreach (var slot in Availability.FreeSlots(DayOf(resource, day, facts, taken), wish, [], facts.Now))
                        if (Suits(booked, slot, facts, given) && (best is null || Distance(booked, slot) < Distance(booked, best))) best = slot;
            if (best is not null && last == MostDays) last = Math.Min(offset + 1, MostDays);
        }
        if (best is null) return null;
        Take(best, wish, facts, taken);
        return new ProposedMove(best.ResourceId, best.OrganisationId, best.StartsAt, best.EndsAt);
    }

    private static bool Suits(BookedTime booked, Slot slot, PlanFacts facts, List<(string Citizen, DateTimeOffset From, DateTimeOffset To)> given)
    {
        if (slot.StartsAt < facts.Now + facts.Notice) return false;
        // Nobody is sent to another place; where the line or the screen is matters to nobody.
        if (booked.Mode is MeetingMode.InPerson or MeetingMode.HomeVisit && slot.OrganisationId != booked.OrganisationId) return false;
        return !facts.Busy[booked.CitizenId].Any(b => b.Id != booked.AppointmentId && b.From < slot.EndsAt && slot.StartsAt < b.To)
            && !given.Any(g => g.Citizen == booked.CitizenId && g.From < slot.EndsAt && slot.StartsAt < g.To);
    }

    private static TimeSpan Distance(BookedTime booked, Slot slot) => (slot.StartsAt - booked.StartsAt).Duration();

    private static ResourceDay DayOf(string resource, DateOnly day, PlanFacts facts, Dictionary<(string, DateOnly), ResourceDay> taken) =>
        taken.TryGetValue((resource, day), out var known) ? known : taken[(resource, day)] = facts.DayOf(resource, day);

    private static void Take(Slot slot, SlotWish wish, PlanFacts facts, Dictionary<(string, DateOnly), ResourceDay> taken)
    {
        var day = taken[(slot.ResourceId, slot.StartsAt.DateInChina())];
        var place = Availability.Judge(day, wish, slot.StartsAt, [], null, facts.Now).Value;
        var seat = place.Seats.First(s => (day.TakenIn(place.Span) & (1 << s)) == 0);
        var masks = day.Taken.ToDictionary();
        for (var unit = place.Span.First; unit < place.Span.Until; unit++) masks[unit] = (ushort)(masks.GetValueOrDefault(unit) | (1 << seat));
        taken[(slot.ResourceId, day.Day)] = day with { Taken = masks };
    }
}
