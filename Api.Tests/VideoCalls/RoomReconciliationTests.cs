using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.VideoCalls;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>Events that were lost are found by looking.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RoomReconciliationTests(Engine engine)
{
    private TestApi _api = null!;

    private TestProvider Provider => _api.Services.GetRequiredService<TestProvider>();

    [SetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine);

    [TearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Look_FindsComingsAndGoingsThatNobodyTold_Once()
    {
        var (call, who) = (await VideoStage.NewCallAsync(_api, "test"), Id.New(_api.Time));
        var grant = (TestParams)(await Provider.JoinAsync(new VideoRoom(call, _api.Time.GetUtcNow().AddHours(1)), new RoomParticipant(who, "群众", RoomRole.Citizen), _api.Time.GetUtcNow())).Value.Params;
        Assert.That(await _api.RunAsync<ReconcileRoomsJob>(), Is.Zero, "nobody is there");

        Provider.Enter(grant);
        Assert.That(await _api.RunAsync<ReconcileRoomsJob>(), Is.EqualTo(1));
        Assert.That(await _api.RunAsync<ReconcileRoomsJob>(), Is.Zero, "told by the first look");
        Provider.Forget();
        Assert.That(await _api.RunAsync<ReconcileRoomsJob>(), Is.EqualTo(1));
        Assert.That(await _api.RunAsync<ReconcileRoomsJob>(), Is.Zero);
        Assert.That(await CountAsync(call), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task ProviderAway_TellsNothing_AndNobodyIsTakenForGone()
    {
        var (call, who) = (await VideoStage.NewCallAsync(_api, "test"), Id.New(_api.Time));
        Provider.Enter((TestParams)(await Provider.JoinAsync(new VideoRoom(call, _api.Time.GetUtcNow().AddHours(1)), new RoomParticipant(who, "群众", RoomRole.Citizen), _api.Time.GetUtcNow())).Value.Params);
        await _api.RunAsync<ReconcileRoomsJob>();

        Provider.IsDown = true;
        Assert.That(await _api.RunAsync<ReconcileRoomsJob>(), Is.Zero);
        Assert.That(await CountAsync(call), Is.EqualTo((1, 0)));
    }

    private async Task<(long Joined, long Left)> CountAsync(string call) => (
        await _api.ScalarAsync<long>("SELECT COUNT(*) FROM video_provider_events WHERE call_id = @call AND kind = 'Joined'", new { call }),
        await _api.ScalarAsync<long>("SELECT COUNT(*) FROM video_provider_events WHERE call_id = @call AND kind = 'Left'", new { call }));
}
