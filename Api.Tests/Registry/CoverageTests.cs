using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Registry;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Registry;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CoverageTests(Engine engine)
{
    private const string Report = "/v1/staff/registry/coverage";

    private TestApi _api = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _api.Time.At("2026-08-03T08:00+08:00");
    }

    [TearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Report_LawyerAtAVillagePointTuesdaysAndFridays_NamesTheOtherWorkingDays()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await _api.AddResourceAsync(lawyer.Id, DemoDistrict.TownA, lawyer.Id);
        foreach (var day in new[] { DayOfWeek.Tuesday, DayOfWeek.Friday }) await _api.AddHoursAsync(lawyer.Id, DemoDistrict.VillageA1, day, 9, 11);
        using var admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var other = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.TownB);
        using var bystander = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);

        var all = await admin.GetAsync(Report).Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That((all["points"].GetProperty("total").GetInt32(), all["points"].GetProperty("served").GetInt32(), all["points"].GetProperty("percent").GetDecimal()), Is.EqualTo((6, 1, 16.67m)));
            Assert.That((all["villages"].GetProperty("total").GetInt32(), all["villages"].GetProperty("advised").GetInt32(), all["villages"].GetProperty("percent").GetDecimal()), Is.EqualTo((4, 1, 25m)));
        });
        var mine = await clerk.GetAsync(Report).Gives(OK);
        var gap = mine["points"].GetProperty("gaps").EnumerateArray().Single(g => g.GetProperty("organisationId").GetString() == DemoDistrict.VillageA1);
        Assert.Multiple(() =>
        {
            Assert.That(gap.GetProperty("never").GetBoolean(), Is.False);
            Assert.That(gap.GetProperty("days").EnumerateArray().Select(d => d.GetString()), Is.EqualTo(new[] { "2026-08-03", "2026-08-05", "2026-08-06", "2026-08-10", "2026-08-12", "2026-08-13" }));
            Assert.That(mine["points"].GetProperty("total").GetInt32(), Is.EqualTo(2));
            Assert.That(mine["villages"].GetProperty("without")[0].GetProperty("name").GetString(), Is.EqualTo("石桥村公共法律服务工作室"));
        });
        Assert.That((await other.GetAsync(Report).Gives(OK))["villages"].GetProperty("advised").GetInt32(), Is.Zero);
        await bystander.GetAsync(Report).Refuses(Forbidden, "forbidden");

        using var adviser = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.VillageA2);
        Assert.That((await clerk.GetAsync(Report).Gives(OK))["villages"].GetProperty("percent").GetDecimal(), Is.EqualTo(100m));
        using var nowhere = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.VillageB2);
        var empty = await nowhere.GetAsync(Report).Gives(OK);
        Assert.That(empty["points"].GetProperty("percent").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null), "0 of 0 is no rate");
    }

    [Test]
    public async Task Report_IntoAYearThatIsNotLoaded_FailsLoudly()
    {
        _api.Time.At("2026-12-25T08:00+08:00");
        using var admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        await admin.GetAsync(Report).Refuses(ServiceUnavailable, "calendar_missing");
    }

    [TestCase(139, 140, 99.29)]
    [TestCase(174, 197, 88.32)]
    [TestCase(101, 174, 58.05)]
    [TestCase(35, 49, 71.43)]
    [TestCase(1, 800, 0.13, TestName = "Half is rounded up")]
    [TestCase(99_999, 100_000, 99.99, TestName = "Not all is never 100")]
    [TestCase(1, 1_000_000, 0.01, TestName = "Some is never 0")]
    [TestCase(140, 140, 100)]
    [TestCase(0, 140, 0)]
    public void Percent_OfTheSeeds_IsExact(int part, int whole, decimal expected) => Assert.That(Rate.Percent(part, whole), Is.EqualTo(expected));

    [Test]
    public void Percent_OfNothing_IsNone() => Assert.That(Rate.Percent(0, 0), Is.Null);
}
