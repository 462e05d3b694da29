using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>A proof that never says no proves nothing: each kind of damage is made by hand and found.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class InvariantTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _lawyer = null!;
    private ApiClient _citizen = null!;
    private string _first = "";
    private string _second = "";

    [SetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _api.Time.At("2026-11-25T08:00+08:00");
        _lawyer = await _api.NewPersonAsync();
        _citizen = await _api.NewBookerAsync();
        _first = (await _citizen.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(1, 10))).Gives(Created)).String("id");
        _second = (await _citizen.PostAsync("/v1/appointments", Bookable.Order(_lawyer.Id, _api.Day(1, 11))).Gives(Created)).String("id");
        await _api.ExpectNothingTwiceAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        _lawyer?.Dispose();
        _citizen?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Check_DamagedByHand_FindsEachKind()
    {
        // Half of the second appointment lies over the first.
        await _api.ExecuteAsync("UPDATE appointments SET starts_at = @at WHERE id = @_second", new { at = _api.Day(1, 10, 15), _second });
        var found = await CheckAsync();
        Assert.That((found.OverlappingAppointments, found.AppointmentsWithoutRasters, found.CitizensAtTwoPlaces), Is.EqualTo((1L, 1L, 1L)));
        await _api.ExecuteAsync("UPDATE appointments SET starts_at = @at WHERE id = @_second", new { at = _api.Day(1, 11), _second });

        await _api.ExecuteAsync("DELETE FROM appointment_rasters WHERE owner_id = @_first AND raster_start = @at", new { _first, at = _api.Day(1, 10, 15) });
        Assert.That((await CheckAsync()).AppointmentsWithoutRasters, Is.EqualTo(1));

        await _api.ExecuteAsync("UPDATE appointments SET state = 'Cancelled' WHERE id = @_second", new { _second });
        Assert.That((await CheckAsync()).RastersWithoutOwner, Is.EqualTo(2));
        await _api.ExecuteAsync("UPDATE appointment_rasters SET seat = 1 WHERE owner_id = @_first", new { _first });
        Assert.That((await CheckAsync()).RastersWithoutOwner, Is.EqualTo(3));

        await _api.ExecuteAsync("""
            INSERT INTO waitlist_offers (id, entry_id, citizen_id, resource_id, seat, organisation_id, starts_at, ends_at, raster_first, raster_until, state, offered_at, expires_at, version)
            VALUES (@_first, @_first, @_first, @_first, 0, @_first, 0, 0, 40, 42, 'Open', 0, @later, 1)
            """, new { _first, later = _api.Day(1, 0) });
        Assert.That((await CheckAsync()).OffersWithoutRasters, Is.EqualTo(1));
    }

    [Test]
    public async Task Check_ByTheAdministrator_CountsAndSaysHowLong()
    {
        using var admin = await _api.NewStaffAsync(Role.Administrator, DemoDistrict.Bureau);
        var found = await admin.GetAsync("/v1/admin/appointments/invariants").Gives(OK);
        foreach (var name in new[] { "overlappingAppointments", "appointmentsWithoutRasters", "rastersWithoutOwner", "offersWithoutRasters", "citizensAtTwoPlaces" })
            Assert.That(found[name].GetInt64(), Is.Zero, name);
        Assert.That(found["milliseconds"].GetInt64(), Is.GreaterThanOrEqualTo(0));
    }

    private Task<InvariantsFound> CheckAsync() => _api.Services.GetRequiredService<AppointmentInvariants>().CheckAsync(_api.Time.GetUtcNow());
}
