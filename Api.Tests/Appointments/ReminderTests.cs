using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Reminders: the evening before and two hours before, once, and never what is no longer so.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ReminderTests(Engine engine)
{
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
    public async Task Remind_TheEveningBeforeAndTwoHoursBefore_EachOnce()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 10))).Gives(Created);
        Assert.That(await SaidAsync(citizen, "2026-11-25T17:59:50+08:00"), Is.Zero);
        Assert.That(await SaidAsync(citizen, "2026-11-25T18:00:10+08:00"), Is.EqualTo(1));
        Assert.That(await SaidAsync(citizen, "2026-11-25T18:01:10+08:00"), Is.EqualTo(1));
        Assert.That(await SaidAsync(citizen, "2026-11-26T08:00:10+08:00"), Is.EqualTo(2));
        Assert.That(await SaidAsync(citizen, "2026-11-26T09:00:10+08:00"), Is.EqualTo(2));
        var told = await citizen.GetAsync("/v1/me/notifications").Gives(OK);
        Assert.That(told["items"][0].GetProperty("text").GetString(), Does.StartWith("11月26日（周四）10:00，东河镇公共法律服务工作站"));
    }

    [Test]
    public async Task Remind_AfterHoursOff_DropsWhatIsOfNoUse()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 10))).Gives(Created);
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 12))).Gives(Created);
        Assert.That(await SaidAsync(citizen, "2026-11-26T10:30+08:00"), Is.EqualTo(1), "only that of 12:00, and of it only the nearer one");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointment_reminders r JOIN appointments a ON a.id = r.appointment_id WHERE a.citizen_id = @Id", new { citizen.Id }), Is.Zero);
    }

    [Test]
    public async Task Remind_MovedOrCancelled_IsReplacedOrGone()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var moved = await _api.NewBookerAsync();
        using var cancelled = await _api.NewBookerAsync();
        var id = (await moved.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 10))).Gives(Created)).String("id");
        var gone = (await cancelled.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 11))).Gives(Created)).String("id");
        await moved.PostAsync($"/v1/appointments/{id}/reschedule", new { startsAt = _api.Day(2, 10) }).Gives(OK);
        await cancelled.PostAsync($"/v1/appointments/{gone}/cancellation").Gives(OK);
        Assert.That(await SaidAsync(moved, "2026-11-26T09:00+08:00"), Is.Zero);
        Assert.That(await SaidAsync(moved, "2026-11-26T18:00:10+08:00"), Is.EqualTo(1));
        Assert.That(await SaidAsync(cancelled, "2026-11-26T18:00:10+08:00"), Is.Zero);
    }

    [Test]
    public async Task Remind_CancelledBetweenTheJobAndTheTelling_IsNotTold()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        var id = (await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 15))).Gives(Created)).String("id");
        _api.Time.At("2026-11-25T18:00:10+08:00");
        Assert.That(await _api.RunAsync<RemindJob>(), Is.GreaterThanOrEqualTo(1));
        await citizen.PostAsync($"/v1/appointments/{id}/cancellation").Gives(OK);
        await _api.DeliverAsync();
        Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK))["items"].GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Remind_ToldOnlyAfterTheStart_IsNotTold()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 16))).Gives(Created);
        _api.Time.At("2026-11-26T15:59+08:00");
        await _api.RunAsync<RemindJob>();
        _api.Time.At("2026-11-26T16:00+08:00");
        await _api.DeliverAsync();
        Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK))["items"].GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Remind_ByWeChat_SaysTheTimeOfTheAppointment()
    {
        using var lawyer = await _api.NewPersonAsync();
        using var citizen = await _api.NewBookerAsync();
        await citizen.PostAsync("/v1/me/subscriptions", new { results = new[] { new { templateId = "demo-progress", outcome = "accept" } } }).Gives(OK);
        await citizen.PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, _api.Day(1, 13))).Gives(Created);
        _api.Time.At("2026-11-26T11:00:10+08:00");
        await _api.RunAsync<RemindJob>();
        await _api.DeliverAsync();
        await _api.DeliverAsync();
        Assert.That(await _api.ScalarAsync<string>("SELECT state FROM deliveries WHERE citizen_id = @Id", new { citizen.Id }), Is.EqualTo("Sent"));
        Assert.That(await _api.ScalarAsync<long>("SELECT useful_until FROM deliveries WHERE citizen_id = @Id", new { citizen.Id }), Is.EqualTo(_api.Day(0, 13).ToUnixTimeMilliseconds()));
    }

    /// <summary>Reminders that somebody has had when the job has run at an instant.</summary>
    private async Task<int> SaidAsync(ApiClient citizen, string at)
    {
        _api.Time.At(at);
        await _api.RunAsync<RemindJob>();
        await _api.DeliverAsync();
        var told = await citizen.GetAsync("/v1/me/notifications").Gives(OK);
        return told["items"].EnumerateArray().Count(n => n.GetProperty("kind").GetString() == "appointmentReminder");
    }
}

/// <summary>Reminders where two nodes share a database; an embedded one has only one.</summary>
public sealed class ReminderOnTwoNodesTests
{
    [Test]
    public async Task Remind_ByTwoNodesAtOnce_EachOnce()
    {
        await using var first = await TestApi.StartAsync(Engine.Served, Bookable.LongDays);
        first.Time.At("2026-11-25T08:00+08:00");
        using var lawyer = await first.NewPersonAsync();
        var citizens = new List<ApiClient>();
        for (var i = 0; i < 10; i++)
        {
            citizens.Add(await first.NewBookerAsync());
            await citizens[i].PostAsync("/v1/appointments", Bookable.Order(lawyer.Id, first.Day(1, 9 + (i / 2), i % 2 * 30))).Gives(Created);
        }
        await using var second = await first.StartSecondNodeAsync(Bookable.LongDays);
        first.Time.At("2026-11-25T18:05+08:00");
        second.Time.At("2026-11-25T18:05+08:00");
        var said = await Task.WhenAll(first.RunAsync<RemindJob>(), second.RunAsync<RemindJob>(), first.RunAsync<RemindJob>(), second.RunAsync<RemindJob>());
        await Task.WhenAll(first.DeliverAsync(), second.DeliverAsync());
        await first.DeliverAsync();
        Assert.That(said.Sum(), Is.EqualTo(10));
        foreach (var citizen in citizens)
        {
            Assert.That((await citizen.GetAsync("/v1/me/notifications").Gives(OK))["items"].GetArrayLength(), Is.EqualTo(1));
            citizen.Dispose();
        }
    }
}
