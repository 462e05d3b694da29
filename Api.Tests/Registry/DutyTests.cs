using System.Globalization;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Consultations.ConsultationTests;

namespace MicroPlatform.Api.Tests.Registry;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DutyTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _clerk = null!;
    private ApiClient _lawyer = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        _lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA, specialities: "02,08");
    }

    [TearDown]
    public async Task Stop()
    {
        _clerk?.Dispose();
        _lawyer?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Add_ThenOffDuty_ShowsWhoIsOnDutyUntilThen()
    {
        await AddAsync(_lawyer, -1, 4).Gives(Created);
        var onDuty = await _lawyer.GetAsync($"/v1/staff/on-duty?organisationId={DemoDistrict.TownA}").Gives(OK);
        Assert.That(onDuty["items"][0].GetProperty("staffId").GetString(), Is.EqualTo(_lawyer.Id));
        Assert.That(onDuty["items"][0].GetProperty("specialities").GetArrayLength(), Is.EqualTo(2));

        await _lawyer.PostAsync("/v1/staff/me/off-duty").Gives(OK);
        await _lawyer.PostAsync("/v1/staff/me/off-duty").Refuses(Conflict, "not_on_duty");
        Assert.That((await _lawyer.GetAsync($"/v1/staff/on-duty?organisationId={DemoDistrict.TownA}").Gives(OK))["items"].GetArrayLength(), Is.Zero);
        await AddAsync(_lawyer, 0, 4).Gives(Created);
    }

    [TestCase(0, 4, "shift_overlaps")]
    [TestCase(-3, 1, "shift_overlaps")]
    [TestCase(1, 2, "shift_overlaps")]
    [TestCase(-3, 5, "shift_overlaps")]
    public async Task Add_OverAnother_IsRefused(int from, int to, string code)
    {
        await AddAsync(_lawyer, 0, 4).Gives(Created);
        await AddAsync(_lawyer, from, to).Refuses(Conflict, code);
        await AddAsync(_lawyer, 4, 8).Gives(Created);
        await AddAsync(_clerk, from, to).Gives(Created);
    }

    [Test]
    public async Task Add_TwelveOverlappingAtOnce_MakesOne()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => PatientlyAsync(() => AddAsync(_lawyer, n % 3, 4 + (n % 3)))));
        Assert.That(answers.Count(a => a.Status == Created), Is.EqualTo(1), string.Join('\n', answers.Select(a => a.Text)));
        foreach (var loser in answers.Where(a => a.Status != Created)) loser.Refuses(Conflict, "shift_overlaps");
    }

    [TestCase(4, 4)]
    [TestCase(4, 3)]
    [TestCase(0, 25)]
    public async Task Add_OfNoUsableLength_IsRefused(int from, int to) => await AddAsync(_lawyer, from, to).Refuses(BadRequest, "validation_failed");

    [Test]
    public async Task Add_PastShiftStrangerOrOtherUnit_IsRefused()
    {
        await AddAsync(_lawyer, -5, -1).Refuses(Conflict, "shift_over");
        using var stranger = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownB);
        await AddAsync(stranger, 0, 4).Refuses(UnprocessableEntity, "staff_not_of_unit");
        await AddAsync(_lawyer, 0, 4, DemoDistrict.TownB).Refuses(NotFound, "not_found");
        await _lawyer.PostAsync("/v1/staff/duty-shifts", new { staffId = _lawyer.Id }).Refuses(Forbidden, "forbidden");
        await _clerk.PostAsync("/v1/staff/duty-shifts", new { staffId = _lawyer.Id, organisationId = DemoDistrict.TownA, startsAt = "2026-02-14T09:00:00", endsAt = "x" }).Refuses(BadRequest, "json_malformed");
    }

    [Test]
    public async Task List_AndRemove_OnlyInOwnUnits()
    {
        var ids = new List<string>();
        for (var n = 0; n < 3; n++) ids.Add((await AddAsync(_lawyer, 5 * n, (5 * n) + 4).Gives(Created)).String("id"));
        var first = await _clerk.GetAsync($"/v1/staff/duty-shifts?organisationId={DemoDistrict.TownA}&limit=2").Gives(OK);
        var second = await _clerk.GetAsync($"/v1/staff/duty-shifts?organisationId={DemoDistrict.TownA}&limit=2&cursor={first.String("nextCursor")}").Gives(OK);
        Assert.That(first["items"].EnumerateArray().Concat(second["items"].EnumerateArray()).Select(i => i.GetProperty("id").GetString()), Is.EqualTo(ids));

        using var other = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        await other.GetAsync($"/v1/staff/duty-shifts?organisationId={DemoDistrict.TownA}").Refuses(NotFound, "not_found");
        await other.DeleteAsync($"/v1/staff/duty-shifts/{ids[0]}").Refuses(NotFound, "not_found");
        await _clerk.DeleteAsync($"/v1/staff/duty-shifts/{ids[2]}").Gives(OK);
        await _clerk.DeleteAsync($"/v1/staff/duty-shifts/{ids[2]}").Refuses(NotFound, "not_found");
        _api.Time.Advance(TimeSpan.FromHours(4.5));
        using var later = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        await later.DeleteAsync($"/v1/staff/duty-shifts/{ids[0]}").Refuses(Conflict, "shift_over");
    }

    private Task<Answer> AddAsync(ApiClient who, int fromHours, int toHours, string unit = DemoDistrict.TownA) => _clerk.PostAsync("/v1/staff/duty-shifts", new
    {
        staffId = who.Id, organisationId = unit,
        startsAt = _api.Time.GetUtcNow().AddHours(fromHours).ToString("O", CultureInfo.InvariantCulture), endsAt = _api.Time.GetUtcNow().AddHours(toHours).ToString("O", CultureInfo.InvariantCulture),
    });
}
