using MicroPlatform.Api.Administration;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Audit;
using MicroPlatform.Api.Clocks;
using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Api.Http.Swagger;
using MicroPlatform.Api.Http.Telemetry;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Live;
using MicroPlatform.Api.Materials;
using MicroPlatform.Api.Matters;
using MicroPlatform.Api.Meta;
using MicroPlatform.Api.Notifications;
using MicroPlatform.Api.Queues;
using MicroPlatform.Api.Registry;
using MicroPlatform.Api.Statistics;
using MicroPlatform.Api.VideoCalls;

namespace MicroPlatform.Api.Hosting;

/// <summary>The web application: services, the order of the middleware, every route table.</summary>
public static class Server
{
    /// <param name="adjust">For tests: replaces services before the application is built.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        // Without what this program never uses and would keep in memory: IIS, HTTP/3, start-up plug-ins, patterns in routes. TLS can be configured (section Kestrel).
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.MaxRequestLineSize = 4 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        builder.AddPlatform();
        adjust?.Invoke(builder);
        var app = builder.Build();

        app.UseEdge();
        app.UseRequestLog();
        Telemetry.UseRouteNames(app);
        app.UseFaults();
        app.UseResponseCompression();
        app.UsePages();
        app.UseCallPage();
        app.UseOrigins();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(20) });
        app.UseRouting();
        app.UseDeadline();
        app.UseClientGate();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMissingRoutes();
        app.UseAuthorization();
        app.UseBodyReading();

        app.MapHealth();
        app.MapMeta();
        app.MapIdentity(app.Environment);
        app.MapMatters();
        app.MapConsultations();
        app.MapAppointments();
        app.MapWaitlist();
        app.MapAppointmentOversight();
        app.MapStaffAppointments();
        app.MapQueues();
        app.MapWindows();
        app.MapRosters();
        app.MapAvailability();
        app.MapStaffMatters();
        app.MapStaffConsultations();
        app.MapTransfers();
        app.MapAudit();
        app.MapAdministration();
        app.MapCannedAnswers();
        app.MapCategories();
        app.MapDuty();
        app.MapRegistry();
        app.MapCalendar();
        app.MapStatistics();
        app.MapVideoCalls();
        app.MapLive();
        app.MapNotifications();
        app.MapVideoCallbacks();
        app.MapPartners();
        app.MapStaffHotline();
        app.MapHotlineAdministration();
        app.MapMaterials();
        app.MapStaffMaterials();
        app.MapMaterialAdministration();
#pragma warning disable ASP0014 // Said here and not left to the start, so that `openapi` knows the routes without starting.
        app.UseEndpoints(static _ => { });
#pragma warning restore ASP0014
        return app;
    }
}
