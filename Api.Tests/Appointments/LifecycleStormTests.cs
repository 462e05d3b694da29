using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Everybody does anything to everything at once; afterwards an independent look at the tables finds states, matters and raster in agreement.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class LifecycleStormTests(Engine engine)
{
    private const int Workers = 12;
    private const int ActsEach = 25;

    [Test]
    public async Task Storm_OfEveryVerb_LeavesStatesMattersAndRasterInAgreement([Values(11, 12)] int seed)
    {
        await using var api = await TestApi.StartAsync(engine, Bookable.LongDays);
        api.Time.At("2026-11-25T08:00+08:00");
        using var mediator = await api.NewPersonAsync(Role.Mediator, from: 9, to: 15);
        using var second = await api.NewPersonAsync(Role.Mediator, from: 9, to: 15);
        using var clerk = await api.NewStaffAsync(Role.Clerk, DemoDistrict.TownA);
        var citizens = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => api.NewBookerAsync()));
        var ids = new System.Collections.Concurrent.ConcurrentBag<(string Id, ApiClient Owner)>();
        async Task BookAsync(ApiClient citizen, string resource, DateTimeOffset at)
        {
            var answer = await citizen.PostAsync("/v1/appointments", Bookable.Order(resource, at, "mediation"));
            if (answer.Status == Created) ids.Add((answer.String("id"), citizen));
            else Expected(answer);
        }
        for (var i = 0; i < citizens.Length; i++) await BookAsync(citizens[i], i % 2 == 0 ? mediator.Id : second.Id, api.Day(0, 9 + (i / 2)));
        // Noon: some are over, some run, some are ahead.
        api.Time.At("2026-11-25T11:20+08:00");

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            var random = new Random((seed * 100) + worker);
            for (var i = 0; i < ActsEach; i++)
            {
                var (id, owner) = ids.ToArray()[random.Next(ids.Count)];
                var (staff, at) = ($"/v1/staff/appointments/{id}", api.Day(random.Next(2), random.Next(11, 15), random.Next(2) * 30));
                var resource = random.Next(2) == 0 ? mediator.Id : second.Id;
                switch (random.Next(11))
                {
                    case 0 or 1: await BookAsync(citizens[random.Next(citizens.Length)], resource, at); break;
                    case 2: Expected(await owner.PostAsync($"/v1/appointments/{id}/cancellation")); break;
                    case 3: Expected(await owner.PostAsync($"/v1/appointments/{id}/reschedule", new { startsAt = at, resourceId = resource })); break;
                    case 4: Expected(await clerk.PostAsync($"{staff}/reschedule", new { startsAt = at, resourceId = resource, reason = "调整" })); break;
                    case 5: Expected(await clerk.PostAsync($"{staff}/cancellation", new { reason = "停电" })); break;
                    case 6: Expected(await clerk.PostAsync($"{staff}/check-in")); break;
                    case 7: Expected(await clerk.PostAsync($"{staff}/start")); break;
                    case 8: Expected(await clerk.PostAsync($"{staff}/completion", new { })); break;
                    case 9: Expected(await clerk.PostAsync($"{staff}/no-show")); break;
                    default: Expected(await clerk.PostAsync($"{staff}/reinstatement")); break;
                }
            }
        }));

        Assert.That(await api.ScalarAsync<long>("""
            SELECT COUNT(*) FROM appointments a WHERE a.state IN ('Booked', 'CheckedIn', 'InService', 'Completed')
              AND a.raster_until - a.raster_first <> (SELECT COUNT(*) FROM appointment_rasters r WHERE r.owner_id = a.id AND r.resource_id = a.resource_id AND r.seat = a.seat)
            """), Is.Zero, "who has a time has all of it");
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM appointments a JOIN appointment_rasters r ON r.owner_id = a.id WHERE a.state = 'Cancelled'"), Is.Zero);
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM appointment_rasters r LEFT JOIN appointments a ON a.id = r.owner_id WHERE a.id IS NULL"), Is.Zero, "nobody's");
        Assert.That(await api.ScalarAsync<long>("""
            SELECT COUNT(*) FROM appointments a JOIN appointments b ON b.resource_id = a.resource_id AND b.seat = a.seat AND b.id > a.id AND b.starts_at < a.ends_at AND a.starts_at < b.ends_at
            WHERE a.state IN ('Booked', 'CheckedIn', 'InService', 'Completed') AND b.state IN ('Booked', 'CheckedIn', 'InService', 'Completed')
            """), Is.Zero, "no two at one time");
        Assert.That(await api.ScalarAsync<long>("""
            SELECT COUNT(*) FROM appointments a JOIN matters m ON m.id = a.matter_id
            WHERE (a.state IN ('Completed', 'NoShow') AND m.status <> 'Closed') OR (a.state = 'Cancelled' AND m.status NOT IN ('Withdrawn', 'Rejected'))
               OR (a.state IN ('Booked', 'CheckedIn', 'InService') AND (m.status <> 'InProgress' OR m.closed_at IS NOT NULL))
            """), Is.Zero, "the matter says the same");
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM appointment_reminders r JOIN appointments a ON a.id = r.appointment_id WHERE a.state <> 'Booked'"), Is.Zero);
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM (SELECT a.id FROM appointments a LEFT JOIN appointment_moves m ON m.appointment_id = a.id GROUP BY a.id, a.moves HAVING COUNT(m.id) <> a.moves) x"), Is.Zero);
        await api.DeliverAsync();
        Assert.That(await api.ScalarAsync<long>("SELECT COUNT(*) FROM appointments"), Is.GreaterThan(citizens.Length), "the storm has done something");
        foreach (var citizen in citizens) citizen.Dispose();
    }

    /// <summary>Done, or refused with a reason; "busy, try again" after losing to others eight times is one.</summary>
    private static void Expected(Answer answer)
    {
        if (answer.Status is OK or Created) return;
        Assert.That(answer.Status, Is.AnyOf(Conflict, UnprocessableEntity, ServiceUnavailable), answer.Text);
        Assert.That(Operations.Catalogue, Does.Contain(answer.String("code")));
    }
}
