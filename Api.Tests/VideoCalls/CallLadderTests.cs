using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.VideoCalls;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>When the picture fails: the ladder down to the telephone and to messages; the call page, by its link; a third person; waiting for news.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CallLadderTests(Engine engine)
{
    private const string Mine = "/v1/video-calls";
    private const string Staff = "/v1/staff/video-calls";

    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, Bookable.LongDays);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public void OnAWednesday()
    {
        _api.Time.At("2026-11-25T08:00+08:00");
        Provider.IsDown = false;
    }

    [Test]
    public async Task ProviderDown_OffersTheLadder_AndCountsAsThePlatformsFault()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var (appointment, call) = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        Provider.IsDown = true;
        var down = await citizen.PostAsync($"{Mine}/{call}/join").Refuses(ServiceUnavailable, "video_provider_down");
        Assert.That(down.String("next"), Is.EqualTo("phone,messages"));
        Assert.That((await lawyer.GetAsync($"{Staff}/{call}").Gives(OK))["platformFault"].GetBoolean(), Is.True);
        _api.Time.At("2026-11-25T09:15+08:00");
        await _api.RunAsync<DecideCallsJob>();
        await _api.DeliverAsync();
        Assert.That((await citizen.GetAsync($"{Mine}/{call}").Gives(OK)).String("how"), Is.EqualTo("platformFailed"));
        Assert.That((await citizen.GetAsync($"/v1/appointments/{appointment}").Gives(OK))["officeMissed"].GetBoolean(), Is.True, "nobody's absence");
    }

    [Test]
    public async Task Ladder_FromPictureToTelephoneToMessages_IsOneRecord()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var (appointment, call) = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T08:55+08:00");
        var advice = await citizen.PostAsync($"{Mine}/{call}/device-check", new { camera = "works", microphone = "works", network = "weak", roundTripMs = 900, lossPermille = 60, chosen = "video" }).Gives(OK);
        Assert.That(advice.String("advised"), Is.EqualTo("audio"));
        Assert.That((await lawyer.GetAsync($"{Staff}/{call}/device-checks").Gives(OK))["items"][0].GetProperty("network").GetString(), Is.EqualTo("weak"));
        _api.Time.At("2026-11-25T09:00+08:00");
        await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK);
        await lawyer.PostAsync($"{Staff}/{call}/join").Gives(OK);
        await citizen.PostAsync($"{Mine}/{call}/medium", new { medium = "audio" }).Gives(OK);
        await lawyer.PostAsync($"{Staff}/{call}/phone-readings").Refuses(Conflict, "call_state");
        await lawyer.PostAsync($"{Staff}/{call}/medium", new { medium = "phone" }).Gives(OK);
        Assert.That((await lawyer.PostAsync($"{Staff}/{call}/phone-readings").Gives(OK)).String("phone"), Does.Match("^1[0-9]{10}$"));
        Assert.That((await citizen.GetAsync("/v1/me/data").Gives(OK))["staffAccesses"][0].GetProperty("fields").GetString(), Is.EqualTo("name,phone"));
        await lawyer.PostAsync($"{Staff}/{call}/reached").Gives(OK);
        _api.Time.At("2026-11-25T09:10+08:00");
        await _api.RunAsync<DecideCallsJob>();
        Assert.That(await StateAsync(call), Is.EqualTo("Connected"), "over the telephone nobody falls silent");

        await citizen.PostAsync($"{Mine}/{call}/messages", new { text = "" }).Refuses(BadRequest, "validation_failed");
        var went = await citizen.PostAsync($"{Mine}/{call}/messages", new { text = "电话也听不清，我写下来：欠一万八千六百元" }).Gives(Created);
        await _api.DeliverAsync();
        var thread = await citizen.GetAsync($"/v1/consultations/{went.String("consultationId")}").Gives(OK);
        var shown = await citizen.GetAsync($"{Mine}/{call}").Gives(OK);
        Assert.That((thread.String("state"), thread.String("matter.number"), shown.String("how"), shown.String("consultationId")), Is.EqualTo(("assigned", shown.String("number"), "wentToMessages", went.String("consultationId"))));
        Assert.That((await citizen.GetAsync($"/v1/appointments/{appointment}").Gives(OK)).String("state"), Is.EqualTo("completed"));
        await lawyer.PostAsync($"/v1/staff/consultations/{went.String("consultationId")}/answers", new { text = "收到，结算清单可以直接起诉，也可以申请法律援助。" }).Gives(Created);
        await lawyer.PostAsync($"{Staff}/{call}/summary", new { text = "通话不清，转为留言继续办理" }).Gives(OK);
        Assert.That((await citizen.GetAsync($"/v1/matters/{shown.String("matterId")}").Gives(OK)).String("status"), Is.EqualTo("awaitingCitizen"), "the thread ends the matter, not the call");
        var timeline = (await citizen.GetAsync($"/v1/matters/{shown.String("matterId")}/timeline").Gives(OK)).Text;
        Assert.That(timeline, Does.Contain("通话改为语音").And.Contain("通话改为电话").And.Contain("转为留言"));
    }

    [Test]
    public async Task Page_ByItsLink_ComesInStaysAndGoes_AndAGuestToo()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        using var nobody = _api.Anonymous();
        var (_, call) = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        var link = (await citizen.PostAsync($"{Mine}/{call}/page-link").Gives(Created)).String("url");
        var ticket = link[(link.IndexOf('#', StringComparison.Ordinal) + 1)..];
        Assert.That(link, Does.Contain("/call/#"));
        var unused = (await citizen.PostAsync($"{Mine}/{call}/page-link").Gives(Created)).String("url")[^43..];
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM video_call_tickets WHERE ticket_hash = @ticket", new { ticket }), Is.Zero, "kept only as a hash");
        var joined = await nobody.PostAsync($"{Mine}/page/join", new { ticket }).Gives(OK);
        Assert.That(joined["participants"].EnumerateArray().Single(p => p.GetProperty("me").GetBoolean()).GetProperty("side").GetString(), Is.EqualTo("citizen"));
        await nobody.PostAsync($"{Mine}/page/join", new { ticket = new string('A', 43) }).Refuses(Unauthorized, "call_ticket_invalid");
        _api.Time.At("2026-11-25T09:10+08:00");
        await nobody.PostAsync($"{Mine}/page/heartbeat", new { ticket, seat = joined.String("seat") }).Gives(OK);
        await nobody.PostAsync($"{Mine}/page/join", new { ticket = unused }).Refuses(Unauthorized, "call_ticket_invalid");

        await lawyer.PostAsync($"{Staff}/{call}/join").Gives(OK);
        foreach (var bad in new object[] { new { }, new { staffId = "x" }, new { staffId = lawyer.Id, guestName = "翻译" }, new { guestName = "  " } })
            await lawyer.PostAsync($"{Staff}/{call}/participants", bad).Refuses(BadRequest, "validation_failed");
        var guest = (await lawyer.PostAsync($"{Staff}/{call}/participants", new { guestName = "手语翻译" }).Gives(OK))["participants"].EnumerateArray().Single(p => p.GetProperty("side").GetString() == "guest").GetProperty("id").GetString();
        var guests = (await lawyer.PostAsync($"{Staff}/{call}/page-link", new { participantId = guest }).Gives(Created)).String("url")[^43..];
        Assert.That((await nobody.PostAsync($"{Mine}/page/join", new { ticket = guests }).Gives(OK)).String("state"), Is.EqualTo("connected"));
        await lawyer.PostAsync($"{Staff}/{call}/page-link", new { participantId = joined.String("participantId") }).Refuses(NotFound, "not_found");
        await nobody.PostAsync($"{Mine}/page/leave", new { ticket, seat = joined.String("seat") }).Gives(OK);
        Assert.That(await StateAsync(call), Is.EqualTo("Reconnecting"));
        await lawyer.PostAsync($"{Staff}/{call}/end").Gives(OK);
        await nobody.PostAsync($"{Mine}/page/join", new { ticket }).Refuses(Conflict, "call_over");
    }

    [Test]
    public async Task Invited_Colleague_FindsTheCallAmongTheirOwn()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var far = await _api.NewStaffAsync(Role.Mediator, DemoDistrict.TownB);
        using var citizen = await _api.NewBookerAsync();
        var (_, call) = await BookAsync(citizen, lawyer);
        await far.GetAsync($"{Staff}/{call}").Refuses(NotFound, "not_found");
        await far.PostAsync($"{Staff}/{call}/participants", new { guestName = "我" }).Refuses(NotFound, "not_found");
        await lawyer.PostAsync($"{Staff}/{call}/participants", new { staffId = far.Id }).Gives(OK);
        Assert.That(Ids(await far.GetAsync($"{Staff}?mine=true").Gives(OK)), Is.EqualTo(new[] { call }));
        _api.Time.At("2026-11-25T09:00+08:00");
        Assert.That((await far.PostAsync($"{Staff}/{call}/join").Gives(OK)).String("state"), Is.EqualTo("scheduled"), "who helps is nobody to be waited for");
        await far.PostAsync($"{Staff}/{call}/end").Refuses(Forbidden, "forbidden");
    }

    [Test]
    public async Task LongPoll_HearsOfTheOtherSide()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var (_, call) = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        var version = (await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK))["version"].GetInt32();
        var waiting = citizen.GetAsync($"{Mine}/{call}?after={version}&waitSeconds=25");
        await lawyer.PostAsync($"{Staff}/{call}/join").Gives(OK);
        Assert.That((await waiting).Gives(OK).String("state"), Is.EqualTo("connected"));
    }

    private TestProvider Provider => _api.Services.GetRequiredService<TestProvider>();

    private async Task<(string Appointment, string Call)> BookAsync(ApiClient citizen, ApiClient lawyer)
    {
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9), mode: MeetingMode.Video)).Gives(Created);
        return (booked.String("id"), booked.String("videoCallId"));
    }

    private Task<string?> StateAsync(string call) => _api.ScalarAsync<string>("SELECT state FROM video_calls WHERE id = @call", new { call });

    private static string[] Ids(Answer page) => [.. page["items"].EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];
}
