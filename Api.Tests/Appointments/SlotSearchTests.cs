using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SlotSearchTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _nobody = null!;

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _api.Time.At("2026-11-25T08:00+08:00");
        _nobody = _api.Anonymous();
    }

    [TearDown]
    public async Task Stop()
    {
        _nobody?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Slots_OfAnybody_AreGroupedByStart()
    {
        for (var n = 0; n < 5; n++) (await _api.NewPersonAsync(from: 9, to: n == 0 ? 11 : 10)).Dispose();
        var found = await _nobody.GetAsync($"/v1/slots?serviceCode=lawyer&date={Day(1)}").Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(found["items"].EnumerateArray().Select(s => s.GetProperty("startsAt").GetString()![11..16]), Is.EqualTo(new[] { "09:00", "09:30", "10:00", "10:30" }));
            Assert.That(found["items"].EnumerateArray().Select(s => s.GetProperty("whoCount").GetInt32()), Is.EqualTo(new[] { 5, 5, 1, 1 }));
            Assert.That(found["items"].EnumerateArray().Select(s => s.GetProperty("who").GetArrayLength()), Is.EqualTo(new[] { 3, 3, 1, 1 }));
            Assert.That(found["items"][0].GetProperty("who")[0].GetProperty("name").GetString(), Does.StartWith("测试员"));
        });
    }

    [Test]
    public async Task Slots_BookedOne_NamesWhoHasLeastFirst()
    {
        using var busy = await _api.NewPersonAsync();
        using var idle = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        await citizen.PostAsync("/v1/appointments", Bookable.Order(busy.Id, _api.Day(1, 10))).Gives(Created);
        var found = await _nobody.GetAsync($"/v1/slots?organisationId={DemoDistrict.TownA}&serviceCode=lawyer&mode=inPerson&date={Day(1)}").Gives(OK);
        JsonIs(found, "09:00", idle.Id, busy.Id);
        JsonIs(found, "10:00", idle.Id);
    }

    [Test]
    public async Task Slots_ByPlaceTalentAndLanguage_AreNarrowed()
    {
        using var a = await _api.NewPersonAsync(unit: DemoDistrict.TownA);
        using var b = await _api.NewPersonAsync(unit: DemoDistrict.TownB, terms: Bookable.Terms with { Modes = MeetingModes.Video });
        await _api.ExecuteAsync("UPDATE staff_members SET specialities = '02,05', languages = '普通话,手语' WHERE id = @Id", new { a.Id });
        _api.Services.GetRequiredService<BookableDirectory>().Forget();
        var town = await _api.ScalarAsync<string>("SELECT region_code FROM organisations WHERE id = @id", new { id = DemoDistrict.TownA });
        var district = await _api.ScalarAsync<string>("SELECT region_code FROM organisations WHERE id = @id", new { id = DemoDistrict.Bureau });
        Assert.Multiple(async () =>
        {
            Assert.That(await WhoAsync("mode=video"), Is.EquivalentTo(new[] { a.Id, b.Id }));
            Assert.That(await WhoAsync("mode=inPerson"), Is.EquivalentTo(new[] { a.Id }));
            Assert.That(await WhoAsync($"mode=video&organisationId={DemoDistrict.TownB}"), Is.EquivalentTo(new[] { b.Id }));
            Assert.That(await WhoAsync($"mode=video&townCode={town}"), Is.EquivalentTo(new[] { a.Id }));
            Assert.That(await WhoAsync($"mode=video&townCode={district}"), Is.EquivalentTo(new[] { a.Id, b.Id }), "a district is all its towns");
            Assert.That(await WhoAsync("mode=video&speciality=0501"), Is.EquivalentTo(new[] { a.Id }), "a kind lies in its group");
            Assert.That(await WhoAsync("mode=video&speciality=07"), Is.Empty);
            Assert.That(await WhoAsync($"mode=video&language={Uri.EscapeDataString("手语")}"), Is.EquivalentTo(new[] { a.Id }));
            Assert.That(await WhoAsync("mode=video&townCode=nowhere"), Is.Empty);
        });
    }

    [Test]
    public async Task Slots_OfAPersonInTwoUnits_OnlyThoseInTheUnitAskedFor()
    {
        using var person = await _api.NewPersonAsync(unit: DemoDistrict.TownA, from: 9, to: 10);
        await _api.ExecuteAsync("INSERT INTO posts (id, staff_id, organisation_id, role) VALUES (@post, @Id, @unit, 'Lawyer')", new { post = Id.New(_api.Time), person.Id, unit = DemoDistrict.TownB });
        foreach (var day in Enum.GetValues<DayOfWeek>()) await _api.AddHoursAsync(person.Id, DemoDistrict.TownB, day, 14, 15);
        var found = await _nobody.GetAsync($"/v1/slots?organisationId={DemoDistrict.TownB}&serviceCode=lawyer&date={Day(1)}").Gives(OK);
        Assert.That(found["items"].EnumerateArray().Select(s => s.GetProperty("startsAt").GetString()![11..16]), Is.EqualTo(new[] { "14:00", "14:30" }));
    }

    [Test]
    public async Task Days_OfAMonth_SayFreeHolidayAndMissingCalendar()
    {
        var person = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await _api.AddResourceAsync(person.Id, DemoDistrict.TownA, person.Id);
        foreach (var day in Enum.GetValues<DayOfWeek>()) await _api.AddHoursAsync(person.Id, DemoDistrict.TownA, day, 9, 12, onHolidays: false);
        _api.Time.At("2026-09-20T08:00+08:00");
        var found = await _nobody.GetAsync($"/v1/slots/days?resourceId={person.Id}&serviceCode=lawyer&from=2026-09-20&days=31").Gives(OK);
        var days = found["items"].EnumerateArray().ToDictionary(d => d.GetProperty("date").GetString()!);
        Assert.That(days, Has.Count.EqualTo(31));
        Assert.That(days["2026-09-21"].GetProperty("starts").GetInt32(), Is.EqualTo(6));
        Assert.That(days["2026-10-01"].GetProperty("free").GetBoolean(), Is.False);
        Assert.That(days["2026-10-01"].GetProperty("holiday").GetString(), Does.Contain("国庆"));
        Assert.That(days["2026-09-21"].GetProperty("holiday").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        _api.Time.At("2026-12-20T08:00+08:00");
        found = await _nobody.GetAsync($"/v1/slots/days?resourceId={person.Id}&serviceCode=lawyer&from=2026-12-31&days=2").Gives(OK);
        Assert.That(found["items"][1].GetProperty("calendarMissing").GetBoolean(), Is.EqualTo(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM calendar_years WHERE year = 2027") == 0));
        person.Dispose();
    }

    [Test]
    public async Task Next_IsTheSoonestOfEachPerson()
    {
        using var early = await _api.NewPersonAsync(from: 9, to: 10);
        using var late = await _api.NewPersonAsync(from: 15, to: 16);
        using var far = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        await _api.AddResourceAsync(far.Id, DemoDistrict.TownA, far.Id);
        await _api.AddHoursAsync(far.Id, DemoDistrict.TownA, DayOfWeek.Wednesday, 9, 10, since: new DateOnly(2026, 12, 16), terms: Bookable.Terms with { HorizonDays = 62 });
        var found = await _nobody.GetAsync("/v1/slots/next?serviceCode=lawyer").Gives(OK);
        Assert.That(found["items"].EnumerateArray().Select(s => s.GetProperty("resourceId").GetString()), Is.EqualTo(new[] { early.Id, late.Id, far.Id }));
        Assert.That(found["items"][0].GetProperty("startsAt").GetString(), Does.StartWith("2026-11-25T09:00"));
        Assert.That(found["items"][2].GetProperty("startsAt").GetString(), Does.StartWith("2026-12-16T09:00"));
    }

    [Test]
    public async Task Hours_ChangedOnThisNode_AreFoundAtOnce()
    {
        using var person = await _api.NewPersonAsync(from: 9, to: 10);
        Assert.That(await WhoAsync("mode=inPerson"), Is.EquivalentTo(new[] { person.Id }));
        // As a change of hours does it: raised, written, read anew. Nobody tells the directory.
        await _api.ExecuteAsync("UPDATE booking_resources SET active = 0, hours_version = hours_version + 1, version = version + 1 WHERE id = @Id", new { person.Id });
        await _api.Services.GetRequiredService<AvailabilityProjection>().RefreshAsync([person.Id], DateOnly.FromDateTime(_api.Day(0, 0).DateTime), 5, default);
        Assert.That((await _api.Services.GetRequiredService<BookableDirectory>().ReadAsync(default)).Find(person.Id), Is.Null);
        Assert.That(await WhoAsync("mode=inPerson"), Is.Empty);
    }

    [Test]
    public async Task Directory_ChangedElsewhere_IsSeenWithinTheBelief()
    {
        using var person = await _api.NewPersonAsync(from: 9, to: 10);
        Assert.That(await WhoAsync("mode=inPerson"), Has.Count.EqualTo(1));
        await _api.ExecuteAsync("UPDATE staff_members SET active = 0 WHERE id = @Id", new { person.Id });
        await Task.Delay(BookableDirectory.Belief + TimeSpan.FromMilliseconds(200));
        Assert.That(await WhoAsync("mode=inPerson"), Is.Empty);
    }

    [TestCase("serviceCode=lawyer&date=2026-02-30", "validation_failed")]
    [TestCase("serviceCode=lawyer", "validation_failed")]
    [TestCase("serviceCode=nothing&date=2026-11-26", "service_unknown")]
    [TestCase("date=2026-11-26", "service_unknown")]
    [TestCase("serviceCode=lawyer&date=2026-11-26&mode=telepathy", "validation_failed")]
    [TestCase("serviceCode=lawyer&date=2026-11-26&organisationId=x", "validation_failed")]
    [TestCase("serviceCode=lawyer&date=2026-11-26&resourceId=x", "validation_failed")]
    [TestCase("serviceCode=lawyer&date=2026-11-26&townCode=", "validation_failed")]
    [TestCase("serviceCode=lawyer&date=2026-11-26&resourceId=01KAN8R4XHGV0T3ZQ5W7C9E2AP&townCode=1", "validation_failed")]
    [TestCase("serviceCode=lawyer&date=1999-11-26", "validation_failed")]
    public async Task Slots_BadQuestion_IsRefused(string query, string code)
    {
        var answer = await _nobody.GetAsync($"/v1/slots?{query}");
        Assert.That(((int)answer.Status, answer.String("code")), Is.EqualTo((400, code)));
    }

    [TestCase("from=2026-11-26&days=0")]
    [TestCase("from=2026-11-26&days=63")]
    [TestCase("from=2026-11-26&days=many")]
    [TestCase("from=yesterday")]
    public async Task Days_BadQuestion_IsRefused(string query) => Assert.That((int)(await _nobody.GetAsync($"/v1/slots/days?serviceCode=lawyer&{query}")).Status, Is.EqualTo(400));

    [Test]
    public async Task Slots_OutsideWhatCanBeBooked_AreNone()
    {
        using var person = await _api.NewPersonAsync();
        foreach (var date in new[] { "2026-11-24", "2027-03-01", "2100-12-31" })
            Assert.That((await _nobody.GetAsync($"/v1/slots?resourceId={person.Id}&serviceCode=lawyer&date={date}").Gives(OK))["items"].GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Search_FortyPeopleAMonth_IsOneRoundTrip()
    {
        var spy = new SpyStore();
        await using var api = await TestApi.StartAsync(engine, adjust: services => services.Replace(ServiceDescriptor.Singleton<IAvailabilityStore>(spy)));
        api.Time.At("2026-11-25T08:00+08:00");
        for (var n = 0; n < 40; n++) (await api.NewPersonAsync()).Dispose();
        await api.Services.GetRequiredService<AvailabilityProjection>().RebuildAsync(default);
        using var nobody = api.Anonymous();
        spy.Calls = 0;
        var found = await nobody.GetAsync("/v1/slots/days?serviceCode=lawyer&from=2026-11-25&days=31").Gives(OK);
        Assert.That(found["items"].EnumerateArray().All(d => d.GetProperty("free").GetBoolean()), Is.True);
        Assert.That(spy.Calls, Is.EqualTo(1));
        await nobody.GetAsync("/v1/slots?serviceCode=lawyer&date=2026-11-26").Gives(OK);
        Assert.That(spy.Calls, Is.EqualTo(2));
        Assert.That(found.Text, Has.Length.LessThan(31 * 100));
    }

    private string Day(int days) => $"{_api.Day(days, 0):yyyy-MM-dd}";

    private async Task<List<string>> WhoAsync(string query)
    {
        var found = await _nobody.GetAsync($"/v1/slots?serviceCode=lawyer&date={Day(1)}&{query}").Gives(OK);
        return [.. found["items"].EnumerateArray().SelectMany(s => s.GetProperty("who").EnumerateArray()).Select(w => w.GetProperty("resourceId").GetString()!).Distinct()];
    }

    private static void JsonIs(Answer found, string start, params string[] who) => Assert.That(
        found["items"].EnumerateArray().Single(s => s.GetProperty("startsAt").GetString()![11..16] == start).GetProperty("who").EnumerateArray().Select(w => w.GetProperty("resourceId").GetString()),
        Is.EqualTo(who));

    /// <summary>Counts what a search asks of the store.</summary>
    private sealed class SpyStore : IAvailabilityStore
    {
        private readonly MemoryAvailabilityStore _inner = new();

        public int Calls { get; set; }

        public long Doubts => 0;

        public Task<AvailabilityReading> ReadAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, DateTimeOffset now, CancellationToken cancel) =>
            Counted(() => _inner.ReadAsync(resourceIds, from, days, now, cancel));

        public Task<IReadOnlyList<Hold>> HoldsAsync(DateTimeOffset now, CancellationToken cancel) => Counted(() => _inner.HoldsAsync(now, cancel));

        public Task PutAsync(IReadOnlyList<ResourceDay> days, DateTimeOffset now, CancellationToken cancel) => Counted(() => _inner.PutAsync(days, now, cancel));

        public Task ForgetAsync(CancellationToken cancel) => Counted(() => _inner.ForgetAsync(cancel));

        public Task<HoldOutcome> TryHoldAsync(HoldWish wish, DateTimeOffset now, CancellationToken cancel) => Counted(() => _inner.TryHoldAsync(wish, now, cancel));

        public Task<Hold?> FindHoldAsync(string holdId, DateTimeOffset now, CancellationToken cancel) => Counted(() => _inner.FindHoldAsync(holdId, now, cancel));

        public Task ReleaseHoldAsync(string holdId, CancellationToken cancel) => Counted(() => _inner.ReleaseHoldAsync(holdId, cancel));

        private T Counted<T>(Func<T> call)
        {
            Calls++;
            return call();
        }
    }
}
