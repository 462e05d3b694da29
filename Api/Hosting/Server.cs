using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Matters;

namespace MicroPlatform.Api.Hosting;

/// <summary>The web application: services, the order of the middleware, every route table.</summary>
public static class Server
{
    /// <param name="adjust">For tests: replaces services before the application is built.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });
        builder.AddPlatform();
        adjust?.Invoke(builder);
        var app = builder.Build();

        app.UseFaults();
        app.UseResponseCompression();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseBodyReading();

        app.MapHealth();
        app.MapIdentity(app.Environment);
        app.MapMatters();
        app.MapConsultations();
        app.MapStaffMatters();
        app.MapStaffConsultations();
        app.MapTransfers();
        return app;
    }
}
