using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>Many people who can book, made at once: signing in two hundred over HTTP takes longer than the race they are for.</summary>
public static class Crowd
{
    /// <summary>Settings for races: many appointments per person, tokens that last.</summary>
    public static readonly string[] Settings = ["Appointments:MaxOpenPerCitizen=100", "Appointments:MaxHolds=100", "Appointments:MaxWaiting=100", "Identity:Tokens:AccessLifetime=12:00:00"];

    public static async Task<IReadOnlyList<ApiClient>> NewCrowdAsync(this TestApi api, int count)
    {
        var sessions = api.Services.GetRequiredService<SessionRepository>();
        return await api.Services.GetRequiredService<Database>().WriteAlwaysAsync(async tx =>
        {
            var version = (await ConsentRepository.CurrentNoticeAsync(await tx.ConnectionAsync(), tx.Transaction)).Version;
            var crowd = new List<ApiClient>(count);
            for (var n = 0; n < count; n++)
            {
                var id = tx.NewId();
                await tx.ExecuteAsync("INSERT INTO citizens (id, phone_hash, contact_preference, created_at, version) VALUES (@id, @phone, 'Visible', @Now, 1)", new { id, phone = $"crowd {id}", tx.Now });
                await ConsentRepository.RecordAsync(tx, id, version, accepted: true);
                crowd.Add(new ApiClient(api.Address, (await sessions.OpenAsync(tx, ActorKind.Citizen, id, [Role.Citizen], "test")).AccessToken, id));
            }
            return crowd;
        });
    }

    public static void Dispose(this IEnumerable<ApiClient> crowd)
    {
        foreach (var person in crowd) person.Dispose();
    }

    /// <summary>The body of a booking with anybody of a unit.</summary>
    public static object OrderAny(string organisationId, DateTimeOffset startsAt) => new { serviceCode = ServiceSeed.Lawyer, mode = MeetingMode.InPerson, organisationId, startsAt, categoryCode = "0201" };

    /// <summary>The proof, from what was booked and not from what guards it.</summary>
    public static async Task ExpectNothingTwiceAsync(this TestApi api)
    {
        var found = await api.Services.GetRequiredService<AppointmentInvariants>().CheckAsync(api.Time.GetUtcNow());
        Assert.That(found with { Milliseconds = 0 }, Is.EqualTo(new InvariantsFound(0, 0, 0, 0, 0, 0)));
    }

    /// <summary>The copy of availability says what the database says.</summary>
    public static async Task ExpectCopyIsTrueAsync(this TestApi api, IReadOnlyList<string> resources, int days)
    {
        var projection = api.Services.GetRequiredService<AvailabilityProjection>();
        var today = api.Time.GetUtcNow().DateInChina();
        var truth = await projection.ComputeAsync(resources, today, days, CancellationToken.None);
        var copy = (await projection.ReadAsync(resources, today, days, CancellationToken.None)).Days;
        var wrong = truth.Where(day => !day.Taken.Where(t => t.Value != 0).OrderBy(t => t.Key).SequenceEqual(copy[(day.ResourceId, day.Day)].Taken.Where(t => t.Value != 0).OrderBy(t => t.Key)))
            .Select(day => $"{day.ResourceId} {day.Day}");
        Assert.That(wrong, Is.Empty);
    }
}
