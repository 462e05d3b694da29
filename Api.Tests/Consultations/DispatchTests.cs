using FsCheck;
using FsCheck.Fluent;
using MicroPlatform.Domain.Consultations;

namespace MicroPlatform.Api.Tests.Consultations;

/// <summary>Who of those on duty gets it.</summary>
public sealed class DispatchTests
{
    private static readonly DateTimeOffset Long = new(2026, 2, 14, 1, 0, 0, TimeSpan.Zero);

    [Test]
    public void Choose_SpecialityBeforeLoadBeforeLastTurn()
    {
        var generalist = Person("a", "", open: 0, minutes: 0);
        var busySpecialist = Person("b", "08,02", open: 5, minutes: 0);
        var lighter = Person("c", "0201", open: 4, minutes: 9);
        var lighterLongerWaiting = Person("d", "02", open: 4, minutes: 3);
        Assert.Multiple(() =>
        {
            Assert.That(Dispatch.Choose([generalist, busySpecialist], "0201", 20), Is.EqualTo(busySpecialist));
            Assert.That(Dispatch.Choose([generalist, busySpecialist, lighter], "0207", 20), Is.EqualTo(lighter));
            Assert.That(Dispatch.Choose([generalist, busySpecialist, lighter, lighterLongerWaiting], "02", 20), Is.EqualTo(lighterLongerWaiting));
            Assert.That(Dispatch.Choose([generalist, busySpecialist, lighter], "0401", 20), Is.EqualTo(generalist));
            Assert.That(Dispatch.Choose([generalist, busySpecialist], "0201", 5), Is.EqualTo(generalist), "a full specialist is passed over");
            Assert.That(Dispatch.Choose([busySpecialist], "0201", 5), Is.Null);
            Assert.That(Dispatch.Choose([], "0201", 5), Is.Null);
        });
    }

    /// <summary>The chosen one is beaten by nobody, and the order in which people are listed does not matter.</summary>
    [Test]
    public void Choose_Anybody_IsBeatenByNobody() => Prop.ForAll(People().ToArbitrary(), people =>
    {
        var chosen = Dispatch.Choose(people, "0201", 4);
        var free = people.Where(p => p.OpenUnanswered < 4).ToList();
        if (chosen is null) return free.Count == 0;
        return chosen.OpenUnanswered < 4
            && Dispatch.Choose(people.AsEnumerable().Reverse(), "0201", 4) == chosen
            && free.All(p => Rank(p).CompareTo(Rank(chosen)) >= 0);
    }).QuickCheckThrowOnFailure();

    /// <summary>Given one by one to equal people, nobody has two more than another.</summary>
    [Test]
    public void Choose_ManyInARow_SharesFairly()
    {
        var people = Enumerable.Range(0, 5).Select(n => Person($"p{n}", "02", 0, 0)).ToList();
        for (var n = 0; n < 23; n++)
        {
            var chosen = Dispatch.Choose(people, "0201", 20)!;
            people[people.IndexOf(chosen)] = chosen with { OpenUnanswered = chosen.OpenUnanswered + 1, LastAssignedAt = Long.AddMinutes(n + 1) };
        }
        Assert.That(people.Max(p => p.OpenUnanswered) - people.Min(p => p.OpenUnanswered), Is.LessThanOrEqualTo(1));
    }

    private static (int, int, long, string) Rank(Dispatch.Candidate p) => (p.Knows("0201") ? 0 : 1, p.OpenUnanswered, p.LastAssignedAt.Ticks, p.StaffId);

    private static Gen<Dispatch.Candidate[]> People() =>
        from count in Gen.Choose(0, 8)
        from drawn in Gen.ArrayOf(
            from knows in Gen.Elements("", "02", "0203,07", "01,08")
            from open in Gen.Choose(0, 5)
            from minutes in Gen.Choose(0, 3)
            select (knows, open, minutes), count)
        select drawn.Select((d, n) => Person($"p{n}", d.knows, d.open, d.minutes)).ToArray();

    private static Dispatch.Candidate Person(string id, string specialities, int open, int minutes) =>
        new(id, id, specialities.Split(',', StringSplitOptions.RemoveEmptyEntries), open, Long.AddMinutes(minutes));
}
