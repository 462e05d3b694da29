using System.Collections.Concurrent;
using System.Net;
using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;

namespace MicroPlatform.Api.Tests.Faults;

/// <summary><c>kill -9</c> in mid-write: what was acknowledged is there, once; what was not is there once or not at all.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class KillTests(Engine engine)
{
    private const int Clients = 16;

    [Test]
    public async Task Kill_WhileSixteenClientsPost_LosesNothingAcknowledged()
    {
        await using var api = await ChildApi.StartAsync(engine, "RateLimits:Enabled=false");
        using var citizen = await SignInAsync(api);
        var threads = new List<string>();
        for (var n = 0; n < Clients; n++) threads.Add((await citizen.PostAsync("/v1/consultations", ConsultationTests.Question()).Gives(HttpStatusCode.Created)).String("id"));

        var acknowledged = new ConcurrentBag<(string Thread, string Text)>();
        var unsure = new ConcurrentBag<(string Thread, string Text, string Key)>();
        var posting = threads.Select(thread => Task.Run(async () =>
        {
            for (var n = 0; ; n++)
            {
                var (text, key) = ($"第{n}条补充说明", Guid.CreateVersion7().ToString("N"));
                try
                {
                    var answer = await citizen.PostAsync($"/v1/consultations/{thread}/messages", new { text }, key);
                    if (answer.Status == HttpStatusCode.Created) acknowledged.Add((thread, text));
                    else if (answer.Status != HttpStatusCode.ServiceUnavailable) throw new InvalidOperationException(answer.Text);
                }
                catch (HttpRequestException)
                {
                    unsure.Add((thread, text, key));
                    return;
                }
            }
        })).ToList();
        for (var waited = 0; acknowledged.Count < 10 * Clients && waited < 600; waited++) await Task.Delay(50);
        await api.KillAsync();
        await Task.WhenAll(posting);
        Assert.That(acknowledged, Has.Count.GreaterThan(Clients), "The load never got going.");

        await api.StartAsync();
        using var again = await SignInAsync(api);
        // As a client does when the answer was lost: the same request with the same key.
        foreach (var (thread, text, key) in unsure)
            await again.PostAsync($"/v1/consultations/{thread}/messages", new { text }, key).Gives(HttpStatusCode.Created);

        var expected = acknowledged.Concat(unsure.Select(u => (u.Thread, u.Text))).ToList();
        foreach (var thread in threads)
        {
            var stored = await TextsAsync(again, thread);
            Assert.That(stored, Is.EquivalentTo(expected.Where(e => e.Thread == thread).Select(e => e.Text)), thread);
        }
        await TestContext.Out.WriteLineAsync($"{engine}: {acknowledged.Count} acknowledged, {unsure.Count} in flight at the kill, {expected.Count} found, none lost, none twice");
    }

    internal static async Task<ApiClient> SignInAsync(ChildApi api)
    {
        using var nobody = new ApiClient(api.Address, null, "");
        var signedIn = await nobody.PostAsync("/v1/dev/login", new { @as = "citizen" }).Gives(HttpStatusCode.OK);
        return new ApiClient(api.Address, signedIn.String("tokens.accessToken"), signedIn.String("user.id"));
    }

    private static async Task<List<string>> TextsAsync(ApiClient citizen, string thread)
    {
        var (texts, after) = (new List<string>(), 1);
        while (true)
        {
            var page = await citizen.GetAsync($"/v1/consultations/{thread}/messages?after={after}&limit=100").Gives(HttpStatusCode.OK);
            texts.AddRange(page["items"].EnumerateArray().Select(m => m.GetProperty("text").GetString()!));
            if (!page["hasMore"].GetBoolean()) return texts;
            after = page["lastSeq"].GetInt32();
        }
    }
}
