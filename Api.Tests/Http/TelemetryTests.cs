using System.Collections.Concurrent;
using System.Text;
using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>What operators see of a request: enough to find it, nothing of the person.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class TelemetryTests(Engine engine)
{
    private const string Secret = "丈夫经常酗酒后动手打我和孩子";

    [Test]
    public async Task Logs_OfAWholeStory_HoldNothingPersonal()
    {
        var kept = new Kept();
        await using var api = await TestApi.StartAsync(engine, null, services => services.AddLogging(log => log
            .AddProvider(kept).AddFilter<Kept>("Microsoft.AspNetCore", LogLevel.Warning).AddFilter<Kept>("System.Net.Http.HttpClient", LogLevel.Warning)));
        using var nobody = api.Anonymous();
        var signedIn = await nobody.PostAsync("/v1/auth/wechat/login", new { code = "test:secret-openid" }).Gives(OK);
        using var citizen = new ApiClient(api.Address, signedIn.String("tokens.accessToken"), signedIn.String("user.id"));
        await citizen.PostAsync("/v1/me/consents", new { version = 1, accepted = true }).Gives(OK);
        await citizen.PostAsync("/v1/me/phone", new { code = "test:13812345678" });
        await citizen.PutAsync("/v1/me/profile", new { name = "赵铁柱", address = "柳树村七十三号", regionCode = "341602101201" });
        var id = (await citizen.PostAsync("/v1/consultations", ConsultationTests.Question(Secret)).Gives(Created)).String("id");
        using var lawyer = await api.NewStaffAsync(Role.Lawyer, Api.Hosting.DemoDistrict.TownA);
        await lawyer.PostAsync($"/v1/staff/consultations/{id}/assignment").Gives(OK);
        await lawyer.GetAsync($"/v1/staff/consultations/{id}/messages").Gives(OK);
        await citizen.GetAsync($"/v1/consultations/{id}/messages?after=0").Gives(OK);
        await citizen.PostAsync("/v1/consultations", $$"""{"text": "{{Secret}}", """).Gives(BadRequest);
        await citizen.GetAsync("/v1/matters?cursor=13812345678").Gives(BadRequest);
        await nobody.GetAsync("/v1/matters/13812345678").Gives(Unauthorized);
        await api.DeliverAsync();

        var log = string.Join('\n', kept.Lines);
        Assert.Multiple(() =>
        {
            Assert.That(log, Does.Contain("POST /v1/consultations 201").IgnoreCase);
            Assert.That(log, Does.Contain("Staff").And.Contain("Citizen"));
            foreach (var personal in new[] { Secret, "酗酒", "13812345678", "赵铁柱", "七十三号", "secret-openid", citizen.Token!, signedIn.String("tokens.refreshToken"), lawyer.Token!, citizen.Id, id })
                Assert.That(log, Does.Not.Contain(personal));
        });
    }

    [Test]
    public async Task Traces_GoToTheCollectorWithPatternsAndWithoutPaths()
    {
        var received = new ConcurrentQueue<(string Path, byte[] Body)>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/v1/{signal}", async (HttpContext http, string signal) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.Enqueue((signal, body.ToArray()));
            return Results.Ok();
        });
        await collector.StartAsync();
        string id;
        await using (var api = await TestApi.StartAsync(engine, [$"Otlp:Endpoint={collector.Urls.First()}"]))
        {
            using var citizen = await api.NewCitizenAsync();
            id = (await citizen.PostAsync("/v1/consultations", ConsultationTests.Question(Secret)).Gives(Created)).String("id");
            await citizen.GetAsync($"/v1/consultations/{id}?secret=13812345678").Gives(OK);
        }
        var traces = string.Concat(received.Where(r => r.Path == "traces").Select(r => Encoding.UTF8.GetString(r.Body)));
        Assert.Multiple(() =>
        {
            Assert.That(traces, Does.Contain("/v1/consultations/{id}").And.Contain("microplatform"));
            Assert.That(traces, Does.Not.Contain(id).And.Not.Contain("13812345678").And.Not.Contain(Secret));
            Assert.That(received.Any(r => r.Path == "metrics"), Is.True);
        });
    }

    [Test]
    public async Task Nothing_IsCollectedWithoutACollector()
    {
        await using var api = await TestApi.StartAsync(engine);
        Assert.That(api.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().Select(s => s.GetType().Name), Does.Not.Contain("Telemetry"));
    }

    private sealed class Kept : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
