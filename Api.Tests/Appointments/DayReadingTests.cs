using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Openings are remembered by the version of the hours, and by nothing that was never true.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DayReadingTests(Engine engine)
{
    private const string ElevenOnly = "UPDATE office_hours SET from_minute = 660 WHERE resource_id = @desk";
    private const string Raise = "UPDATE booking_resources SET hours_version = hours_version + 1, version = version + 1 WHERE id = @desk";
    private static readonly Refusal No = new("no", "不", RefusalKind.Conflict);

    private TestApi _api = null!;
    private Database _database = null!;
    private DayReading _days = null!;
    private string _desk = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        (_database, _days) = (_api.Services.GetRequiredService<Database>(), _api.Services.GetRequiredService<DayReading>());
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [SetUp]
    public async Task Desk() => _desk = await _api.NewDeskAsync(new Seats(2, 0, 0));

    [Test]
    public async Task Read_SameVersion_IsRememberedUntilForgotten()
    {
        Assert.That(await FromAsync(), Is.EqualTo(9 * 60));
        // What nobody may do: hours changed and no version raised. It shows what is asked again and what is not.
        await WriteAsync(tx => tx.ExecuteAsync(ElevenOnly, new { desk = _desk }));
        Assert.That(await FromAsync(), Is.EqualTo(9 * 60));
        _days.Forget();
        Assert.That(await FromAsync(), Is.EqualTo(11 * 60));
    }

    [Test]
    public async Task Read_RaisedVersion_IsReadAnew()
    {
        await FromAsync();
        await WriteAsync(async tx => await tx.ExecuteAsync(ElevenOnly, new { desk = _desk }) + await tx.ExecuteAsync(Raise, new { desk = _desk }));
        Assert.That(await FromAsync(), Is.EqualTo(11 * 60));
    }

    [Test]
    public async Task Read_InATransactionThatIsUndone_IsNotRemembered()
    {
        await FromAsync();
        var seen = 0;
        await _database.WriteAsync<int>(async tx =>
        {
            await tx.ExecuteAsync(ElevenOnly, new { desk = _desk });
            await tx.ExecuteAsync(Raise, new { desk = _desk });
            seen = FromOf(await _days.ReadAsync(tx, _desk, Tomorrow));
            return No;
        });
        // The same number again, of another change.
        await WriteAsync(tx => tx.ExecuteAsync(Raise, new { desk = _desk }));
        Assert.That((seen, await FromAsync()), Is.EqualTo((11 * 60, 9 * 60)));
    }

    [Test]
    public async Task Read_SwitchedOff_OffersNothing()
    {
        await FromAsync();
        await WriteAsync(tx => tx.ExecuteAsync("UPDATE booking_resources SET active = 0 WHERE id = @desk", new { desk = _desk }));
        var read = await ReadAsync();
        Assert.That((read!.Active, read.At(_api.Time.GetUtcNow()).Openings.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task Read_Taken_IsWhatTheDatabaseSaysAndWhatIsComputedOfMany()
    {
        await FromAsync();
        await _api.AddOneTakenAsync(_desk, Raster.At(Tomorrow, 600));
        await WriteAsync(tx => tx.ExecuteAsync(
            "INSERT INTO appointment_rasters (resource_id, raster_start, seat, owner_id, held_until) VALUES (@desk, @start, 1, @owner, @over)",
            new { desk = _desk, start = Raster.At(Tomorrow, 600), owner = Id.New(_api.Time), over = _api.Time.GetUtcNow().AddMinutes(-1) }));
        var day = (await ReadAsync())!.At(_api.Time.GetUtcNow());
        var computed = (await _api.Services.GetRequiredService<AvailabilityProjection>().ComputeAsync([_desk], Tomorrow, 1, CancellationToken.None))[0];
        Assert.That(day.Taken, Is.EqualTo(new Dictionary<int, ushort> { [40] = 1 }));
        Assert.That((day.Version, day.Openings.Count), Is.EqualTo((computed.Version, computed.Openings.Count)));
        Assert.That(day.Openings, Is.EqualTo(computed.Openings));
        Assert.That(day.Taken, Is.EqualTo(computed.Taken));
    }

    [Test]
    public async Task Read_NoSuchResource_IsNull() =>
        Assert.That(await _database.ReadAsync(c => _days.ReadAsync(c, Id.New(_api.Time), Tomorrow)), Is.Null);

    private DateOnly Tomorrow => _api.Time.GetUtcNow().DateInChina().AddDays(1);

    private Task<ReadDay?> ReadAsync() => _database.ReadAsync(c => _days.ReadAsync(c, _desk, Tomorrow));

    private async Task<int> FromAsync() => FromOf(await ReadAsync());

    private static int FromOf(ReadDay? day) => day!.Openings.Openings[0].FromMinute;

    private Task<int> WriteAsync(Func<UnitOfWork, Task<int>> write) => _database.WriteAlwaysAsync(write);
}
