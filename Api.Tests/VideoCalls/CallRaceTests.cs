using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.VideoCalls;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>Two at once: of each pair one wins, the other hears why, and what is kept is one story.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CallRaceTests(Engine engine)
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
    public void OnAWednesday() => _api.Time.At("2026-11-25T08:00+08:00");

    [Test]
    public async Task Desk_TenComeInAtOnce_OneServes()
    {
        var desk = await _api.NewDeskAsync(Seats.One);
        using var citizen = await _api.NewBookerAsync();
        var booked = await citizen.PostAsync("/v1/appointments", Bookable.Order(desk, _api.Day(0, 9), mode: MeetingMode.Video)).Gives(Created);
        var call = booked.String("videoCallId");
        var clerks = new List<ApiClient>();
        for (var i = 0; i < 10; i++) clerks.Add(await _api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA));
        _api.Time.At("2026-11-25T09:00+08:00");
        await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK);
        var answers = await Task.WhenAll(clerks.Select(c => c.PostAsync($"{Staff}/{call}/join")));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1));
        foreach (var lost in answers.Where(a => a.Status != OK)) lost.Refuses(Conflict, "call_taken");
        var winner = clerks[Array.FindIndex(answers, a => a.Status == OK)];
        Assert.That((await citizen.GetAsync($"{Mine}/{call}").Gives(OK)).String("state"), Is.EqualTo("connected"));
        Assert.That((await winner.GetAsync($"/v1/staff/appointments/{booked.String("id")}").Gives(OK)).String("staffId"), Is.EqualTo(winner.Id), "the appointment knows who serves");
        foreach (var clerk in clerks) clerk.Dispose();
    }

    [Test]
    public async Task TwoPhones_JoinTwentyTimesAtOnce_OneSeatIsLeft()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var call = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        var seats = (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => citizen.PostAsync($"{Mine}/{call}/join")))).Select(a => a.Gives(OK).String("seat")).ToList();
        Assert.That(seats, Is.Unique);
        var beats = new List<Answer>();
        foreach (var seat in seats) beats.Add(await citizen.PostAsync($"{Mine}/{call}/heartbeat", new { seat }));
        Assert.That(beats.Count(b => b.Status == OK), Is.EqualTo(1));
    }

    [Test]
    public async Task BothEnd_AtOnce_ItEndsOnceAndTheTimeIsCountedOnce()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var call = await BookAsync(citizen, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        await Task.WhenAll(citizen.PostAsync($"{Mine}/{call}/join"), lawyer.PostAsync($"{Staff}/{call}/join"));
        _api.Time.At("2026-11-25T09:10+08:00");
        var ends = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? citizen.PostAsync($"{Mine}/{call}/end") : lawyer.PostAsync($"{Staff}/{call}/end")));
        Assert.That(ends.Select(e => e.Status), Is.All.EqualTo(OK));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM matter_timeline t JOIN video_calls c ON c.matter_id = t.matter_id WHERE c.id = @call AND t.kind = 'call_ended'", new { call }), Is.EqualTo(1));
        Assert.That(await _api.ScalarAsync<long>("SELECT talked_ms FROM video_calls WHERE id = @call", new { call }), Is.EqualTo(600_000).Within(30_000));
    }

    [Test]
    public async Task Queue_TheCitizenComesWhileTheOfficeTakesTheRingBack_OneOfTheTwo()
    {
        for (var round = 0; round < 8; round++)
        {
            using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
            using var citizen = await _api.NewBookerAsync();
            var call = await RingAsync(citizen, lawyer);
            await lawyer.PostAsync($"{Staff}/{call}/join").Gives(OK);
            var both = await Task.WhenAll(citizen.PostAsync($"{Mine}/{call}/join"), lawyer.PostAsync($"{Staff}/{call}/end"));
            var state = await _api.ScalarAsync<string>("SELECT state FROM video_calls WHERE id = @call", new { call });
            if (both[0].Status == OK) Assert.That(state, Is.EqualTo("Ended"), "connected, then ended");
            else
            {
                both[0].Refuses(Conflict, "call_over");
                Assert.That(state, Is.EqualTo("Cancelled"));
            }
            both[1].Gives(OK);
        }
    }

    [Test]
    public async Task Queue_OnePersonInOneCall_AtATime()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var second = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var rung = await Task.WhenAll(RingOutcomeAsync(citizen, lawyer), RingOutcomeAsync(other, lawyer), RingOutcomeAsync(citizen, second));
        Assert.That(rung.Count(r => !r.IsRefused), Is.InRange(1, 2));
        foreach (var no in rung.Where(r => r.IsRefused)) Assert.That(no.Refusal!.Code, Is.AnyOf("call_staff_busy", "call_citizen_busy"));
        using var admin = await _api.NewStaffAsync(Role.Administrator);
        var found = await admin.GetAsync("/v1/admin/video-calls/invariants").Gives(OK);
        Assert.That((found["citizensInTwoCalls"].GetInt64(), found["staffInTwoCalls"].GetInt64()), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public async Task Queue_WhoIsInACall_CannotComeIntoAnother()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        var booked = await BookAsync(other, lawyer);
        _api.Time.At("2026-11-25T09:00+08:00");
        var call = await RingAsync(citizen, lawyer);
        await lawyer.PostAsync($"{Staff}/{booked}/join").Refuses(Conflict, "call_staff_busy");
        await citizen.PostAsync($"{Mine}/{call}/end").Gives(OK);
        Assert.That((await citizen.GetAsync($"{Mine}/{call}").Gives(OK)).String("absent"), Is.EqualTo("citizen"), "declined");
        await lawyer.PostAsync($"{Staff}/{booked}/join").Gives(OK);
    }

    [Test]
    public async Task Job_OnTwoNodesAtOnce_DecidesOnce()
    {
        using var lawyer = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        var call = await RingAsync(citizen, lawyer);
        _api.Time.Advance(TimeSpan.FromMinutes(2));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _api.RunAsync<DecideCallsJob>()));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM matter_timeline t JOIN video_calls c ON c.matter_id = t.matter_id WHERE c.id = @call AND t.kind = 'call_missed'", new { call }), Is.EqualTo(1));
    }

    private async Task<string> BookAsync(ApiClient citizen, ApiClient lawyer) =>
        (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9), mode: MeetingMode.Video)).Gives(Created)).String("videoCallId");

    private async Task<string> RingAsync(ApiClient citizen, ApiClient lawyer) => (await RingOutcomeAsync(citizen, lawyer)).Value;

    /// <summary>As a queue does: somebody has taken a citizen who waits, and rings.</summary>
    private Task<Outcome<string>> RingOutcomeAsync(ApiClient citizen, ApiClient lawyer) => _api.Services.GetRequiredService<Database>().WriteAsync<string>(async tx =>
    {
        var matter = new Matter
        {
            Id = tx.NewId(), Number = MatterNumber.New(tx.Now), Kind = MatterKind.VideoConsultation, CategoryCode = "0201", RegionCode = "341602101", Channel = Channel.MiniProgram,
            CitizenId = citizen.Id, Title = "视频咨询", OpenedAt = tx.Now, OrganisationId = DemoDistrict.TownA,
        };
        matter.Open(ContactPreference.Visible, tx.Now);
        var call = VideoCall.RingCitizen(
            new VideoCall { Id = tx.NewId(), Matter = matter, OrganisationId = DemoDistrict.TownA, TicketId = tx.NewId(), Provider = TestProvider.ProviderName, CreatedAt = tx.Now }, CallMedium.Video,
            new CallParticipant { Id = tx.NewId(), Side = CallSide.Citizen, PersonId = citizen.Id, DisplayName = "群众", InvitedAt = tx.Now },
            new CallParticipant { Id = tx.NewId(), Side = CallSide.Staff, PersonId = lawyer.Id, DisplayName = "张律师", InvitedAt = tx.Now }, "张律师", tx.Now);
        var stored = await _api.Services.GetRequiredService<VideoCallRepository>().InsertAsync(tx, call, Actor.Staff(lawyer.Id));
        return stored.IsRefused ? stored.Refusal! : call.Id;
    });
}
