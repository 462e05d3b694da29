using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MicroPlatform.Api.Http.Telemetry;

/// <summary>
/// Traces and metrics by OTLP over HTTP, when <c>Otlp:Endpoint</c> (or <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>) names a collector, e.g. <c>http://127.0.0.1:4318</c>.
/// Without one nothing is collected and nothing is sent.
/// </summary>
public sealed class Telemetry : IHostedService, IDisposable
{
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private Telemetry(Uri endpoint)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("microplatform", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3));
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore")
            .AddProcessor(new NothingPersonal())
            .AddOtlpExporter(otlp => Point(otlp, endpoint, "v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "Microsoft.AspNetCore.Diagnostics", "System.Runtime")
            .AddOtlpExporter(otlp => Point(otlp, endpoint, "v1/metrics"))
            .Build();
    }

    public static void AddTo(WebApplicationBuilder builder)
    {
        var endpoint = builder.Configuration["Otlp:Endpoint"] ?? builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (string.IsNullOrWhiteSpace(endpoint)) return;
        if (!Uri.TryCreate(endpoint.TrimEnd('/') + "/", UriKind.Absolute, out var address)) throw new Hosting.StartRefusedException($"Otlp:Endpoint: '{endpoint}' is not an address such as http://127.0.0.1:4318.");
        // Without the Hosting package nobody else switches on what ASP.NET Core writes into its activities.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.AddSingleton(_ => new Telemetry(address));
        builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredService<Telemetry>());
    }

    /// <summary>Names each trace by the pattern of its route.</summary>
    public static void UseRouteNames(WebApplication app)
    {
        // Asks whether, without making it: making hosted services here would read secrets before they have been judged.
        if (!app.Services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(Telemetry))) return;
        app.Use(async (http, next) =>
        {
            await next(http);
            if (Activity.Current is not { IsAllDataRequested: true } activity) return;
            var route = RequestLog.RouteOf(http);
            activity.DisplayName = $"{http.Request.Method} {route}";
            activity.SetTag("http.route", route);
            activity.SetTag("http.response.status_code", http.Response.StatusCode);
        });
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces.ForceFlush(2000);
        _metrics.ForceFlush(2000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static void Point(OtlpExporterOptions otlp, Uri endpoint, string path) => (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(endpoint, path));

    /// <summary>Paths and queries hold ids, search words and numbers: the route's pattern says enough.</summary>
    private sealed class NothingPersonal : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            foreach (var tag in new[] { "url.path", "url.query", "url.full", "http.target", "http.url", "client.address", "network.peer.address" }) data.SetTag(tag, null);
        }
    }
}
