using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>What the administrator makes bookable, and what a lawyer's calendar program reads.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ServiceAndFeedTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _admin = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _admin = await _api.NewStaffAsync(Role.Administrator);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _admin?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public void OnAWednesday() => _api.Time.At("2026-11-25T08:00+08:00");

    private static object Service(string? code = null, int minutes = 45, string name = "合同审查") =>
        new { code, name, durationMinutes = minutes, modes = new[] { "inPerson" }, roles = new[] { "lawyer" } };

    [Test]
    public async Task Services_AddedAtOnce_EachHasABitOfItsOwn()
    {
        var codes = Enumerable.Range(0, 8).Select(i => $"parallel-{(char)('a' + i)}").ToList();
        var answers = await Task.WhenAll(codes.Select(c => _admin.PostAsync("/v1/admin/appointment-services", Service(c))));
        Assert.That(answers.Select(a => (int)a.Status), Is.All.EqualTo(201));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(DISTINCT bit) FROM appointment_services WHERE code LIKE 'parallel-%'"), Is.EqualTo(8));
        await _admin.PostAsync("/v1/admin/appointment-services", Service(codes[0])).Refuses(Conflict, "service_code_taken");
    }

    [TestCase("{\"code\":\"UPPER\"}")]
    [TestCase("{\"durationMinutes\":20}")]
    [TestCase("{\"durationMinutes\":0}")]
    [TestCase("{\"durationMinutes\":495}")]
    [TestCase("{\"modes\":[]}")]
    [TestCase("{\"modes\":[\"teleport\"]}")]
    [TestCase("{\"roles\":[\"citizen\"]}")]
    [TestCase("{\"name\":\" \"}")]
    public async Task Service_BadInput_IsRefused(string change)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(Service("bad-one"))!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject()) body[name] = value?.DeepClone();
        var answer = await _admin.PostAsync("/v1/admin/appointment-services", body.ToJsonString());
        Assert.That((int)answer.Status, Is.EqualTo(400), answer.Text);
    }

    [Test]
    public async Task EditService_OtherDuration_IsThatOfNewBookings()
    {
        await _admin.PostAsync("/v1/admin/appointment-services", Service("grows", 30)).Gives(Created);
        using var lawyer = await _api.NewPersonAsync(from: 9, to: 11);
        using var citizen = await _api.NewBookerAsync();
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 9), "grows")).Gives(Created);
        var edited = await _admin.PutAsync("/v1/admin/appointment-services/grows", Service(minutes: 60), ("If-Match", "\"1\"")).Gives(OK);
        Assert.That(edited["version"].GetInt32(), Is.EqualTo(2));
        await _admin.PutAsync("/v1/admin/appointment-services/grows", Service(minutes: 15), ("If-Match", "\"1\"")).Refuses(PreconditionFailed, "version_mismatch");
        var slots = await citizen.GetAsync($"/v1/slots?resourceId={lawyer.Id}&serviceCode=grows&mode=inPerson&date={_api.Day(1, 0):yyyy-MM-dd}").Gives(OK);
        Assert.Multiple(async () =>
        {
            Assert.That(slots["items"].EnumerateArray().Select(s => s.GetProperty("startsAt").GetString()![11..16]), Is.EqualTo(new[] { "09:30", "10:00" }));
            Assert.That((await citizen.GetAsync($"/v1/appointments/{booked.String("id")}").Gives(OK)).String("endsAt"), Does.Contain("T09:30"));
        });
        // Moved by a change of the roster it stays as long as it was booked for.
        await lawyer.PostAsync("/v1/staff/leaves", new { startsAt = _api.Day(1, 9), endsAt = _api.Day(1, 9, 30), validateOnly = true }).Gives(OK);

        await _admin.SendAsync(HttpMethod.Post, "/v1/admin/appointment-services/grows/deactivation", null, ("If-Match", "\"2\"")).Gives(OK);
        await citizen.GetAsync($"/v1/slots?resourceId={lawyer.Id}&serviceCode=grows&mode=inPerson&date={_api.Day(1, 0):yyyy-MM-dd}").Refuses(BadRequest, "service_unknown");
        await _admin.SendAsync(HttpMethod.Post, "/v1/admin/appointment-services/grows/activation", null, ("If-Match", "\"3\"")).Gives(OK);
        await _admin.SendAsync(HttpMethod.Post, "/v1/admin/appointment-services/nothing/activation", null, ("If-Match", "\"3\"")).Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Feed_BySecret_HasNoNamesAndDiesWithTheNextOne()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 9))).Gives(Created);
        using var program = _api.Anonymous();
        var path = (await lawyer.PostAsync("/v1/staff/me/calendar-feed").Gives(Created)).String("path");
        var feed = await program.GetAsync(path).Gives(OK);
        // Lines are folded at 75 octets (RFC 5545 §3.1).
        var text = feed.Text.Replace("\r\n ", "", StringComparison.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(feed.ContentHeaders.ContentType!.MediaType, Is.EqualTo("text/calendar"));
            Assert.That(text, Does.StartWith("BEGIN:VCALENDAR").And.Contain("DTSTART:20261126T010000Z").And.Contain("律师咨询").And.Contain(booked.String("number")[^4..]));
            Assert.That(text, Does.Not.Contain(booked.String("number")).And.Not.Contain("工资"));
            Assert.That(text.Split("BEGIN:VEVENT"), Has.Length.EqualTo(2));
        });
        var etag = feed.Headers.ETag!.ToString();
        await program.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", etag)).Gives(NotModified);
        await citizen.PostAsync($"/v1/appointments/{booked.String("id")}/cancellation").Gives(OK);
        Assert.That((await program.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", etag)).Gives(OK)).Text, Does.Not.Contain("VEVENT"));

        var next = (await lawyer.PostAsync("/v1/staff/me/calendar-feed").Gives(Created)).String("path");
        await program.GetAsync(path).Refuses(NotFound, "not_found");
        await program.GetAsync(next).Gives(OK);
        Assert.That((await lawyer.DeleteAsync("/v1/staff/me/calendar-feed").Gives(OK))["existed"].GetBoolean(), Is.True);
        await program.GetAsync(next).Refuses(NotFound, "not_found");
        await program.GetAsync("/v1/calendar-feeds/x.ics").Refuses(NotFound, "not_found");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM calendar_feeds WHERE secret_hash = @secret", new { secret = next[20..^4] }), Is.Zero);
    }
}
