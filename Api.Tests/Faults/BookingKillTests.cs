using System.Collections.Concurrent;
using System.Net;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Tests.Faults;

/// <summary><c>kill -9</c> in the middle of bookings: every acknowledged one is there, none is there twice, and nothing half is left.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class BookingKillTests(Engine engine)
{
    private const int Clients = 12;

    private int _phones = Random.Shared.Next(10_000_000);

    [Test]
    public async Task Kill_WhileTwelveBookAndMove_LosesNothingAndDoublesNothing()
    {
        await using var api = await ChildApi.StartAsync(engine, "RateLimits:Enabled=false", "Appointments:MaxOpenPerCitizen=100");
        var people = await Task.WhenAll(Enumerable.Range(0, Clients).Select(n => NewBookerAsync(api, n)));

        var acknowledged = new ConcurrentDictionary<string, DateTimeOffset>();
        var unsure = new ConcurrentBag<(ApiClient Who, string Path, object Body, string Key, string? Moves, DateTimeOffset Was)>();
        var booking = people.Select((person, n) => Task.Run(() => BookUntilKilledAsync(person, new Random(n), acknowledged, unsure))).ToList();
        for (var waited = 0; acknowledged.Count < 5 * Clients && waited < 600 && !booking.All(b => b.IsCompleted); waited++) await Task.Delay(20);
        await api.KillAsync();
        await Task.WhenAll(booking);
        Assert.That(acknowledged, Has.Count.GreaterThan(Clients), "The bookings never got going.");

        await api.StartAsync();
        // As a client does when the answer was lost: the same request with the same key. It is there, or it can be done now, or somebody else was first.
        var settled = 0;
        foreach (var (who, path, body, key, moves, was) in unsure)
        {
            var answer = await who.PostAsync(path, body, key);
            if (answer.Status is HttpStatusCode.Created or HttpStatusCode.OK) (acknowledged[answer.String("id")], settled) = (answer["startsAt"].GetDateTimeOffset(), settled + 1);
            else
            {
                Assert.That(answer.Status, Is.AnyOf(HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity), answer.Text);
                // Not moved, then, and not half moved either.
                if (moves is not null) acknowledged[moves] = was;
            }
        }
        var found = new Dictionary<string, DateTimeOffset>();
        foreach (var person in people)
        {
            string? cursor = "";
            while (cursor is not null)
            {
                var page = await person.GetAsync($"/v1/appointments?limit=100&cursor={cursor}").Gives(HttpStatusCode.OK);
                foreach (var item in page["items"].EnumerateArray()) found[item.GetProperty("id").GetString()!] = item.GetProperty("startsAt").GetDateTimeOffset();
                cursor = page["hasMore"].GetBoolean() ? page.String("nextCursor") : null;
            }
        }
        Assert.That(found, Is.EquivalentTo(acknowledged));

        using var anybody = new ApiClient(api.Address, null, "");
        var signedIn = await anybody.PostAsync("/v1/dev/login", new { @as = "administrator" }).Gives(HttpStatusCode.OK);
        using var admin = new ApiClient(api.Address, signedIn.String("tokens.accessToken"), "");
        var invariants = await admin.GetAsync("/v1/admin/appointments/invariants").Gives(HttpStatusCode.OK);
        foreach (var count in invariants.Json.EnumerateObject().Where(m => m.Name != "milliseconds")) Assert.That(count.Value.GetInt64(), Is.Zero, count.Name);
        await TestContext.Out.WriteLineAsync($"{engine}: {acknowledged.Count} acknowledged, {unsure.Count} in flight at the kill, {settled} of them settled");
        foreach (var person in people) person.Dispose();
    }

    private static async Task BookUntilKilledAsync(
        ApiClient person, Random random, ConcurrentDictionary<string, DateTimeOffset> acknowledged, ConcurrentBag<(ApiClient, string, object, string, string?, DateTimeOffset)> unsure)
    {
        var mine = new List<string>();
        // The demo district's lawyer, on working days of the next four weeks, at the half hours of the morning and of the afternoon.
        DateTimeOffset Start() => new DateTimeOffset(TimeProvider.System.GetUtcNow().DateInChina(), TimeOnly.MinValue, ChinaTime.Offset).AddDays(2 + random.Next(26))
            .AddHours(new[] { 9, 10, 11, 14, 15, 16 }[random.Next(6)]).AddMinutes(30 * random.Next(2));
        for (var n = 0; n < 400; n++)
        {
            var moves = mine.Count > 0 && random.Next(4) == 0 ? mine[random.Next(mine.Count)] : null;
            var (path, key) = (moves is null ? "/v1/appointments" : $"/v1/appointments/{moves}/reschedule", Guid.CreateVersion7().ToString("N"));
            object body = moves is null
                ? random.Next(2) == 0
                    ? new { serviceCode = "lawyer", mode = "inPerson", resourceId = DemoDistrict.Lawyer, startsAt = Start(), categoryCode = "0201" }
                    : new { serviceCode = "legal-aid", mode = "inPerson", resourceId = "01DEMZ0RES0000000000000001", startsAt = Start(), categoryCode = "0201" }
                : new { startsAt = Start() };
            try
            {
                var answer = await person.PostAsync(path, body, key);
                if (answer.Status is not (HttpStatusCode.Created or HttpStatusCode.OK)) continue;
                acknowledged[answer.String("id")] = answer["startsAt"].GetDateTimeOffset();
                if (moves is null) mine.Add(answer.String("id"));
            }
            catch (HttpRequestException)
            {
                // Of what was under way on this appointment nobody knows now: asked again after the restart.
                var was = default(DateTimeOffset);
                if (moves is not null) acknowledged.TryRemove(moves, out was);
                unsure.Add((person, path, body, key, moves, was));
                return;
            }
        }
    }

    private async Task<ApiClient> NewBookerAsync(ChildApi api, int n)
    {
        using var nobody = new ApiClient(api.Address, null, "");
        var signedIn = await nobody.PostAsync("/v1/auth/wechat/login", new { code = $"test:kill{n}" }).Gives(HttpStatusCode.OK);
        var citizen = new ApiClient(api.Address, signedIn.String("tokens.accessToken"), signedIn.String("user.id"));
        var version = (await nobody.GetAsync("/v1/privacy-notice").Gives(HttpStatusCode.OK))["version"].GetInt32();
        await citizen.PostAsync("/v1/me/consents", new { version, accepted = true }).Gives(HttpStatusCode.OK);
        await citizen.PostAsync("/v1/me/phone", new { code = $"test-phone:139{Interlocked.Increment(ref _phones):00000000}" }).Gives(HttpStatusCode.OK);
        return citizen;
    }
}
