using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>How time is taken, kept, passed on, given back and taken again, without the paths around it.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RasterTests(Engine engine)
{
    private TestApi _api = null!;
    private ServiceKind _service = null!;
    private string _lawyer = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _service = (await _api.Services.GetRequiredService<ServiceRepository>().FindAsync("lawyer", CancellationToken.None))!;
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public async Task Somebody()
    {
        _api.Time.At("2026-11-25T08:00+08:00");
        using var lawyer = await _api.NewPersonAsync(terms: Bookable.Terms with { BufferBefore = 15, BufferAfter = 15 });
        _lawyer = lawyer.Id;
    }

    [Test]
    public async Task Take_WithBuffers_KeepsNeighboursOut()
    {
        var time = (await TakeAsync(11)).Value;
        Assert.That(time.Span, Is.EqualTo(new RasterSpan(43, 47)));
        Assert.That((await TakeAsync(11, 30)).Refusal, Is.EqualTo(AppointmentRefusals.SlotTaken));
        Assert.That((await TakeAsync(10, 30)).Refusal, Is.EqualTo(AppointmentRefusals.SlotTaken));
        Assert.That((await TakeAsync(12)).IsRefused, Is.False);
        Assert.That((await TakeAsync(10)).IsRefused, Is.False);
    }

    [Test]
    public async Task Take_HeldByAnOffer_IsTakenUntilItRunsOutAndClearedByTheNext()
    {
        var (offer, until) = (Id.New(_api.Time), Now.AddMinutes(10));
        await TakeAsync(11, owner: offer, heldUntil: until);
        Assert.That((await TakeAsync(11)).Refusal, Is.EqualTo(AppointmentRefusals.SlotTaken));
        _api.Time.Advance(TimeSpan.FromMinutes(10.1));
        // One that overlaps it by a quarter clears that quarter only; what is left of the offer is worth nothing.
        var next = Id.New(_api.Time);
        Assert.That((await TakeAsync(11, 30, owner: next)).IsRefused, Is.False);
        Assert.That(await OwnedAsync(offer), Is.EqualTo(2));
        Assert.That(await OwnedAsync(next), Is.EqualTo(4));
    }

    [Test]
    public async Task PassOn_InTime_MovesEveryQuarterAndOnce()
    {
        var (offer, appointment) = (Id.New(_api.Time), Id.New(_api.Time));
        var time = (await TakeAsync(11, owner: offer, heldUntil: Now.AddMinutes(10))).Value;
        Assert.That((await PassOnAsync(time, offer, appointment)).IsRefused, Is.False);
        Assert.That((await OwnedAsync(offer), await OwnedAsync(appointment)), Is.EqualTo((0L, 4L)));
        Assert.That((await PassOnAsync(time, offer, Id.New(_api.Time))).Refusal, Is.EqualTo(AppointmentRefusals.OfferGone));
        // Not held any more: nothing clears it, however late it is.
        _api.Time.Advance(TimeSpan.FromHours(1));
        Assert.That((await TakeAsync(11)).Refusal, Is.EqualTo(AppointmentRefusals.SlotTaken));
    }

    [Test]
    public async Task PassOn_RunOutOrPartlyCleared_IsGoneAndLeavesNothing()
    {
        var (offer, appointment) = (Id.New(_api.Time), Id.New(_api.Time));
        var time = (await TakeAsync(11, owner: offer, heldUntil: Now.AddMinutes(10))).Value;
        await _api.ExecuteAsync("DELETE FROM appointment_rasters WHERE owner_id = @offer AND raster_start = @at", new { offer, at = _api.Day(1, 11) });
        Assert.That((await PassOnAsync(time, offer, appointment)).Refusal, Is.EqualTo(AppointmentRefusals.OfferGone));
        Assert.That(await OwnedAsync(appointment), Is.Zero, "rolled back");
        _api.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.That((await PassOnAsync(time, offer, appointment)).Refusal, Is.EqualTo(AppointmentRefusals.OfferGone));
    }

    [Test]
    public async Task PassOn_LeaveInBetween_IsRefused()
    {
        var offer = Id.New(_api.Time);
        var time = (await TakeAsync(11, owner: offer, heldUntil: Now.AddMinutes(10))).Value;
        await WriteAsync(async tx =>
        {
            await HoursRepository.RaiseAsync(tx, (await ResourceRepository.FindAsync(tx, _lawyer))!);
            await HoursRepository.InsertLeaveAsync(tx, new Leave(tx.NewId(), _lawyer, _api.Day(1, 11), _api.Day(1, 12)), null, Actor.System);
            return Done.It;
        });
        Assert.That((await PassOnAsync(time, offer, Id.New(_api.Time))).Refusal, Is.EqualTo(AppointmentRefusals.SlotOutsideHours));
    }

    [Test]
    public async Task TakeOutright_KnowsTheDayAsItIsThen()
    {
        await TakeAsync(9);
        await TakeAsync(14, owner: Id.New(_api.Time), heldUntil: Now.AddMinutes(10));
        var taken = (await WriteAsync(tx => Rasters.TakeOutrightAsync(tx, Wish(11), tx.NewId()))).Value;
        var day = (await _api.Services.GetRequiredService<AvailabilityProjection>().ComputeAsync([_lawyer], taken.Time.Day, 1, default))[0];
        Assert.Multiple(() =>
        {
            Assert.That(taken.After!.Day.Version, Is.EqualTo(day.Version));
            Assert.That(taken.After.Day.Openings, Is.EqualTo(day.Openings));
            Assert.That(taken.After.Day.Taken, Is.EquivalentTo(day.Taken));
        });
    }

    [Test]
    public async Task TakeBack_AfterAPartWasGivenBack_HasAllOfItAgain()
    {
        var owner = Id.New(_api.Time);
        var time = (await TakeAsync(11, owner: owner)).Value;
        // Marked absent at a quarter past: the rest is free, what has passed is not.
        await WriteAsync(async tx =>
        {
            await RasterRepository.GiveBackAsync(tx, _lawyer, owner, _api.Day(1, 11, 15));
            return Done.It;
        });
        Assert.That(await OwnedAsync(owner), Is.EqualTo(2));
        Assert.That((await TakeBackAsync(time, owner)).IsRefused, Is.False);
        Assert.That(await OwnedAsync(owner), Is.EqualTo(4));
    }

    [Test]
    public async Task TakeBack_SomebodyElseHasIt_IsTakenAndWhatIsLeftStays()
    {
        var owner = Id.New(_api.Time);
        var time = (await TakeAsync(11, owner: owner)).Value;
        await WriteAsync(async tx =>
        {
            await RasterRepository.GiveBackAsync(tx, _lawyer, owner, _api.Day(1, 11, 15));
            return Done.It;
        });
        Assert.That((await TakeAsync(11, 30)).IsRefused, Is.False);
        Assert.That((await TakeBackAsync(time, owner)).Refusal, Is.EqualTo(AppointmentRefusals.SlotTaken));
        Assert.That(await OwnedAsync(owner), Is.EqualTo(2));
    }

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(_api.Time.GetUtcNow().ToUnixTimeMilliseconds());

    private RasterRepository Rasters => _api.Services.GetRequiredService<RasterRepository>();

    private Task<Outcome<T>> WriteAsync<T>(Func<UnitOfWork, Task<Outcome<T>>> body) => _api.Services.GetRequiredService<Database>().WriteAsync(body);

    private async Task WriteAsync(Func<UnitOfWork, Task<Done>> body) => await WriteAsync<Done>(async tx => await body(tx));

    private Task<Outcome<AppointmentTime>> TakeAsync(int hour, int minute = 0, string? owner = null, DateTimeOffset? heldUntil = null) =>
        WriteAsync(tx => Rasters.TakeAsync(tx, Wish(hour, minute), owner ?? tx.NewId(), heldUntil));

    private TimeWish Wish(int hour, int minute = 0) => new(_lawyer, _api.Day(1, hour, minute), new SlotWish(_service, MeetingMode.InPerson, BookingSide.Citizen), [], null);

    private Task<Outcome<Done>> PassOnAsync(AppointmentTime time, string offer, string appointment) =>
        WriteAsync(tx => Rasters.PassOnAsync(tx, time, _service, MeetingMode.InPerson, offer, appointment));

    private Task<Outcome<Done>> TakeBackAsync(AppointmentTime time, string owner) => WriteAsync(tx => Rasters.TakeBackAsync(tx, time, owner));

    private Task<long> OwnedAsync(string owner) => _api.ScalarAsync<long>("SELECT COUNT(*) FROM appointment_rasters WHERE owner_id = @owner", new { owner });
}

/// <summary>Two transactions at once; an embedded database has one writer.</summary>
public sealed class RasterNeighboursTests
{
    /// <summary>On MySQL a transaction sees the database as it was at its first reading: what somebody has taken since is not in the day that it knows.</summary>
    [Test]
    public async Task TakeOutright_SomebodyCameInBetween_TakesItAndDoesNotKnowTheDay()
    {
        await using var api = await TestApi.StartAsync(Engine.Served);
        var service = (await api.Services.GetRequiredService<ServiceRepository>().FindAsync("lawyer", default))!;
        using var lawyer = await api.NewPersonAsync();
        var (database, rasters) = (api.Services.GetRequiredService<Database>(), api.Services.GetRequiredService<RasterRepository>());
        TimeWish Wish(int hour) => new(lawyer.Id, api.Day(1, hour), new SlotWish(service, MeetingMode.InPerson, BookingSide.Citizen), [], null);

        var taken = await database.WriteAsync<TakenTime>(async tx =>
        {
            await tx.ScalarAsync<long>("SELECT COUNT(*) FROM appointment_rasters");
            var other = Task.Run(() => database.WriteAsync<TakenTime>(neighbour => rasters.TakeOutrightAsync(neighbour, Wish(9), neighbour.NewId())));
            Assert.That((await other).Value.After, Is.Not.Null);
            return await rasters.TakeOutrightAsync(tx, Wish(11), tx.NewId());
        });
        Assert.That(taken.Value.After, Is.Null);

        var same = await database.WriteAsync<TakenTime>(async tx =>
        {
            await tx.ScalarAsync<long>("SELECT COUNT(*) FROM appointment_rasters");
            await Task.Run(() => database.WriteAsync<TakenTime>(neighbour => rasters.TakeOutrightAsync(neighbour, Wish(14), neighbour.NewId())));
            return await rasters.TakeOutrightAsync(tx, Wish(14), tx.NewId());
        });
        Assert.That(same.Refusal, Is.EqualTo(AppointmentRefusals.SlotTaken));
    }
}
