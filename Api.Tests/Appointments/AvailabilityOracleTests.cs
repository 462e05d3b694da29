using FsCheck;
using FsCheck.Fluent;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Availability against a second opinion that is slow and plain: every minute of the day is looked at by itself.</summary>
public sealed class AvailabilityOracleTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(400);
    private static readonly Gen<World> Worlds = Gen.Choose(0, int.MaxValue).Select(seed => World.Some(new Random(seed)));

    [Test]
    public void FreeSlots_AnyWorld_AreTheMinutesThatTheOracleFinds() => Prop.ForAll(Worlds.ToArbitrary(), world =>
    {
        var found = Availability.FreeSlots(world.Facts(), world.Wish, world.Holds, world.Now).Select(s => (Raster.Of(s.StartsAt).Minute, s.OrganisationId, s.FreeSeats)).Order().ToList();
        var expected = Enumerable.Range(0, Raster.MinutesPerDay).SelectMany(m => Oracle(world, m).Select(o => (m, o.Unit, o.Seats))).Order().ToList();
        return found.SequenceEqual(expected).Label($"found {string.Join(' ', found)}, expected {string.Join(' ', expected)}");
    }).Check(Many);

    [Test]
    public void Worlds_AreNotAllEmpty()
    {
        var worlds = Enumerable.Range(0, 400).Select(seed => World.Some(new Random(seed))).ToList();
        Assert.That(worlds.Count(w => Availability.FreeSlots(w.Facts(), w.Wish, w.Holds, w.Now).Any()), Is.GreaterThan(60), "enough is free");
        Assert.That(worlds.Count(w => w.Holds.Count > 0 && w.Taken.Count > 0 && w.Leaves.Count > 0), Is.GreaterThan(60), "enough is in the way");
    }

    [Test]
    public void Judge_EveryMinute_SaysWhatFreeSlotsSays() => Prop.ForAll(Worlds.ToArbitrary(), world =>
    {
        var facts = world.Facts();
        var free = Availability.FreeSlots(facts, world.Wish, world.Holds, world.Now).Select(s => s.StartsAt).ToHashSet();
        return Enumerable.Range(0, Raster.MinutesPerDay).All(minute =>
        {
            var at = Raster.At(world.Day, minute);
            var place = Availability.Judge(facts, world.Wish, at, world.Holds, null, world.Now);
            // What is taken is for the unique key to say: of the seats to be tried one must be free.
            return free.Contains(at) == (!place.IsRefused && place.Value.Seats.Any(s => (facts.TakenIn(place.Value.Span) & (1 << s)) == 0));
        });
    }).Check(Many);

    [Test]
    public void Span_AnyTime_HasEveryQuarterThatIsTouched() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var r = new Random(seed);
        var from = r.Next(0, Raster.MinutesPerDay);
        var (to, before, after) = (r.Next(from + 1, Raster.MinutesPerDay + 1), r.Next(0, 90), r.Next(0, 90));
        var span = RasterSpan.Around(from, to, before, after);
        var touched = Enumerable.Range(from - before, to + after - (from - before)).Where(m => m is >= 0 and < Raster.MinutesPerDay).Select(m => m / Raster.Minutes).Distinct().ToList();
        var other = new RasterSpan(r.Next(0, 96), 0) is var o ? o with { Until = r.Next(o.First + 1, 97) } : default;
        return touched.SequenceEqual(Enumerable.Range(span.First, span.Until - span.First))
            && span.Meets(other) == touched.Any(q => q >= other.First && q < other.Until) && span.Meets(other) == other.Meets(span);
    }).Check(Many);

    [Test]
    public void Clashes_AnyTwoHours_AsDayByDay() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var r = new Random(seed);
        var weekday = (DayOfWeek)r.Next(7);
        var (a, b) = (AvailabilityCases.Hours(r, weekday), AvailabilityCases.Hours(r, r.Next(5) == 0 ? null : weekday));
        var meet = Enumerable.Range(0, 500).Select(n => new DateOnly(2026, 11, 1).AddDays(n)).Any(d => Runs(a, d) && Runs(b, d) && Enumerable.Range(a.FromMinute, a.ToMinute - a.FromMinute).Any(m => m >= b.FromMinute && m < b.ToMinute));
        return a.Clashes(b) == meet && b.Clashes(a) == meet;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    /// <summary>What can be booked at a minute, by unit.</summary>
    private static IEnumerable<(string Unit, int Seats)> Oracle(World world, int minute)
    {
        foreach (var hours in world.Hours)
        {
            if (!Runs(hours, world.Day) || (!hours.OnHolidays && AvailabilityCases.Calendar.IsHoliday(world.Day))) continue;
            bool Open(int m) => m >= hours.FromMinute && m < hours.ToMinute && !world.Leaves.Any(l => l.StartsAt < Raster.At(world.Day, ((m / 15) + 1) * 15) && l.EndsAt > Raster.At(world.Day, m / 15 * 15));
            var (terms, length) = (hours.Terms, world.Wish.Service.DurationMinutes);
            if (!Enumerable.Range(minute, length).All(Open)) continue;
            var begin = minute;
            while (Open(begin - 1)) begin--;
            if ((minute - begin) % terms.StepMinutes != 0) continue;
            if ((terms.Services & (1UL << world.Wish.Service.Bit)) == 0 || ((int)terms.Modes & (int)world.Wish.Mode) == 0) continue;
            var at = Raster.At(world.Day, minute);
            if (at <= world.Now) continue;
            var staff = world.Wish.Side == BookingSide.Staff;
            if (!staff && at - world.Now < TimeSpan.FromMinutes(terms.MinNoticeMinutes)) continue;
            if (world.Day.DayNumber - DateOnly.FromDateTime(world.Now.UtcDateTime.AddHours(8)).DayNumber > (staff ? 62 : Math.Min(62, terms.HorizonDays))) continue;
            var seats = world.Wish.Side == BookingSide.Citizen ? terms.Seats.Citizen : staff ? terms.Seats.Staff : terms.Seats.Hotline;
            var needed = Enumerable.Range(minute - terms.BufferBefore, terms.BufferBefore + length + terms.BufferAfter).Where(m => m is >= 0 and < 1440).Select(m => m / 15).ToHashSet();
            var free = Enumerable.Range(0, seats).Count(seat => !needed.Any(q => world.Taken.Any(t => t.Key == q && (t.Value >> seat & 1) == 1)
                || world.Holds.Any(h => h.ResourceId == AvailabilityCases.ResourceId && h.Day == world.Day && h.Seat == seat && q >= h.Span.First && q < h.Span.Until)));
            if (free > 0) yield return (hours.OrganisationId, free);
        }
    }

    /// <summary>Counts weeks one by one from the Monday of the first.</summary>
    private static bool Runs(OfficeHours hours, DateOnly day)
    {
        if (day.DayOfWeek != hours.Weekday || day < hours.ValidFrom || day > (hours.ValidUntil ?? DateOnly.MaxValue)) return false;
        var monday = hours.ValidFrom;
        while (monday.DayOfWeek != DayOfWeek.Monday) monday = monday.AddDays(-1);
        var weeks = 0;
        for (; monday.AddDays(7) <= day; monday = monday.AddDays(7)) weeks++;
        return weeks % hours.EveryWeeks == 0;
    }

    private sealed record World(
        DateOnly Day, DateTimeOffset Now, IReadOnlyList<OfficeHours> Hours, IReadOnlyList<Leave> Leaves, IReadOnlyDictionary<int, ushort> Taken, IReadOnlyList<Hold> Holds, SlotWish Wish)
    {
        public ResourceDay Facts() => new(
            AvailabilityCases.ResourceId, Day, 1, new ResourceHours(AvailabilityCases.ResourceId, 1, Hours, Leaves).OpeningsOn(Day, AvailabilityCases.Calendar), Taken);

        public static World Some(Random r)
        {
            var day = AvailabilityCases.Today.AddDays(r.Next(0, 60));
            var hours = new List<OfficeHours>();
            for (var n = r.Next(1, 7); n > 0; n--)
            {
                var more = AvailabilityCases.Hours(r, r.Next(4) == 0 ? null : day.DayOfWeek) is var h && r.Next(3) > 0 ? h with { ValidFrom = day.AddDays(-7 * h.EveryWeeks * r.Next(0, 3)), ValidUntil = null } : h;
                // As the office's own rule has it: nobody is in two places at once.
                if (!hours.Any(more.Clashes)) hours.Add(more);
            }
            var leaves = Enumerable.Range(0, r.Next(0, 3)).Select(_ => Raster.At(day, 0).AddMinutes(r.Next(-600, 1500))).Select(at => new Leave("l", AvailabilityCases.ResourceId, at, at.AddMinutes(r.Next(1, 300))));
            var taken = new Dictionary<int, ushort>();
            for (var n = r.Next(0, 30); n > 0; n--) taken[r.Next(Raster.PerDay)] = (ushort)r.Next(1, r.Next(2) == 0 ? 4 : ushort.MaxValue + 1);
            var holds = Enumerable.Range(0, r.Next(0, 5)).Select(n => r.Next(0, 92) is var first
                ? new Hold($"h{n}", r.Next(5) == 0 ? "01KAN8R4XHGV0T3ZQ5W7C9E2AQ" : AvailabilityCases.ResourceId, r.Next(0, 3), r.Next(5) == 0 ? day.AddDays(1) : day, new RasterSpan(first, first + r.Next(1, 5)), DateTimeOffset.MaxValue)
                : null!);
            var now = r.Next(3) == 0 ? Raster.At(day, 0).AddSeconds(r.Next(0, 86_400)) : Raster.At(day.AddDays(-r.Next(0, 70)), r.Next(0, 1440));
            var wish = new SlotWish(AvailabilityCases.Service(15 * r.Next(1, 7), r.Next(0, 3)), (MeetingMode)(1 << r.Next(4)), (BookingSide)r.Next(3));
            return new World(day, now, hours, [.. leaves], taken, [.. holds], wish);
        }
    }
}
