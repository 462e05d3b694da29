using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.VideoCalls;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>A booked video call from booking to rating: its door, who is there, what is made of absence; and who may.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class BookedCallTests(Engine engine)
{
    private const string Mine = "/v1/video-calls";
    private const string Staff = "/v1/staff/video-calls";

    /// <summary>Seconds: the clock of the test goes on while it runs.</summary>
    private const int Slack = 30;

    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, Bookable.LongDays);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public void OnAWednesday() => _api.Time.At("2026-11-25T08:00+08:00");

    [TearDown]
    public async Task AllIsAsItMustBe()
    {
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        var found = await admin.GetAsync("/v1/admin/video-calls/invariants").Gives(OK);
        foreach (var name in new[] { "citizensInTwoCalls", "staffInTwoCalls", "talkTimeInconsistent", "endedWithoutReason", "strayBookedCalls", "recordingsWithoutConsent" })
            Assert.That(found[name].GetInt64(), Is.Zero, name);
    }

    [Test]
    public async Task Call_FromBookingToRating_IsOneStory()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var (appointment, call) = await BookAsync(citizen, lawyer);
        var seen = await citizen.GetAsync($"{Mine}/{call}").Gives(OK);
        Assert.That((seen.String("state"), seen.String("appointmentId"), seen.String("opensAt"), seen["canJoin"].GetBoolean()), Is.EqualTo(("scheduled", appointment, "2026-11-25T08:45:00.000+08:00", false)));

        var early = await citizen.PostAsync($"{Mine}/{call}/join").Refuses(Conflict, "call_too_early");
        Assert.That(early.String("opensAt"), Is.EqualTo("2026-11-25T08:45:00+08:00"));
        _api.Time.At("2026-11-25T08:58+08:00");
        var joined = await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK);
        Assert.That((joined.String("provider"), joined.String("state"), joined.Headers.CacheControl!.NoStore), Is.EqualTo(("test", "ringing", true)));
        Assert.That(joined["participants"].EnumerateArray().Single(p => p.GetProperty("me").GetBoolean()).GetProperty("side").GetString(), Is.EqualTo("citizen"));
        var tag = seen.Headers.ETag!.ToString();
        await citizen.GetAsync($"{Mine}/{call}", ("If-None-Match", tag)).Gives(OK);

        _api.Time.At("2026-11-25T09:01+08:00");
        await citizen.PostAsync($"{Mine}/{call}/heartbeat", new { seat = joined.String("seat") }).Gives(OK);
        var theirs = await lawyer.PostAsync($"{Staff}/{call}/join").Gives(OK);
        Assert.That(theirs.String("state"), Is.EqualTo("connected"));
        await _api.DeliverAsync();
        Assert.That((await citizen.GetAsync($"/v1/appointments/{appointment}").Gives(OK)).String("state"), Is.EqualTo("inService"), "the appointment begins with the call");

        _api.Time.At("2026-11-25T09:21+08:00");
        await lawyer.PostAsync($"{Staff}/{call}/summary", new { text = "还没有结束就写" }).Refuses(Conflict, "call_not_ended");
        await lawyer.PostAsync($"{Staff}/{call}/notes", new { text = "对方公司可能已注销" }).Gives(Created);
        var ended = await lawyer.PostAsync($"{Staff}/{call}/end").Gives(OK);
        Assert.That((ended.String("how"), ended["owesSummary"].GetBoolean()), Is.EqualTo(("finished", true)));
        Assert.That(ended["talkedSeconds"].GetInt32(), Is.EqualTo(1200).Within(Slack));
        await citizen.PostAsync($"{Mine}/{call}/join").Refuses(Conflict, "call_over");
        Assert.That(Ids(await lawyer.GetAsync($"{Staff}?view=owed&mine=true").Gives(OK)), Is.EqualTo(new[] { call }));
        await lawyer.PostAsync($"{Staff}/{call}/summary", new { text = "短" }).Refuses(BadRequest, "validation_failed");
        await lawyer.PostAsync($"{Staff}/{call}/summary", new { text = "告知可申请法律援助，需带结算清单" }).Gives(OK);
        await lawyer.PostAsync($"{Staff}/{call}/summary", new { text = "另一份不同的小结" }).Refuses(Conflict, "call_summarised");
        Assert.That(Ids(await lawyer.GetAsync($"{Staff}?view=owed&mine=true").Gives(OK)), Is.Empty);
        await _api.DeliverAsync();

        var shown = await citizen.GetAsync($"{Mine}/{call}").Gives(OK);
        Assert.That((shown.String("summary"), shown.Text.Contains("可能已注销", StringComparison.Ordinal)), Is.EqualTo(("告知可申请法律援助，需带结算清单", false)), "notes are the office's own");
        Assert.That((await citizen.GetAsync($"/v1/appointments/{appointment}").Gives(OK)).String("state"), Is.EqualTo("completed"));
        await citizen.PostAsync($"/v1/matters/{shown.String("matterId")}/rating", new { score = 5 }).Gives(Created);
        var held = (await citizen.GetAsync("/v1/me/data").Gives(OK))["matters.items"][0].GetProperty("videoCalls")[0];
        Assert.That((held.GetProperty("summary").GetString(), held.GetProperty("talkedSeconds").GetInt64() > 1000), Is.EqualTo((shown.String("summary"), true)));
        var timeline = (await citizen.GetAsync($"/v1/matters/{shown.String("matterId")}/timeline").Gives(OK)).Text;
        Assert.That(timeline, Does.Contain("通话已接通").And.Contain("正常结束），时长"));
    }

    [Test]
    public async Task Appointment_MovedOrCancelled_TakesItsCallAlong()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var second = await _api.NewPersonAsync();
        using var clerk = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        var (appointment, call) = await BookAsync(citizen, lawyer, day: 1);
        await clerk.PostAsync($"/v1/staff/appointments/{appointment}/reschedule", new { startsAt = _api.Day(2, 14), resourceId = second.Id, reason = "出庭" }).Gives(OK);
        var moved = await citizen.GetAsync($"{Mine}/{call}").Gives(OK);
        Assert.That((moved.String("startsAt"), moved["participants"].GetArrayLength()), Is.EqualTo(("2026-11-27T14:00:00.000+08:00", 2)));
        await lawyer.PostAsync($"{Staff}/{call}/join").Refuses(Forbidden, "forbidden");
        Assert.That(Ids(await second.GetAsync($"{Staff}?mine=true").Gives(OK)), Is.EqualTo(new[] { call }));

        // Somebody is already waiting at the old time: that call is over, and the appointment has another.
        _api.Time.At("2026-11-27T13:50+08:00");
        await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK);
        await clerk.PostAsync($"/v1/staff/appointments/{appointment}/reschedule", new { startsAt = _api.Day(0, 16), reason = "临时会议" }).Gives(OK);
        Assert.That((await citizen.GetAsync($"{Mine}/{call}").Gives(OK)).String("state"), Is.EqualTo("cancelled"));
        var next = (await citizen.GetAsync($"/v1/appointments/{appointment}").Gives(OK)).String("videoCallId");
        Assert.That(next, Is.Not.EqualTo(call));
        await clerk.PostAsync($"/v1/staff/appointments/{appointment}/cancellation", new { reason = "停电" }).Gives(OK);
        Assert.That((await citizen.GetAsync($"{Mine}/{next}").Gives(OK)).String("state"), Is.EqualTo("cancelled"));
        await citizen.PostAsync($"{Mine}/{next}/join").Refuses(Conflict, "call_over");
    }

    [Test]
    public async Task Appointment_FromBeforeThereWereCalls_GetsOneWhenAsked()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var (appointment, call) = await BookAsync(citizen, lawyer);
        await _api.ExecuteAsync("DELETE FROM video_calls WHERE id = @call", new { call });
        Assert.That((await citizen.GetAsync($"/v1/appointments/{appointment}").Gives(OK))["videoCallId"].ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        var made = (await citizen.PostAsync($"/v1/appointments/{appointment}/video-call").Gives(OK)).String("id");
        Assert.That((await lawyer.PostAsync($"/v1/staff/appointments/{appointment}/video-call").Gives(OK)).String("id"), Is.EqualTo(made));
        await other.PostAsync($"/v1/appointments/{appointment}/video-call").Refuses(NotFound, "not_found");
        var inPerson = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 9))).Gives(Created)).String("id");
        await citizen.PostAsync($"/v1/appointments/{inPerson}/video-call").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Join_TooLateOrNotOnes_IsRefused()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var colleague = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var far = await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownB);
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var (_, call) = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        await other.PostAsync($"{Mine}/{call}/join").Refuses(NotFound, "not_found");
        await other.GetAsync($"{Mine}/{call}").Refuses(NotFound, "not_found");
        await far.PostAsync($"{Staff}/{call}/join").Refuses(NotFound, "not_found");
        await colleague.PostAsync($"{Staff}/{call}/join").Refuses(Forbidden, "forbidden");
        await citizen.PostAsync($"{Mine}/x/join").Refuses(NotFound, "not_found");
        _api.Time.At("2026-11-25T10:30+08:00");
        await citizen.PostAsync($"{Mine}/{call}/join").Refuses(Conflict, "call_too_late");
    }

    [Test]
    public async Task Join_FromASecondPhone_TakesTheSeatOver()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var (_, call) = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        var first = (await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK)).String("seat");
        var second = (await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK)).String("seat");
        await citizen.PostAsync($"{Mine}/{call}/heartbeat", new { seat = first }).Refuses(Conflict, "call_taken_over");
        await citizen.PostAsync($"{Mine}/{call}/leave", new { seat = first }).Refuses(Conflict, "call_taken_over");
        await citizen.PostAsync($"{Mine}/{call}/heartbeat", new { seat = second }).Gives(OK);
        Assert.That((await citizen.GetAsync($"{Mine}/{call}").Gives(OK))["participants"][0].GetProperty("present").GetBoolean(), Is.True);
        foreach (var bad in new object[] { new { }, new { seat = "x" }, new { seat = first.ToUpperInvariant() } })
            await citizen.PostAsync($"{Mine}/{call}/heartbeat", bad).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Silence_IsGoing_AndComingBackGoesOn()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var (_, call) = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        var mine = (await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK)).String("seat");
        var theirs = (await lawyer.PostAsync($"{Staff}/{call}/join").Gives(OK)).String("seat");
        _api.Time.At("2026-11-25T09:05:00+08:00");
        await citizen.PostAsync($"{Mine}/{call}/heartbeat", new { seat = mine }).Gives(OK);
        await lawyer.PostAsync($"{Staff}/{call}/heartbeat", new { seat = theirs }).Gives(OK);
        _api.Time.At("2026-11-25T09:05:18+08:00");
        await lawyer.PostAsync($"{Staff}/{call}/heartbeat", new { seat = theirs }).Gives(OK);
        _api.Time.At("2026-11-25T09:05:25+08:00");
        await _api.RunAsync<DecideCallsJob>();
        Assert.That((await lawyer.GetAsync($"{Staff}/{call}").Gives(OK)).String("state"), Is.EqualTo("reconnecting"));
        _api.Time.At("2026-11-25T09:05:40+08:00");
        Assert.That((await citizen.PostAsync($"{Mine}/{call}/heartbeat", new { seat = mine }).Gives(OK)).String("state"), Is.EqualTo("connected"));
        _api.Time.At("2026-11-25T09:06:40+08:00");
        var ended = await citizen.PostAsync($"{Mine}/{call}/end").Gives(OK);
        Assert.That(ended["talkedSeconds"].GetInt32(), Is.EqualTo(300 + 60).Within(Slack), "to the last heartbeat, and from the first one afterwards");
    }

    [Test]
    public async Task Provider_TellsInWhateverOrder_AndNothingOfStrangers()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var (_, call) = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        var joined = await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK);
        var (me, seat) = (joined.String("participantId"), joined.String("seat"));
        await lawyer.PostAsync($"{Staff}/{call}/join").Gives(OK);
        _api.Time.At("2026-11-25T09:01:00+08:00");
        await ToldAsync(call, me, ProviderEventKind.Left, "2026-11-25T09:00:50+08:00");
        Assert.That(await StateAsync(call), Is.EqualTo("Reconnecting"));
        Assert.That((await citizen.PostAsync($"{Mine}/{call}/heartbeat", new { seat }).Gives(OK)).String("state"), Is.EqualTo("reconnecting"), "an open page is no picture");
        await ToldAsync(call, me, ProviderEventKind.Joined, "2026-11-25T09:00:30+08:00");
        Assert.That(await StateAsync(call), Is.EqualTo("Reconnecting"), "older news");
        await ToldAsync(call, me, ProviderEventKind.Joined, "2026-11-25T11:00:00+08:00");
        Assert.That(await StateAsync(call), Is.EqualTo("Connected"));
        Assert.That(await _api.ScalarAsync<long>("SELECT MAX(talking_since) FROM video_calls WHERE id = @call", new { call }), Is.LessThanOrEqualTo(_api.Time.GetUtcNow().ToUnixTimeMilliseconds()), "nobody is put into the future");
        await ToldAsync(call, Operation.NoSuchId, ProviderEventKind.Left, "2026-11-25T09:01:00+08:00");
        await ToldAsync(Operation.NoSuchId, me, ProviderEventKind.Left, "2026-11-25T09:01:00+08:00");
        Assert.That(await StateAsync(call), Is.EqualTo("Connected"));
        _api.Time.At("2026-11-25T09:02:00+08:00");
        await ToldAsync(call, null, ProviderEventKind.RoomClosed, "2026-11-25T09:02:00+08:00");
        Assert.That(await StateAsync(call), Is.EqualTo("Reconnecting"));
        _api.Time.At("2026-11-25T09:03:31+08:00");
        await _api.RunAsync<DecideCallsJob>();
        Assert.That(await _api.ScalarAsync<string>("SELECT how FROM video_calls WHERE id = @call", new { call }), Is.EqualTo("NetworkLost"));
    }

    [Test]
    public async Task NobodyOfTheOfficeComes_TheCitizenIsAskedForPardon_AndChoosesAnotherTime()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        var (appointment, call) = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        var seat = (await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK)).String("seat");
        await lawyer.PostAsync($"/v1/staff/appointments/{appointment}/no-show").Refuses(Conflict, "office_was_absent");
        _api.Time.At("2026-11-25T09:14+08:00");
        await citizen.PostAsync($"{Mine}/{call}/leave", new { seat }).Gives(OK);
        _api.Time.At("2026-11-25T09:15+08:00");
        await _api.RunAsync<DecideCallsJob>();
        await _api.DeliverAsync();
        var missed = await citizen.GetAsync($"{Mine}/{call}").Gives(OK);
        Assert.That((missed.String("state"), missed.String("absent")), Is.EqualTo(("missed", "staff")), "who waited and went is not absent");
        var shown = await citizen.GetAsync($"/v1/appointments/{appointment}").Gives(OK);
        Assert.That((shown.String("state"), shown["officeMissed"].GetBoolean()), Is.EqualTo(("booked", true)));
        var news = (await citizen.GetAsync("/v1/me/notifications").Gives(OK))["items"][0];
        Assert.That((news.GetProperty("kind").GetString(), news.GetProperty("callId").GetString()), Is.EqualTo(("callMissedByOffice", call)));
        Assert.That(Ids(await head.GetAsync($"{Staff}?view=missedByOffice").Gives(OK)), Does.Contain(call));
        await lawyer.PostAsync($"/v1/staff/appointments/{appointment}/no-show").Refuses(Conflict, "office_was_absent");

        await citizen.PostAsync($"/v1/appointments/{appointment}/reschedule", new { startsAt = _api.Day(1, 9) }).Gives(OK);
        var again = await citizen.GetAsync($"/v1/appointments/{appointment}").Gives(OK);
        Assert.That((again["officeMissed"].GetBoolean(), again.String("videoCallId") != call), Is.EqualTo((false, true)));
        await citizen.PutAsync("/v1/me/contact-preference", new { contactPreference = "neutral" }).Gives(OK);
        Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK)).Text, Does.Not.Contain("抱歉"));
    }

    [Test]
    public async Task OnlyTheCitizenIsAbsent_TheAppointmentIsMissed_AndBothAbsentIsNobodysMark()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var (appointment, call) = await BookAsync(citizen, lawyer);
        var (unjudged, both) = await BookAsync(other, lawyer, hour: 10);
        _api.Time.At("2026-11-25T09:00+08:00");
        await lawyer.PostAsync($"{Staff}/{call}/join").Gives(OK);
        await _api.DeliverAsync();
        Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK))["items"][0].GetProperty("kind").GetString(), Is.EqualTo("callRinging"));
        _api.Time.At("2026-11-25T10:15+08:00");
        await _api.RunAsync<DecideCallsJob>();
        await _api.DeliverAsync();
        Assert.That((await citizen.GetAsync($"/v1/appointments/{appointment}").Gives(OK)).String("state"), Is.EqualTo("noShow"));
        Assert.That((await other.GetAsync($"{Mine}/{both}").Gives(OK)).String("absent"), Is.EqualTo("both"));
        Assert.That((await other.GetAsync($"/v1/appointments/{unjudged}").Gives(OK)).String("state"), Is.EqualTo("booked"));
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        var figures = await admin.GetAsync("/v1/admin/video-calls/statistics?from=2026-11-25&days=1").Gives(OK);
        Assert.That((figures["missedByCitizen"].GetInt32() >= 1, figures["missedByBoth"].GetInt32() >= 1), Is.EqualTo((true, true)));
    }

    private async Task<(string Appointment, string Call)> BookAsync(ApiClient citizen, ApiClient lawyer, int day = 0, int hour = 9)
    {
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(day, hour), mode: MeetingMode.Video)).Gives(Created);
        return (booked.String("id"), booked.String("videoCallId"));
    }

    private async Task ToldAsync(string call, string? who, ProviderEventKind kind, string at)
    {
        await using var scope = _api.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<NoticeFromProvider>().HandleAsync(
            new ProviderEventReceived(call, TestProvider.ProviderName, who, kind, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), false),
            new Infrastructure.Outbox.Delivery("event", 1, _api.Time.GetUtcNow()), CancellationToken.None);
    }

    private Task<string?> StateAsync(string call) => _api.ScalarAsync<string>("SELECT state FROM video_calls WHERE id = @call", new { call });

    private static string[] Ids(Answer page) => [.. page["items"].EnumerateArray().Select(i => i.GetProperty("id").GetString()!)];
}
