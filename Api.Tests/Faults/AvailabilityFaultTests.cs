using System.Globalization;
using System.Net;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Appointments;
using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.Faults;

/// <summary>Redis is cut off, comes back with what it had, or is emptied, while people search and book.</summary>
public sealed class AvailabilityFaultTests
{
    private PrivateRedis _redis = null!;
    private Cable _cable = null!;
    private TestApi _api = null!;
    private ApiClient _nobody = null!;

    [SetUp]
    public async Task Start()
    {
        Engines.Require(Engine.Served);
        _redis = await PrivateRedis.StartAsync();
        _cable = new Cable("127.0.0.1", _redis.Port);
        _api = await TestApi.StartAsync(Engine.Served, [$"Redis:ConnectionString=127.0.0.1:{_cable.Port}"]);
        _api.Time.At("2026-11-25T08:00+08:00");
        _nobody = _api.Anonymous();
    }

    [TearDown]
    public async Task Stop()
    {
        _nobody?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
        if (_cable is not null) await _cable.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
    }

    [Test]
    public async Task Redis_CutOff_SearchBookCancelGoOn_AndItHealsByItself()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        using var other = await _api.NewBookerAsync();
        await TrustedAsync();
        Assert.That(await StartsAsync(lawyer.Id), Does.Contain("10:00").And.Contain("11:00"));
        var before = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 11))).Gives(HttpStatusCode.Created)).String("id");

        _cable.PullOut();
        Assert.That(await StartsAsync(lawyer.Id), Does.Contain("10:00").And.Not.Contain("11:00"), "searches read the database");
        await other.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 10))).Gives(HttpStatusCode.Created);
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 10))).Refuses(HttpStatusCode.Conflict, "slot_taken");
        await citizen.PostAsync($"/v1/appointments/{before}/cancellation").Gives(HttpStatusCode.OK);
        Assert.That(await StartsAsync(lawyer.Id), Does.Contain("11:00").And.Not.Contain("10:00"));
        await _nobody.PostAsync("/v1/slot-holds", new { serviceCode = "lawyer", mode = "inPerson", resourceId = lawyer.Id, startsAt = _api.Day(1, 14) }).Refuses(HttpStatusCode.ServiceUnavailable, "hold_unavailable");
        Assert.That((await _nobody.GetAsync("/health/ready").Gives(HttpStatusCode.OK)).String("status"), Is.EqualTo("degraded"));
        await _nobody.GetAsync($"/v1/slots/days?serviceCode=lawyer&from=2026-11-25&days=31").Gives(HttpStatusCode.OK);
        await _nobody.GetAsync("/v1/slots/next?serviceCode=lawyer").Gives(HttpStatusCode.OK);

        _cable.PutBack();
        // Redis still has the day as it was before the cut: 10:00 free, 11:00 taken.
        for (var n = 0; n < 20; n++) Assert.That(await StartsAsync(lawyer.Id), Does.Contain("11:00").And.Not.Contain("10:00"), "never, not even for a moment");
        await TrustedAsync();
        Assert.That(await StartsAsync(lawyer.Id), Does.Contain("11:00").And.Not.Contain("10:00"));
        Assert.That(await CopiedAsync(lawyer.Id), Does.Contain("11:00").And.Not.Contain("10:00"), "and the copy itself is right");
        await _nobody.PostAsync("/v1/slot-holds", new { serviceCode = "lawyer", mode = "inPerson", resourceId = lawyer.Id, startsAt = _api.Day(1, 14) }).Gives(HttpStatusCode.Created);
        Assert.That((await _nobody.GetAsync("/health/ready").Gives(HttpStatusCode.OK)).String("status"), Is.EqualTo("ready"));
        Assert.That(await _api.RunAsync<CheckAvailabilityJob>(), Is.Zero, "no difference is left");
    }

    [Test]
    public async Task Redis_BackInTimeWithoutAnyFailedCall_IsNotBelieved()
    {
        using var lawyer = await _api.NewPersonAsync();
        await TrustedAsync();
        Assert.That(await StartsAsync(lawyer.Id), Does.Contain("10:00"));
        var store = _api.Services.GetRequiredService<IAvailabilityStore>();
        var day = DateOnly.FromDateTime(_api.Day(1, 0).DateTime);
        var old = (await store.ReadAsync([lawyer.Id], day, 1, _api.Time.GetUtcNow(), default)).Days.Values.Single();
        using var citizen = await _api.NewBookerAsync();
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 10))).Gives(HttpStatusCode.Created);

        // As after a restart from an older file: the connection breaks while nobody calls, and the day of before the booking is there.
        _cable.PullOut();
        await _redis.AdminAsync("FLUSHALL");
        _cable.PutBack();
        await using (var behind = new Cable("127.0.0.1", _redis.Port)) await PutRawAsync(behind.Port, old);
        for (var n = 0; n < 20; n++) Assert.That(await StartsAsync(lawyer.Id), Does.Not.Contain("10:00"));
        await TrustedAsync();
        Assert.That(await StartsAsync(lawyer.Id), Does.Not.Contain("10:00"));
    }

    [Test]
    public async Task Redis_EmptiedAmidBookings_NothingDoubleAndRefilled()
    {
        const int People = 60;
        using var lawyer = await _api.NewPersonAsync();
        using var second = await _api.NewPersonAsync();
        await TrustedAsync();
        var citizens = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => _api.NewBookerAsync()));
        using var ended = new CancellationTokenSource();
        var flushing = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                await _redis.AdminAsync("FLUSHALL");
                await Task.Delay(5);
            }
        });
        var answers = await Task.WhenAll(citizens.Select((c, n) =>
            ConsultationTests.PatientlyAsync(() => c.PostAsync("/v1/appointments", Bookable.Order(n % 2 == 0 ? lawyer.Id : second.Id, _api.Day(1, 9 + (n / 2 % 4)))))));
        await ended.CancelAsync();
        await flushing;

        Assert.That(answers.Count(a => a.Status == HttpStatusCode.Created), Is.EqualTo(8), "two people, four starts");
        Assert.That(answers.Where(a => a.Status != HttpStatusCode.Created).Select(a => a.String("code")), Is.All.EqualTo("slot_taken"));
        Assert.That(await _api.ScalarAsync<long>("""
            SELECT COUNT(*) FROM appointments a JOIN appointments b ON a.resource_id = b.resource_id AND a.id < b.id AND a.seat = b.seat AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
            WHERE a.state <> 'Cancelled' AND b.state <> 'Cancelled'
            """), Is.Zero);
        Assert.That(await StartsAsync(lawyer.Id), Does.Not.Contain("09:00").And.Contain("09:30"));
        Assert.That(await CopiedAsync(lawyer.Id), Does.Not.Contain("09:00").And.Contain("09:30"), "whoever looked has filled the copy again");
        foreach (var c in citizens) c.Dispose();
    }

    [Test]
    public async Task Search_FortyPeopleAMonth_IsOneMgetAndOneLookAtHolds()
    {
        for (var n = 0; n < 40; n++) (await _api.NewPersonAsync()).Dispose();
        await _api.Services.GetRequiredService<AvailabilityProjection>().RebuildAsync(default);
        await TrustedAsync();
        await _redis.AdminAsync("CONFIG", "RESETSTAT");
        await _nobody.GetAsync("/v1/slots/days?serviceCode=lawyer&from=2026-11-25&days=31").Gives(HttpStatusCode.OK);
        var stats = (string)(await _redis.AdminAsync("INFO", "commandstats"))!;
        Assert.That(stats, Does.Contain("cmdstat_mget:calls=1,"));
        // One GET is the client's own, of whoever connects to ask for these figures.
        Assert.That(stats, Does.Contain("cmdstat_zrangebyscore:calls=1,").And.Not.Contain("cmdstat_set:").And.Not.Contain("cmdstat_eval").And.Not.Match("cmdstat_get:calls=([2-9]|1[0-9])"));
    }

    [Test]
    public async Task Check_WrongDay_IsFoundAndRepaired()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        using var administrator = await _api.NewStaffAsync(Role.Administrator);
        await TrustedAsync();
        await _api.Services.GetRequiredService<AvailabilityProjection>().RebuildAsync(default);
        Assert.That(await _api.RunAsync<CheckAvailabilityJob>(), Is.Zero);
        // As a crash between commit and refresh leaves it: booked, and the copy does not know.
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 10))).Gives(HttpStatusCode.Created);
        await _api.ExecuteAsync("DELETE FROM appointment_rasters WHERE resource_id = @Id", new { lawyer.Id });
        Assert.That(await StartsAsync(lawyer.Id), Does.Not.Contain("10:00"));
        var job = Schedule.Jobs.Single(j => j.Name == CheckAvailabilityJob.Name);
        var runs = _api.Services.GetRequiredService<JobRuns>();
        Assert.That(await runs.TryBeginAsync(job, default), Is.True);
        var differences = await _api.RunAsync<CheckAvailabilityJob>();
        await runs.EndAsync(job, differences, null);
        Assert.That(differences, Is.EqualTo(1));
        Assert.That(await StartsAsync(lawyer.Id), Does.Contain("10:00"));
        var told = await administrator.GetAsync("/v1/admin/availability/check").Gives(HttpStatusCode.OK);
        Assert.That(told["differences"].GetInt32(), Is.EqualTo(1));
        Assert.That(told["trusted"].GetBoolean(), Is.True);
        Assert.That(await _api.RunAsync<CheckAvailabilityJob>(), Is.Zero);

        // As after the database was restored from a backup: the copy claims to be later.
        await _api.ExecuteAsync("UPDATE booking_resources SET version = 1 WHERE id = @Id", new { lawyer.Id });
        await _api.AddOneTakenAsync(lawyer.Id, _api.Day(2, 10));
        Assert.That(await _api.RunAsync<CheckAvailabilityJob>(), Is.EqualTo(1));
        Assert.That(await StartsAsync(lawyer.Id, 2), Does.Not.Contain("10:00"));
    }

    [Test]
    public async Task Rebuild_ByTheAdministrator_WholeOneOrOneDay()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var administrator = await _api.NewStaffAsync(Role.Administrator);
        await TrustedAsync();
        await _redis.AdminAsync("FLUSHALL");
        Assert.That((await administrator.PostAsync("/v1/admin/availability/rebuild", new { resourceId = lawyer.Id, date = "2026-11-26" }).Gives(HttpStatusCode.OK))["days"].GetInt32(), Is.EqualTo(1));
        Assert.That((await administrator.PostAsync("/v1/admin/availability/rebuild", new { resourceId = lawyer.Id }).Gives(HttpStatusCode.OK))["days"].GetInt32(), Is.EqualTo(63));
        Assert.That((await administrator.PostAsync("/v1/admin/availability/rebuild", new { }).Gives(HttpStatusCode.OK))["days"].GetInt32(), Is.EqualTo(63));
        await administrator.PostAsync("/v1/admin/availability/rebuild", new { date = "2026-11-26" }).Refuses(HttpStatusCode.BadRequest, "validation_failed");
        await administrator.PostAsync("/v1/admin/availability/rebuild", new { resourceId = lawyer.Id, date = "2027-11-26" }).Refuses(HttpStatusCode.BadRequest, "validation_failed");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'availability.rebuild'"), Is.EqualTo(3));
        _cable.PullOut();
        await administrator.PostAsync("/v1/admin/availability/rebuild", new { }).Refuses(HttpStatusCode.ServiceUnavailable, "availability_copy_unavailable");
    }

    /// <summary>Waits until the node believes the copy again; it has seconds for it.</summary>
    private async Task TrustedAsync()
    {
        var availability = _api.Services.GetRequiredService<AvailabilityProjection>();
        for (var n = 0; n < 100 && availability.IsBehind; n++) await Task.Delay(100);
        Assert.That(availability.IsBehind, Is.False, "within ten seconds");
    }

    private async Task<string> StartsAsync(string resourceId, int days = 1)
    {
        var found = await _nobody.GetAsync($"/v1/slots?resourceId={resourceId}&serviceCode=lawyer&mode=inPerson&date={_api.Day(days, 0):yyyy-MM-dd}").Gives(HttpStatusCode.OK);
        return string.Join(' ', found["items"].EnumerateArray().Select(s => s.GetProperty("startsAt").GetString()![11..16]));
    }

    /// <summary>What the copy alone says.</summary>
    private async Task<string> CopiedAsync(string resourceId)
    {
        var day = DateOnly.FromDateTime(_api.Day(1, 0).DateTime);
        var copied = (await _api.Services.GetRequiredService<IAvailabilityStore>().ReadAsync([resourceId], day, 1, _api.Time.GetUtcNow(), default)).Days[(resourceId, day)];
        var service = (await _api.Services.GetRequiredService<ServiceRepository>().FindAsync("lawyer", default))!;
        return string.Join(' ', Availability.FreeSlots(copied, new SlotWish(service, MeetingMode.InPerson, BookingSide.Citizen), [], _api.Time.GetUtcNow()).Select(s => s.StartsAt.ToString("HH:mm", CultureInfo.InvariantCulture)));
    }

    private async Task PutRawAsync(int port, ResourceDay day)
    {
        var prefix = _api.Services.GetRequiredService<Infrastructure.Redis.RedisConnection>().Prefix;
        await using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");
        await connection.GetDatabase().StringSetAsync(prefix + Infrastructure.Redis.RedisKeys.AvailabilityDay(day.ResourceId, day.Day).ToString(), ResourceDayCodec.Write(day));
    }
}
