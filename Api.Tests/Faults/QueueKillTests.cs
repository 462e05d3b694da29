using System.Collections.Concurrent;
using System.Net;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;

namespace MicroPlatform.Api.Tests.Faults;

/// <summary><c>kill -9</c> in the middle of a queue: whoever was told of a place has it after the restart, in the same order, nobody has two, and nothing half is left.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class QueueKillTests(Engine engine)
{
    private const int Citizens = 60;

    [Test]
    public async Task Kill_WhileSixtyJoinAndThreeTake_LosesNobodyAndDoublesNobody()
    {
        await using var api = await ChildApi.StartAsync(engine, "RateLimits:Enabled=false");
        // On duty in the demo district, all day.
        using var lawyer = await SignInAsync(api, "lawyer");
        await lawyer.PutAsync("/v1/staff/me/presence", new { state = "on" }).Gives(HttpStatusCode.OK);
        var people = new List<ApiClient>();
        for (var n = 0; n < Citizens; n++) people.Add(await NewCitizenAsync(api, n));

        var (joined, unsure, keys) = (new ConcurrentDictionary<string, ApiClient>(), new ConcurrentBag<ApiClient>(), people.ToDictionary(p => p, _ => Guid.CreateVersion7().ToString("N")));
        var next = Guid.CreateVersion7().ToString("N");
        var joining = people.Chunk(6).Select(some => Task.Run(async () =>
        {
            foreach (var citizen in some)
            {
                try
                {
                    joined[(await JoinAsync(citizen, keys[citizen]).Gives(HttpStatusCode.Created)).String("id")] = citizen;
                }
                catch (HttpRequestException)
                {
                    unsure.Add(citizen);
                }
            }
        })).ToList();
        for (var waited = 0; joined.Count < Citizens / 2 && waited < 3000 && !joining.All(j => j.IsCompleted); waited++) await Task.Delay(10);
        var taking = Task.Run(async () =>
        {
            try
            {
                await lawyer.PostAsync("/v1/staff/queue/next", new { queueId = DemoQueues.TownAVideo }, next);
            }
            catch (HttpRequestException)
            {
                // Nobody knows now: asked again after the restart.
                return;
            }
        });
        await api.KillAsync();
        await Task.WhenAll(joining.Append(taking));
        Assert.That(joined, Has.Count.GreaterThanOrEqualTo(Citizens / 2));

        await api.StartAsync();
        // As a client does when the answer was lost: the same request with the same key.
        foreach (var citizen in unsure) joined[(await JoinAsync(citizen, keys[citizen]).Gives(HttpStatusCode.Created)).String("id")] = citizen;
        var taken = await lawyer.PostAsync("/v1/staff/queue/next", new { queueId = DemoQueues.TownAVideo }, next).Gives(HttpStatusCode.OK);
        await lawyer.PostAsync("/v1/staff/queue/next", new { queueId = DemoQueues.TownAVideo }).Refuses(HttpStatusCode.Conflict, "staff_serving");

        Assert.That(joined, Has.Count.EqualTo(Citizens));
        var places = new List<(string Number, int Before)>();
        foreach (var (ticket, citizen) in joined)
        {
            var seen = await citizen.GetAsync($"/v1/queue-tickets/{ticket}").Gives(HttpStatusCode.OK);
            Assert.That(seen.String("state"), Is.EqualTo(ticket == taken.String("id") ? "called" : "waiting"));
            if (ticket != taken.String("id")) places.Add((seen.String("number"), seen["before"].GetInt32()));
        }
        Assert.That(places.OrderBy(p => p.Number, StringComparer.Ordinal).Select(p => p.Before), Is.EqualTo(Enumerable.Range(0, Citizens - 1)), "each a place of their own, in the order of the numbers");

        using var admin = await SignInAsync(api, "administrator");
        var invariants = await admin.GetAsync("/v1/admin/queues/invariants").Gives(HttpStatusCode.OK);
        foreach (var count in invariants.Json.EnumerateObject().Where(m => m.Name is not ("milliseconds" or "lines"))) Assert.That(count.Value.GetInt64(), Is.Zero, count.Name);
        await TestContext.Out.WriteLineAsync($"{engine}: {unsure.Count} in flight at the kill, {invariants["lines"]} lines of history");
        foreach (var person in people) person.Dispose();
    }

    private static Task<Answer> JoinAsync(ApiClient citizen, string key) => citizen.PostAsync("/v1/queue-tickets", new { categoryCode = "0201", regionCode = "341602101", text = "工资拖欠" }, key);

    private static async Task<ApiClient> SignInAsync(ChildApi api, string role)
    {
        using var anybody = new ApiClient(api.Address, null, "");
        return new ApiClient(api.Address, (await anybody.PostAsync("/v1/dev/login", new { @as = role }).Gives(HttpStatusCode.OK)).String("tokens.accessToken"), "");
    }

    private static async Task<ApiClient> NewCitizenAsync(ChildApi api, int n)
    {
        using var nobody = new ApiClient(api.Address, null, "");
        var signedIn = await nobody.PostAsync("/v1/auth/wechat/login", new { code = $"test:queue{n}" }).Gives(HttpStatusCode.OK);
        var citizen = new ApiClient(api.Address, signedIn.String("tokens.accessToken"), signedIn.String("user.id"));
        var version = (await nobody.GetAsync("/v1/privacy-notice").Gives(HttpStatusCode.OK))["version"].GetInt32();
        await citizen.PostAsync("/v1/me/consents", new { version, accepted = true }).Gives(HttpStatusCode.OK);
        return citizen;
    }
}
