using MicroPlatform.Api.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>The runner of the schedule: what is due runs, whatever else runs at the time.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class JobRunnerTests(Engine engine)
{
    [Test]
    public async Task Run_OneJobThatNeverEnds_HoldsUpNoOther_AndRunsOnce()
    {
        await using var api = await TestApi.StartAsync(engine);
        var (slow, quick) = (new SlowJob(), new QuickJob());
        await using var services = new ServiceCollection().AddSingleton(slow).AddSingleton(quick).BuildServiceProvider();
        using var runner = new JobRunner(
            [new("test.slow", typeof(SlowJob), TimeSpan.FromMilliseconds(1)), new("test.quick", typeof(QuickJob), TimeSpan.FromMilliseconds(1))],
            services.GetRequiredService<IServiceScopeFactory>(), api.Services.GetRequiredService<JobRuns>(), Options.Create(new JobOptions()), api.Time, NullLogger<JobRunner>.Instance);

        await runner.StartAsync(CancellationToken.None);
        await quick.RanTwice.Task;
        Assert.That(slow.Begun, Is.EqualTo(1));
        await runner.StopAsync(CancellationToken.None);
        Assert.That(slow.Ended, Is.True, "stopping waits for what runs");
    }

    private sealed class SlowJob : IJob
    {
        public int Begun { get; private set; }
        public bool Ended { get; private set; }

        public async Task<int> RunOnceAsync(CancellationToken cancel)
        {
            Begun++;
            try
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }
            finally
            {
                Ended = true;
            }
            return 0;
        }
    }

    private sealed class QuickJob : IJob
    {
        private int _runs;

        public TaskCompletionSource RanTwice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<int> RunOnceAsync(CancellationToken cancel)
        {
            if (++_runs == 2) RanTwice.SetResult();
            return Task.FromResult(1);
        }
    }
}
