using FsCheck;
using FsCheck.Fluent;
using MicroPlatform.Domain.Clocks;

namespace MicroPlatform.Api.Tests.Clocks;

/// <summary>Counting days, on the calendars that the program ships and on that of 2024.</summary>
[TestFixture]
public sealed class WorkCalendarTests
{
    private static readonly WorkCalendar Calendar = Known();

    [TestCase("2026-03-30", 3, "2026-04-02", TestName = "R-12: three working days from 30 March")]
    [TestCase("2026-04-02", 3, "2026-04-08", TestName = "Over Qingming")]
    [TestCase("2026-02-13", 1, "2026-02-14", TestName = "A make-up Saturday counts")]
    [TestCase("2026-02-14", 1, "2026-02-24", TestName = "Over Spring Festival")]
    [TestCase("2026-01-03", 1, "2026-01-04", TestName = "From a day off to a make-up Sunday")]
    [TestCase("2026-04-30", 2, "2026-05-07", TestName = "Over Labour Day")]
    [TestCase("2025-09-26", 2, "2025-09-29", TestName = "A make-up Sunday before the holiday")]
    [TestCase("2025-12-31", 1, "2026-01-04", TestName = "Across the year")]
    [TestCase("2026-03-30", 0, "2026-03-30", TestName = "None is the day itself")]
    public void AddWorkingDays_OnTheBoundaries_IsExact(string from, int count, string expected) => Assert.That(Calendar.AddWorkingDays(Day(from), count), Is.EqualTo(Day(expected)));

    [TestCase("2026-05-03", "2026-05-06")]
    [TestCase("2026-05-09", "2026-05-09")]
    [TestCase("2026-05-10", "2026-05-11")]
    [TestCase("2026-02-16", "2026-02-24")]
    [TestCase("2026-02-28", "2026-02-28")]
    [TestCase("2026-10-07", "2026-10-08")]
    [TestCase("2025-10-11", "2025-10-11")]
    public void RollForward_OfALastDay_GoesToTheNextWorkingDay(string day, string expected) => Assert.That(Calendar.RollForward(Day(day)), Is.EqualTo(Day(expected)));

    [Test]
    public void AddWorkingDays_FromAnyDay_AgreesWithADayByDayCount() =>
        Prop.ForAll(Gen.Choose(0, 700).Two().Select(p => (From: new DateOnly(2025, 1, 1).AddDays(p.Item1 % 600), Count: p.Item2 % 60)).ToArbitrary(), wish =>
        {
            var end = Calendar.AddWorkingDays(wish.From, wish.Count);
            var counted = 0;
            for (var day = wish.From.AddDays(1); day <= end; day = day.AddDays(1))
                if (Calendar.IsWorkingDay(day)) counted++;
            return counted == wish.Count && (wish.Count == 0 ? end == wish.From : Calendar.IsWorkingDay(end));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void AnyCount_InAYearThatIsNotLoaded_FailsLoudly() => Assert.Multiple(() =>
    {
        Assert.That(() => Calendar.IsWorkingDay(Day("2028-01-05")), Throws.TypeOf<CalendarMissingException>().With.Property("Year").EqualTo(2028));
        Assert.That(() => Calendar.AddWorkingDays(Day("2026-12-30"), 5), Throws.TypeOf<CalendarMissingException>());
        Assert.That(() => Calendar.RollForward(Day("2023-12-31")), Throws.TypeOf<CalendarMissingException>());
    });

    [TestCase(2024, "2024-02-10", "2024-02-18")]
    [TestCase(2024, "2024-06-10", "2024-06-11")]
    [TestCase(2026, "2026-01-10", "2026-01-10")]
    [TestCase(2026, "2026-10-10", "2026-10-10")]
    public void PropagandaDay_IsPutOffByPublicHolidaysOnly(int year, string tenth, string expected) =>
        Assert.That(PropagandaDays.Of(year, Calendar).Single(d => d.Tenth == Day(tenth)).Date, Is.EqualTo(Day(expected)));

    [TestCase(2025)]
    [TestCase(2026)]
    public void PropagandaDays_OfTheseYears_AllStay(int year) => Assert.That(PropagandaDays.Of(year, Calendar).Where(d => d.Moved), Is.Empty);

    [TestCase(2024, "2024-01-01 2024-02-10 2024-02-11 2024-02-12 2024-04-04 2024-05-01 2024-06-10 2024-09-17 2024-10-01 2024-10-02 2024-10-03")]
    [TestCase(2025, "2025-01-01 2025-01-28 2025-01-29 2025-01-30 2025-01-31 2025-04-04 2025-05-01 2025-05-02 2025-05-31 2025-10-01 2025-10-02 2025-10-03 2025-10-06")]
    [TestCase(2026, "2026-01-01 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-04-05 2026-05-01 2026-05-02 2026-06-19 2026-09-25 2026-10-01 2026-10-02 2026-10-03")]
    public void StatutoryHolidays_AreThoseOfTheLaw(int year, string expected) =>
        Assert.That(string.Join(' ', StatutoryHolidays.Of(year).Select(d => $"{d.Day:yyyy-MM-dd}").Order()), Is.EqualTo(expected));

    [Test]
    public void StatutoryHolidays_OfEveryYear_CanBeReckoned()
    {
        for (var year = StatutoryHolidays.FirstYear; year <= StatutoryHolidays.LastYear; year++)
        {
            var days = StatutoryHolidays.Of(year);
            Assert.That(days, Has.Count.EqualTo(year < 2025 ? 11 : 13));
            Assert.That(days.Where(d => d.Name == "春节").Select(d => d.Day.Month), Is.All.LessThanOrEqualTo(2), $"{year}");
            Assert.That(days.Single(d => d.Name == "中秋").Day.Month, Is.AnyOf(9, 10), $"{year}");
        }
    }

    [Test]
    public void Read_TheNoticeOf2026_IsRightAndEveryFaultIsFound()
    {
        var (off, work) = Lines(2026);
        Assert.That(CalendarYear.Read(2026, off, work).Value, Has.Count.EqualTo(off.Count + work.Count));
        Assert.Multiple(() =>
        {
            AssertFault(2027, off, work, "daysOff[0].date");
            AssertFault(2026, [.. off, off[0]], work, $"daysOff[{off.Count}].date");
            AssertFault(2026, off, [.. work, new(off[0].Date, "元旦")], $"workingDays[{work.Count}].date");
            AssertFault(2026, off, [.. work, new(Day("2026-03-04"), "补班")], $"workingDays[{work.Count}].date");
            AssertFault(2026, [.. off.Where(d => d.Name != "端午节")], work, "daysOff");
            AssertFault(2026, [.. off.Where(d => d.Date != Day("2026-02-16"))], work, "daysOff");
            AssertFault(2026, [off[0] with { Name = " " }, .. off.Skip(1)], work, "daysOff[0].name");
            AssertFault(2013, off, work, "year");
        });
    }

    private static void AssertFault(int year, IReadOnlyList<CalendarLine> off, IReadOnlyList<CalendarLine> work, string field)
    {
        var read = CalendarYear.Read(year, off, work);
        Assert.That(read.Refusal?.Code, Is.EqualTo("calendar_invalid"));
        Assert.That(read.Refusal!.Errors.Keys, Does.Contain(field));
    }

    internal static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static WorkCalendar Known() => new([2024, 2025, 2026], Years().SelectMany(y => y));

    private static IEnumerable<IEnumerable<CalendarDay>> Years()
    {
        foreach (var year in new[] { 2024, 2025, 2026 })
        {
            var (off, work) = Lines(year);
            yield return off.Select(d => new CalendarDay(d.Date, CalendarDayKind.Off, d.Name)).Concat(work.Select(d => new CalendarDay(d.Date, CalendarDayKind.Work, d.Name)));
        }
    }

    /// <summary>The notices of three years, typed apart from the program's own.</summary>
    internal static (IReadOnlyList<CalendarLine> Off, IReadOnlyList<CalendarLine> Work) Lines(int year)
    {
        var (off, work) = year switch
        {
            2024 => ("元旦 01-01 01-01;春节 02-10 02-17;清明节 04-04 04-06;劳动节 05-01 05-05;端午节 06-08 06-10;中秋节 09-15 09-17;国庆节 10-01 10-07",
                "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"),
            2025 => ("元旦 01-01 01-01;春节 01-28 02-04;清明节 04-04 04-06;劳动节 05-01 05-05;端午节 05-31 06-02;国庆节、中秋节 10-01 10-08", "01-26 02-08 04-27 09-28 10-11"),
            _ => ("元旦 01-01 01-03;春节 02-15 02-23;清明节 04-04 04-06;劳动节 05-01 05-05;端午节 06-19 06-21;中秋节 09-25 09-27;国庆节 10-01 10-07", "01-04 02-14 02-28 05-09 09-20 10-10"),
        };
        var days = new List<CalendarLine>();
        foreach (var holiday in off.Split(';').Select(h => h.Split(' ')))
            for (var day = Day($"{year}-{holiday[1]}"); day <= Day($"{year}-{holiday[2]}"); day = day.AddDays(1)) days.Add(new CalendarLine(day, holiday[0]));
        return (days, [.. work.Split(' ').Select(d => new CalendarLine(Day($"{year}-{d}"), "补班"))]);
    }
}
