using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>
/// A second phone: whoever is put out of the room asks at once whether the seat is still theirs, and comes back when it is. So the seat must have changed hands by then,
/// or two devices throw each other out.
/// </summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class TakeOverTests(Engine engine)
{
    private const string Mine = "/v1/video-calls";

    private readonly Doorman _doorman = new();
    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine, [.. Bookable.LongDays], services => services.RemoveAll<IVideoProvider>().AddSingleton<IVideoProvider>(_doorman));

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Join_FromASecondPhone_PutsTheFirstOutOnceItHasLostItsSeat()
    {
        _api.Time.At("2026-11-25T08:00+08:00");
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var call = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(0, 9), mode: MeetingMode.Video)).Gives(Created)).String("videoCallId");
        _api.Time.At("2026-11-25T09:00+08:00");
        var first = (await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK)).String("seat");
        var codes = new List<string>();
        _doorman.WhenPutOut = async () => codes.Add((await citizen.PostAsync($"{Mine}/{call}/heartbeat", new { seat = first })).String("code"));
        var second = (await citizen.PostAsync($"{Mine}/{call}/join").Gives(OK)).String("seat");
        Assert.That(codes, Is.EqualTo(new[] { "call_taken_over" }));
        await citizen.PostAsync($"{Mine}/{call}/heartbeat", new { seat = second }).Gives(OK);
    }

    private sealed class Doorman : IVideoProvider
    {
        public Func<Task> WhenPutOut { get; set; } = () => Task.CompletedTask;

        public string Name => TestProvider.ProviderName;

        public bool ControlsRooms => true;

        public bool SeesRooms => false;

        public Task<Outcome<Done>> EnsureRoomAsync(VideoRoom room, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

        public Task<Outcome<JoinGrant>> JoinAsync(VideoRoom room, RoomParticipant who, DateTimeOffset now, CancellationToken cancel = default) =>
            Task.FromResult<Outcome<JoinGrant>>(new JoinGrant(Name, now.AddMinutes(10), new TestParams(room.Id, who.Id), []));

        public async Task<Outcome<Done>> RemoveAsync(string roomId, string participantId, CancellationToken cancel = default)
        {
            await WhenPutOut();
            return Done.It;
        }

        public Task<Outcome<Done>> CloseRoomAsync(string roomId, CancellationToken cancel = default) => Task.FromResult<Outcome<Done>>(Done.It);

        public Task<Outcome<RoomPresence[]>> ListAsync(string roomId, CancellationToken cancel = default) => Task.FromResult<Outcome<RoomPresence[]>>(Array.Empty<RoomPresence>());
    }
}
