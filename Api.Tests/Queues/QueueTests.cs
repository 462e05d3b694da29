using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.VideoCalls;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Queues;

/// <summary>From "see a lawyer now" to the summary, over HTTP.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class QueueTests(Engine engine)
{
    private TestApi _api = null!;
    private VideoLine _line = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, Bookable.LongDays);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public async Task NewLine()
    {
        _api.Time.At("2026-11-25T09:00+08:00");
        _line = await VideoLine.NewAsync(_api);
    }

    [TearDown]
    public Task NobodyIsLost() => _line.ExpectNobodyLostAsync();

    [Test]
    public async Task See_FromTheQueueToTheSummary()
    {
        using var lawyer = await _line.NewLawyerAsync();
        var (citizen, ticket) = await _line.NewWaiterAsync();
        using var _ = citizen;
        var seen = await VideoLine.LookAsync(citizen, ticket);
        Assert.Multiple(() =>
        {
            Assert.That((seen.String("number"), seen.String("state"), seen["before"].GetInt32(), seen["queueOpen"].GetBoolean()), Is.EqualTo(("V001", "waiting", 0, true)));
            Assert.That(seen["onDuty"].GetArrayLength(), Is.EqualTo(1));
            Assert.That(seen["wait"].GetProperty("high50").GetInt32(), Is.LessThanOrEqualTo(seen["wait"].GetProperty("high90").GetInt32()));
            Assert.That(seen["options"].EnumerateArray().Select(o => o.GetString()), Is.EqualTo(new[] { "leave", "swapForCallback", "bookSlot" }));
        });
        await _line.TickAsync();
        Assert.That(await VideoLine.RingingAsync(lawyer), Is.EqualTo(new[] { ticket }));

        var taken = await VideoLine.AcceptAsync(lawyer, ticket).Gives(OK);
        Assert.That((taken.String("state"), taken.String("staffId"), taken.String("title")), Is.EqualTo(("called", lawyer.Id, "工资拖欠")));
        Assert.That((await VideoLine.LookAsync(citizen, ticket)).String("callId"), Is.EqualTo(taken.String("callId")));
        await _line.ConnectAsync(taken.String("callId"));
        Assert.That((await VideoLine.LookAsync(citizen, ticket)).String("state"), Is.EqualTo("inService"));
        _api.Time.Advance(TimeSpan.FromMinutes(12));
        await VideoLine.BeatAsync(lawyer);
        await _line.EndAsync(taken.String("callId"));
        Assert.That((await VideoLine.LookAsync(citizen, ticket)).String("state"), Is.EqualTo("finishing"));

        // Until the summary is written nobody else is given.
        var (next, nextTicket) = await _line.NewWaiterAsync();
        using var __ = next;
        await _line.TickAsync();
        Assert.That(await VideoLine.RingingAsync(lawyer), Is.Empty);
        await VideoLine.NextAsync(lawyer).Refuses(Conflict, "staff_serving");
        await _line.SummariseAsync(taken.String("callId"));
        Assert.That((await VideoLine.LookAsync(citizen, ticket)).String("state"), Is.EqualTo("done"));
        Assert.That((await VideoLine.NextAsync(lawyer).Gives(OK)).String("id"), Is.EqualTo(nextTicket));
    }

    [Test]
    public async Task Next_WhileABookedCallOwesItsSummary_IsRefused()
    {
        var line = await VideoLine.NewAsync(_api);
        using var lawyer = await line.NewLawyerAsync();
        var (citizen, _) = await line.NewWaiterAsync();
        using var __ = citizen;
        var (call, matter) = (Domain.Common.Id.New(_api.Time), await _api.ScalarAsync<string>("SELECT MAX(id) FROM matters"));
        await _api.ExecuteAsync("""
            INSERT INTO video_calls (id, matter_id, citizen_id, organisation_id, staff_id, provider, state, medium, connected_at, talked_ms, ended_at, how, owed_by, created_at, version)
            VALUES (@call, @matter, @Id, @Unit, @staff, 'test', 'Ended', 'Video', @now, 0, @now, 'Finished', @staff, @now, 1)
            """, new { call, matter, citizen.Id, line.Unit, staff = lawyer.Id, now = _api.Time.GetUtcNow() });
        await line.TickAsync();
        Assert.That(await VideoLine.RingingAsync(lawyer), Is.Empty, "a ring that cannot be answered only takes time from the others");
        await VideoLine.NextAsync(lawyer).Refuses(Conflict, "call_summary_owed");
        await lawyer.PostAsync($"/v1/staff/video-calls/{call}/summary", new { text = "告知可申请法律援助" }).Gives(OK);
        await VideoLine.NextAsync(lawyer).Gives(OK);
    }

    [Test]
    public async Task Accept_TwentyAtOnce_ExactlyOneAndOneEach()
    {
        var line = await VideoLine.NewAsync(_api, rings: [50]);
        var lawyers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => line.NewLawyerAsync()));
        var (citizen, ticket) = await line.NewWaiterAsync();
        await line.TickAsync();
        var answers = await Task.WhenAll(lawyers.Select(l => Task.Run(() => VideoLine.AcceptAsync(l, ticket))));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1));
        foreach (var lost in answers.Where(a => a.Status != OK)) lost.Refuses(Conflict, "ticket_taken");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM video_calls WHERE ticket_id = @ticket", new { ticket }), Is.EqualTo(1));
        citizen.Dispose();
        lawyers.Dispose();
    }

    [Test]
    public async Task Next_TwentyAtOnceOfThirty_InOrderAndNobodyTwice()
    {
        var lawyers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _line.NewLawyerAsync()));
        var crowd = await _api.NewCrowdAsync(30);
        var tickets = new List<string>();
        foreach (var citizen in crowd) tickets.Add((await _line.JoinAsync(citizen)).String("id"));
        var answers = await Task.WhenAll(lawyers.Select(l => Task.Run(() => VideoLine.NextAsync(l))));
        Assert.That(answers.Select(a => a.Gives(OK).String("id")), Is.EquivalentTo(tickets.Take(20)));
        await Task.WhenAll(lawyers.Select(l => Task.Run(async () => (await VideoLine.NextAsync(l)).Refuses(Conflict, "staff_serving"))));
        crowd.Dispose();
        lawyers.Dispose();
    }

    [Test]
    public async Task Rings_BestMatchedFirst_ThenWiderAndWiderAndEverybody()
    {
        var lawyers = new List<ApiClient>();
        for (var n = 0; n < 5; n++) lawyers.Add(await _line.NewLawyerAsync(n == 3 ? "02" : "01"));
        var (citizen, ticket) = await _line.NewWaiterAsync();
        async Task<List<int>> RungAsync()
        {
            var rung = new List<int>();
            foreach (var (n, lawyer) in lawyers.Index()) if ((await VideoLine.RingingAsync(lawyer)).Contains(ticket)) rung.Add(n);
            return rung;
        }
        await _line.TickAsync();
        Assert.That(await RungAsync(), Is.EqualTo(new[] { 3 }), "who knows the field");
        await VideoLine.AcceptAsync(lawyers[0], ticket).Refuses(Conflict, "ring_over");
        await VideoLine.DeclineAsync(lawyers[3], ticket);
        var second = await RungAsync();
        Assert.That(second, Has.Count.EqualTo(3).And.Not.Contains(3), "at once, and not who declined");
        _api.Time.Advance(TimeSpan.FromSeconds(21));
        foreach (var lawyer in lawyers) await VideoLine.BeatAsync(lawyer);
        await _line.TickAsync();
        Assert.That(await RungAsync(), Is.EqualTo(new[] { 0, 1, 2, 4 }), "everybody");
        await VideoLine.AcceptAsync(lawyers[second[0]], ticket).Gives(OK);
        Assert.That(await RungAsync(), Is.Empty);
        await VideoLine.AcceptAsync(lawyers[4], ticket).Refuses(Conflict, "ticket_taken");
        citizen.Dispose();
        lawyers.Dispose();
    }

    [Test]
    public async Task Presence_WithoutHeartbeats_IsOffByItself()
    {
        using var lawyer = await _line.NewLawyerAsync();
        var (citizen, ticket) = await _line.NewWaiterAsync();
        using var _ = citizen;
        _api.Time.Advance(TimeSpan.FromMinutes(2));
        await _line.TickAsync();
        Assert.That(await VideoLine.RingingAsync(lawyer), Is.Empty);
        Assert.That((await lawyer.PostAsync("/v1/staff/me/presence/heartbeat").Gives(OK)).String("state"), Is.EqualTo("on"));
        await _line.TickAsync();
        Assert.That(await VideoLine.RingingAsync(lawyer), Is.EqualTo(new[] { ticket }));
        await VideoLine.SayAsync(lawyer, "away");
        await VideoLine.AcceptAsync(lawyer, ticket).Refuses(Conflict, "not_present");
        await VideoLine.NextAsync(lawyer).Refuses(Conflict, "not_present");
        _api.Time.Advance(TimeSpan.FromMinutes(6));
        await _api.RunAsync<MicroPlatform.Api.Queues.CheckQueuesJob>();
        Assert.That((await lawyer.PostAsync("/v1/staff/me/presence/heartbeat").Gives(OK)).String("state"), Is.EqualTo("off"), "too long silent");
        await lawyer.PutAsync("/v1/staff/me/presence", new { state = "busy" }).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Unanswered_PlaceIsKeptAtTheHead_ThenLost()
    {
        using var lawyer = await _line.NewLawyerAsync();
        var (first, one) = await _line.NewWaiterAsync();
        var (second, two) = await _line.NewWaiterAsync();
        var taken = await VideoLine.NextAsync(lawyer).Gives(OK);
        await _line.CallAsync(taken.String("callId"), (call, now) => call.Miss(CallAbsence.Citizen, now));
        var seen = await VideoLine.LookAsync(first, one);
        Assert.That((seen.String("state"), seen["options"][0].GetString()), Is.EqualTo(("parked", "comeBack")));
        Assert.That(await KindsAsync(first), Does.Contain("ticketPassedOver"));
        Assert.That((await first.PostAsync($"/v1/queue-tickets/{one}/return").Gives(OK))["before"].GetInt32(), Is.Zero, "back at the head");
        taken = await VideoLine.NextAsync(lawyer).Gives(OK);
        Assert.That(taken.String("id"), Is.EqualTo(one));
        await _line.CallAsync(taken.String("callId"), (call, now) => call.Miss(CallAbsence.Citizen, now));
        _api.Time.Advance(TimeSpan.FromMinutes(11));
        await VideoLine.BeatAsync(lawyer);
        await _line.TickAsync();
        Assert.That((await VideoLine.LookAsync(first, one)).String("state"), Is.EqualTo("missed"));
        Assert.That(await KindsAsync(first), Does.Contain("ticketMissed"));
        await first.PostAsync($"/v1/queue-tickets/{one}/return").Refuses(Conflict, "ticket_over");
        Assert.That((await VideoLine.LookAsync(second, two))["before"].GetInt32(), Is.Zero);
        Assert.That((await _line.JoinAsync(first)).String("state"), Is.EqualTo("waiting"), "may queue anew");
        first.Dispose();
        second.Dispose();
    }

    [TestCase(CallEnd.PlatformFailed, "waiting")]
    [TestCase(CallEnd.NetworkLost, "parked")]
    public async Task Dropped_ComesBackToTheHead(CallEnd how, string state)
    {
        using var lawyer = await _line.NewLawyerAsync();
        using var other = await _line.NewLawyerAsync();
        var (first, one) = await _line.NewWaiterAsync();
        var (second, two) = await _line.NewWaiterAsync();
        var taken = await VideoLine.NextAsync(lawyer).Gives(OK);
        await _line.ConnectAsync(taken.String("callId"));
        if (how == CallEnd.NetworkLost)
            await _line.CallAsync(taken.String("callId"), (call, now) => call.Notice(call.Participants.First(p => p.Side == CallSide.Citizen).Id, present: false, now.AddSeconds(1)));
        await _line.EndAsync(taken.String("callId"), how);
        Assert.That((await VideoLine.LookAsync(first, one)).String("state"), Is.EqualTo(state));
        await first.PostAsync($"/v1/queue-tickets/{one}/return").Gives(OK);
        Assert.That((await VideoLine.LookAsync(second, two))["before"].GetInt32(), Is.EqualTo(1));
        var again = await VideoLine.NextAsync(other).Gives(OK);
        Assert.That((again.String("id"), again["calls"].GetInt32()), Is.EqualTo((one, 2)));
        // What is told late of the first call changes nothing.
        await _line.SummariseAsync(taken.String("callId"));
        Assert.That((await VideoLine.LookAsync(first, one)).String("state"), Is.EqualTo("called"));
        await _line.ServeAsync(again);
        Assert.That((await VideoLine.LookAsync(first, one)).String("state"), Is.EqualTo("done"));
        first.Dispose();
        second.Dispose();
    }

    [Test]
    public async Task Callback_KeepsTheOrder_AndIsRungByTelephone()
    {
        using var lawyer = await _line.NewLawyerAsync();
        using var booker = await _api.NewBookerAsync();
        var one = (await _line.JoinAsync(booker)).String("id");
        var (second, _) = await _line.NewWaiterAsync();
        var swapped = await booker.PostAsync($"/v1/queue-tickets/{one}/callback").Gives(OK);
        Assert.That((swapped.String("wants"), swapped["before"].GetInt32()), Is.EqualTo(("callback", 0)));
        await second.PostAsync($"/v1/queue-tickets/{one}/callback").Refuses(NotFound, "not_found");
        var taken = await VideoLine.NextAsync(lawyer).Gives(OK);
        Assert.That((taken.String("id"), await _api.ScalarAsync<string>("SELECT medium FROM video_calls WHERE id = @id", new { id = taken.String("callId") })), Is.EqualTo((one, "Phone")));
        for (var n = 1; n <= 3; n++)
        {
            await _line.CallAsync(taken.String("callId"), (call, now) => call.Miss(CallAbsence.Citizen, now));
            _api.Time.Advance(TimeSpan.FromMinutes(11));
            await VideoLine.BeatAsync(lawyer);
            await _line.TickAsync();
            Assert.That((await VideoLine.LookAsync(booker, one)).String("state"), Is.EqualTo(n < 3 ? "waiting" : "missed"), "rung three times");
            if (n < 3) taken = await VideoLine.NextAsync(lawyer).Gives(OK);
        }
        second.Dispose();
    }

    [Test]
    public async Task Join_WhatIsWrong_IsSaid()
    {
        using var citizen = await _api.NewCitizenAsync();
        await _line.TryJoinAsync(citizen).Refuses(Conflict, "queue_closed");
        using var lawyer = await _line.NewLawyerAsync();
        await _line.TryJoinAsync(citizen, new { categoryCode = "0201", regionCode = "nowhere" }).Refuses(UnprocessableEntity, "no_responsible_unit");
        await _line.TryJoinAsync(citizen, new { categoryCode = "9999", regionCode = _line.Region }).Refuses(BadRequest, "category_unknown");
        await _line.TryJoinAsync(citizen, new { categoryCode = "0201", regionCode = _line.Region, wants = "callback" }).Refuses(UnprocessableEntity, "phone_required");
        await _line.TryJoinAsync(citizen, new { categoryCode = "0201", regionCode = _line.Region, wants = "atTheWindow" }).Refuses(BadRequest, "validation_failed");
        await _line.TryJoinAsync(citizen, new { categoryCode = "0201", regionCode = _line.Region, priority = "emergency" }).Refuses(UnprocessableEntity, "priority_not_declarable");
        await _line.TryJoinAsync(citizen, new { categoryCode = "0201", regionCode = _line.Region, matterId = "01KAN8R4XHT1CKET0000000021" }).Refuses(NotFound, "not_found");
        using var undecided = await _api.NewCitizenAsync(consents: false);
        await _line.TryJoinAsync(undecided).Refuses(Forbidden, "consent_required");
        var ticket = (await _line.JoinAsync(citizen)).String("id");
        await _line.TryJoinAsync(citizen).Refuses(Conflict, "already_queued");
        await undecided.GetAsync($"/v1/queue-tickets/{ticket}").Refuses(NotFound, "not_found");
        await undecided.PostAsync($"/v1/queue-tickets/{ticket}/leaving", new { }).Refuses(NotFound, "not_found");
        using var stranger = await _api.NewStaffAsync(Role.Lawyer);
        await VideoLine.AcceptAsync(stranger, ticket).Refuses(NotFound, "not_found");
        await stranger.PostAsync("/v1/staff/queue/next", new { queueId = _line.Queue }).Refuses(NotFound, "not_found");

        Assert.That((await citizen.PostAsync($"/v1/queue-tickets/{ticket}/leaving", new { }).Gives(OK)).String("state"), Is.EqualTo("left"));
        await citizen.PostAsync($"/v1/queue-tickets/{ticket}/leaving", new { }).Gives(OK);
        await VideoLine.AcceptAsync(lawyer, ticket).Refuses(Conflict, "ticket_over");
        await VideoLine.NextAsync(lawyer).Refuses(Conflict, "nobody_waits");
        Assert.That(await _api.ScalarAsync<string>("SELECT m.status FROM matters m JOIN tickets t ON t.matter_id = m.id WHERE t.id = @ticket", new { ticket }), Is.EqualTo("Withdrawn"));
    }

    [Test]
    public async Task Conflict_WhoMustNotAct_IsNeitherRungNorGivenThem()
    {
        using var lawyer = await _line.NewLawyerAsync();
        await lawyer.PostAsync("/v1/staff/me/known-parties", new { name = "某食品有限公司" });
        var (citizen, ticket) = await _line.NewWaiterAsync(new { categoryCode = "0201", regionCode = _line.Region, opposingParty = " 某食品有限公司" });
        var (second, two) = await _line.NewWaiterAsync();
        await _line.TickAsync();
        Assert.That(await VideoLine.RingingAsync(lawyer), Is.EqualTo(new[] { two }));
        Assert.That((await VideoLine.NextAsync(lawyer).Gives(OK)).String("id"), Is.EqualTo(two));
        Assert.That((await VideoLine.LookAsync(citizen, ticket)).String("state"), Is.EqualTo("waiting"));
        citizen.Dispose();
        second.Dispose();
    }

    [Test]
    public async Task Priority_GoesBefore_AndNobodyStarves()
    {
        using var lawyer = await _line.NewLawyerAsync();
        var (first, one) = await _line.NewWaiterAsync();
        _api.Time.Advance(TimeSpan.FromMinutes(9));
        await VideoLine.BeatAsync(lawyer);
        var elderly = new { categoryCode = "0201", regionCode = _line.Region, priority = "elderly" };
        var (second, two) = await _line.NewWaiterAsync(elderly);
        Assert.That((await VideoLine.LookAsync(first, one))["before"].GetInt32(), Is.EqualTo(1), "ten minutes' head start");
        _api.Time.Advance(TimeSpan.FromMinutes(2));
        await VideoLine.BeatAsync(lawyer);
        var (third, _) = await _line.NewWaiterAsync(elderly);
        Assert.That((await VideoLine.LookAsync(first, one))["before"].GetInt32(), Is.EqualTo(1), "but no more");
        Assert.That((await VideoLine.NextAsync(lawyer).Gives(OK)).String("id"), Is.EqualTo(two));
        foreach (var person in new[] { first, second, third }) person.Dispose();
    }

    [Test]
    public async Task Duty_EndsWithPeopleWaiting_TheyAreToldAndKeepTheirPlaces()
    {
        using var lawyer = await _line.NewLawyerAsync();
        var (citizen, ticket) = await _line.NewWaiterAsync();
        await _line.TickAsync();
        await VideoLine.SayAsync(lawyer, "off");
        await _line.TickAsync();
        Assert.That(await KindsAsync(citizen), Does.Not.Contain("ticketHeldOver"), "a short break is no end");
        _api.Time.Advance(TimeSpan.FromMinutes(3));
        await _line.TickAsync();
        await _line.TickAsync();
        Assert.That((await KindsAsync(citizen)).Count(k => k == "ticketHeldOver"), Is.EqualTo(1));
        var seen = await VideoLine.LookAsync(citizen, ticket);
        Assert.That((seen.String("state"), seen["queueOpen"].GetBoolean()), Is.EqualTo(("waiting", false)));
        Assert.That(seen["options"].EnumerateArray().Select(o => o.GetString()), Is.SupersetOf(new[] { "swapForCallback", "bookSlot" }));

        _api.Time.Advance(TimeSpan.FromHours(14));
        await VideoLine.SayAsync(lawyer, "on");
        await _line.TickAsync();
        Assert.That(await VideoLine.RingingAsync(lawyer), Is.EqualTo(new[] { ticket }), "first in the morning");
        await VideoLine.SayAsync(lawyer, "off");
        _api.Time.Advance(TimeSpan.FromDays(7));
        await _api.RunAsync<MicroPlatform.Api.Queues.CheckQueuesJob>();
        await _api.DeliverAsync();
        Assert.That((await VideoLine.LookAsync(citizen, ticket)).String("state"), Is.EqualTo("closed"));
        Assert.That(await KindsAsync(citizen), Does.Contain("ticketClosed"));
        citizen.Dispose();
    }

    [Test]
    public async Task Wait_ForNews_IsAnsweredWhenTheTurnComes()
    {
        using var lawyer = await _line.NewLawyerAsync();
        var (citizen, ticket) = await _line.NewWaiterAsync();
        using var _ = citizen;
        var etag = (await VideoLine.LookAsync(citizen, ticket)).Headers.ETag!.ToString();
        await citizen.GetAsync($"/v1/queue-tickets/{ticket}", ("If-None-Match", etag)).Gives(NotModified);
        var waiting = citizen.GetAsync($"/v1/queue-tickets/{ticket}?waitSeconds=30", ("If-None-Match", etag));
        await VideoLine.NextAsync(lawyer).Gives(OK);
        var news = await waiting.Gives(OK);
        // Another piece of news may come first, such as a better estimate: a client asks again with what it has.
        if (news.String("state") == "waiting") news = await citizen.GetAsync($"/v1/queue-tickets/{ticket}?waitSeconds=30", ("If-None-Match", news.Headers.ETag!.ToString())).Gives(OK);
        Assert.That(news.String("state"), Is.EqualTo("called"));
        await citizen.GetAsync($"/v1/queue-tickets/{ticket}?waitSeconds=31").Refuses(BadRequest, "validation_failed");
    }

    private static async Task<List<string>> KindsAsync(ApiClient citizen) =>
        [.. (await citizen.GetAsync("/v1/me/notifications?limit=50").Gives(OK))["items"].EnumerateArray().Select(n => n.GetProperty("kind").GetString()!)];
}
