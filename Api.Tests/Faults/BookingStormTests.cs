using System.Net;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Hosting;

namespace MicroPlatform.Api.Tests.Faults;

/// <summary>Sixty-four people at eight calendars, and things that break meanwhile: nobody is booked twice, nothing acknowledged is lost.</summary>
public sealed class BookingStormTests
{
    [Test]
    public async Task Storm_OnOneNode_BooksNobodyTwice([Values] Engine engine)
    {
        await using var api = await TestApi.StartAsync(engine, Crowd.Settings);
        api.Time.At("2026-11-25T08:30+08:00");
        var storm = new Storm(api, [api]);
        await storm.PrepareAsync();
        await storm.RunAsync(16, seed: 1);
        await ExpectTrueCopyAsync(api, storm);
    }

    [Test]
    public async Task Storm_OnTwoNodes_BooksNobodyTwice()
    {
        await using var api = await TestApi.StartAsync(Engine.Served, Crowd.Settings);
        api.Time.At("2026-11-25T08:30+08:00");
        await using var second = await api.StartSecondNodeAsync(Crowd.Settings);
        second.Time.At("2026-11-25T08:30+08:00");
        var storm = new Storm(api, [api, second]);
        await storm.PrepareAsync();
        await storm.RunAsync(12, seed: 2);
        await ExpectTrueCopyAsync(api, storm);
    }

    [Test]
    public async Task Storm_RedisFlushedInTheMiddle_AvailabilityIsRightAgainAtOnce()
    {
        Engines.Require(Engine.Served);
        await using var redis = await PrivateRedis.StartAsync();
        await using var api = await TestApi.StartAsync(Engine.Served, [.. Crowd.Settings, $"Redis:ConnectionString={redis.ConnectionString}"]);
        api.Time.At("2026-11-25T08:30+08:00");
        var storm = new Storm(api, [api]);
        await storm.PrepareAsync();
        await storm.RunAsync(10, seed: 3, async () =>
        {
            for (var n = 0; n < 3; n++)
            {
                await redis.AdminAsync("FLUSHALL");
                await Task.Delay(100);
            }
        });
        await ExpectTrueCopyAsync(api, storm);
    }

    [Test]
    public async Task Storm_RedisKilledAndBack_GoesOnFromTheDatabase()
    {
        Engines.Require(Engine.Served);
        await using var redis = await PrivateRedis.StartAsync();
        await using var api = await TestApi.StartAsync(Engine.Served, [.. Crowd.Settings, $"Redis:ConnectionString={redis.ConnectionString}"]);
        api.Time.At("2026-11-25T08:30+08:00");
        var storm = new Storm(api, [api]);
        await storm.PrepareAsync();
        await storm.RunAsync(10, seed: 4, async () =>
        {
            await redis.KillAsync();
            using var anybody = api.Anonymous();
            await anybody.GetAsync($"/v1/slots?resourceId={storm.Resources[0]}&serviceCode=lawyer&mode=inPerson&date=2026-11-26").Gives(HttpStatusCode.OK);
            await Task.Delay(500);
            await redis.StartAgainAsync();
        });
        using var nobody = api.Anonymous();
        for (var waited = 0; waited < 100 && (await nobody.GetAsync("/health/ready")).String("status") != "ready"; waited++) await Task.Delay(100);
        Assert.That((await nobody.GetAsync("/health/ready")).String("status"), Is.EqualTo("ready"));
        await ExpectTrueCopyAsync(api, storm);
    }

    private static async Task ExpectTrueCopyAsync(TestApi api, Storm storm)
    {
        await api.DeliverAsync();
        await api.ExpectCopyIsTrueAsync(storm.Resources, 5);
    }
}
