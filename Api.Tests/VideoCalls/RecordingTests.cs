using System.Collections.Concurrent;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.VideoCalls;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>Recording: both agree or nothing is recorded; who takes it back stops it; it is kept until its day and then gone; few know of it.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RecordingTests(Engine engine)
{
    private const string Mine = "/v1/video-calls";
    private const string Staff = "/v1/staff/video-calls";

    private readonly Recorder _recorder = new();
    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, [.. Bookable.LongDays, "VideoCalls:RecordingsKeptFor=90.00:00:00"],
        services => services.RemoveAll<IVideoProvider>().AddSingleton<IVideoProvider>(_recorder));

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public void OnAWednesday() => _api.Time.At("2026-11-25T08:00+08:00");

    [Test]
    public async Task Record_OnlyOnceBothAgree_AndNoLongerThanTheyDo()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var call = await ConnectedAsync(citizen, lawyer);
        await lawyer.PostAsync($"{Staff}/{call}/recordings").Refuses(Conflict, "recording_not_agreed");
        await citizen.PostAsync($"{Mine}/{call}/recording-consent", new { agrees = true }).Gives(OK);
        await lawyer.PostAsync($"{Staff}/{call}/recordings").Refuses(Conflict, "recording_not_agreed");
        Assert.That((await lawyer.PostAsync($"{Staff}/{call}/recording-consent", new { agrees = true }).Gives(OK))["recordingAllowed"].GetBoolean(), Is.True);
        await lawyer.PostAsync($"{Staff}/{call}/recordings/stop").Refuses(Conflict, "recording_not_running");
        Assert.That((await lawyer.PostAsync($"{Staff}/{call}/recordings").Gives(Created)).String("state"), Is.EqualTo("wanted"));
        await lawyer.PostAsync($"{Staff}/{call}/recordings").Refuses(Conflict, "recording_running");
        await _api.DeliverAsync();
        Assert.That((await citizen.GetAsync($"{Mine}/{call}").Gives(OK))["recording"].GetBoolean(), Is.True);
        Assert.That(_recorder.Running.Values, Does.Contain(call));

        await citizen.PostAsync($"{Mine}/{call}/recording-consent", new { agrees = false }).Gives(OK);
        await _api.DeliverAsync();
        Assert.That(_recorder.Running.Values, Does.Not.Contain(call));
        var list = await citizen.GetAsync($"{Mine}/{call}/recordings").Gives(OK);
        Assert.That((list["items"][0].GetProperty("state").GetString(), list["items"][0].GetProperty("whyStopped").GetString(), list["items"][0].GetProperty("agreedParticipants").GetArrayLength()),
            Is.EqualTo(("kept", "consentWithdrawn", 2)));
        Assert.That(list["items"][0].GetProperty("deleteAfter").GetString(), Does.StartWith("2027-02-23"));

        _api.Time.At("2027-02-24T10:00+08:00");
        await _api.RunAsync<SweepCallsJob>();
        var reference = await _api.ScalarAsync<string>("SELECT provider_ref FROM video_call_recordings WHERE call_id = @call", new { call });
        Assert.That((await citizen.GetAsync($"{Mine}/{call}/recordings").Gives(OK))["items"][0].GetProperty("state").GetString(), Is.EqualTo("deleted"));
        Assert.That(_recorder.Kept, Does.Not.Contain(reference));
    }

    [Test]
    public async Task Record_EndsWithTheCall_AndOnlyPartiesAndTheHeadKnow()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var colleague = await _api.NewStaffAsync(Role.Lawyer, DemoDistrict.TownA);
        using var head = await _api.NewStaffAsync(Role.CentreHead, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        var call = await RecordedAsync(citizen, lawyer);
        Assert.That((await colleague.GetAsync($"{Staff}/{call}").Gives(OK))["recording"].GetBoolean(), Is.False);
        await colleague.GetAsync($"{Staff}/{call}/recordings").Refuses(Forbidden, "forbidden");
        await head.GetAsync($"{Staff}/{call}/recordings").Gives(OK);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'video-calls.recordings-read' AND actor_id = @Id", new { head.Id }), Is.EqualTo(1));
        await lawyer.PostAsync($"{Staff}/{call}/end").Gives(OK);
        await _api.DeliverAsync();
        Assert.That((await lawyer.GetAsync($"{Staff}/{call}/recordings").Gives(OK))["items"][0].GetProperty("whyStopped").GetString(), Is.EqualTo("callOver"));
    }

    [Test]
    public async Task Record_WhenSomebodyJoins_TheyAreAskedFirst()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var helper = await _api.NewStaffAsync(Role.Mediator, DemoDistrict.TownA);
        using var citizen = await _api.NewBookerAsync();
        var call = await RecordedAsync(citizen, lawyer);
        await lawyer.PostAsync($"{Staff}/{call}/participants", new { staffId = helper.Id }).Gives(OK);
        await _api.DeliverAsync();
        Assert.That(_recorder.Running.Values, Does.Not.Contain(call), "agreement was given to those who were there");
    }

    [Test]
    public async Task Record_ByAProviderThatCannot_IsRefusedPlainly_AndOneThatFailsLeavesNothing()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var call = await ConnectedAsync(citizen, lawyer);
        await citizen.PostAsync($"{Mine}/{call}/recording-consent", new { agrees = true }).Gives(OK);
        await lawyer.PostAsync($"{Staff}/{call}/recording-consent", new { agrees = true }).Gives(OK);
        _recorder.Fails = true;
        await lawyer.PostAsync($"{Staff}/{call}/recordings").Gives(Created);
        for (var i = 0; i < 4; i++)
        {
            await _api.DeliverAsync();
            _api.Time.Advance(TimeSpan.FromMinutes(1));
        }
        _recorder.Fails = false;
        Assert.That((await lawyer.GetAsync($"{Staff}/{call}/recordings").Gives(OK))["items"][0].GetProperty("state").GetString(), Is.EqualTo("failed"));
        await _api.ExecuteAsync("UPDATE video_calls SET provider = 'phone' WHERE id = @call", new { call });
        await lawyer.PostAsync($"{Staff}/{call}/recordings").Refuses(UnprocessableEntity, "recording_unsupported");
    }

    private async Task<string> RecordedAsync(ApiClient citizen, ApiClient lawyer)
    {
        var call = await ConnectedAsync(citizen, lawyer);
        await citizen.PostAsync($"{Mine}/{call}/recording-consent", new { agrees = true }).Gives(OK);
        await lawyer.PostAsync($"{Staff}/{call}/recording-consent", new { agrees = true }).Gives(OK);
        await lawyer.PostAsync($"{Staff}/{call}/recordings").Gives(Created);
        await _api.DeliverAsync();
        Assert.That(_recorder.Running.Values, Does.Contain(call));
        return call;
    }

    private async Task<string> ConnectedAsync(ApiClient citizen, ApiClient lawyer)
    {
        var call = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9), mode: MeetingMode.Video)).Gives(Created)).String("videoCallId");
        _api.Time.At("2026-11-25T09:00+08:00");
        await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK);
        await lawyer.PostAsync($"{Staff}/{call}/join").Gives(OK);
        return call;
    }

    /// <summary>A provider that records: what it keeps are names. None of the real ones here can.</summary>
    private sealed class Recorder : IVideoProvider, IVideoRecorder
    {
        /// <summary>Room by reference.</summary>
        public ConcurrentDictionary<string, string> Running { get; } = new();

        public ConcurrentDictionary<string, string> Stopped { get; } = new();

        public ICollection<string> Kept => Stopped.Keys;

        public bool Fails { get; set; }

        public string Name => TestProvider.ProviderName;

        public bool ControlsRooms => false;

        public bool SeesRooms => false;

        public Task<Outcome<Done>> EnsureRoomAsync(VideoRoom room, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

        public Task<Outcome<JoinGrant>> JoinAsync(VideoRoom room, RoomParticipant who, DateTimeOffset now, CancellationToken cancel = default) =>
            Task.FromResult<Outcome<JoinGrant>>(new JoinGrant(Name, now.AddMinutes(10), new TestParams(room.Id, who.Id), []));

        public Task<Outcome<Done>> RemoveAsync(string roomId, string participantId, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

        public Task<Outcome<Done>> CloseRoomAsync(string roomId, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

        public Task<Outcome<RoomPresence[]>> ListAsync(string roomId, CancellationToken cancel = default) => Task.FromResult<Outcome<RoomPresence[]>>(Array.Empty<RoomPresence>());

        public Task<Outcome<string>> StartRecordingAsync(string roomId, string recordingId, CancellationToken cancel = default)
        {
            if (Fails) return Task.FromResult<Outcome<string>>(VideoRefusals.ProviderDown);
            Running[recordingId] = roomId;
            return Task.FromResult<Outcome<string>>(recordingId);
        }

        public Task<Outcome<Done>> StopRecordingAsync(string roomId, string reference, CancellationToken cancel = default)
        {
            if (Running.TryRemove(reference, out var room)) Stopped[reference] = room;
            return Task.FromResult<Outcome<Done>>(Done.It);
        }

        public Task<Outcome<Done>> DeleteRecordingAsync(string reference, CancellationToken cancel = default)
        {
            Stopped.TryRemove(reference, out _);
            return Task.FromResult<Outcome<Done>>(Done.It);
        }
    }
}
