using System.Diagnostics;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Api.Identity;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Http.Telemetry;

/// <summary>
/// One line per request. It holds the pattern of the route and never the path, the query or a body, because people's words and numbers
/// travel in those; the kind of caller and never who.
/// </summary>
public sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            var route = RouteOf(http);
            var level = http.Response.StatusCode >= 500 ? LogLevel.Warning : route.StartsWith("/health", StringComparison.Ordinal) ? LogLevel.Debug : LogLevel.Information;
            if (log.IsEnabled(level))
                Answered(log, level, MethodOf(http), route, http.Response.StatusCode, Math.Round(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 1),
                    http.User.FindFirst(CurrentUser.KindClaim)?.Value ?? "anonymous", http.Features.Get<ClientVersion>()?.ToString() ?? "", Problems.TraceIdOf(http));
        }
    }

    /// <summary>The pattern, also when a fault has taken the endpoint away.</summary>
    internal static string RouteOf(HttpContext http) =>
        (http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint) is RouteEndpoint { RoutePattern.RawText: { } pattern } ? "/" + pattern.Trim('/') : "(none)";

    /// <summary>A method that is not one of HTTP's may be anything, so it is not repeated.</summary>
    private static string MethodOf(HttpContext http) => http.Request.Method is "GET" or "POST" or "PUT" or "DELETE" or "HEAD" or "OPTIONS" or "PATCH" ? http.Request.Method : "OTHER";

    [LoggerMessage(Message = "{Method} {Route} {Status} in {Milliseconds} ms by {UserKind} {Client} trace {TraceId}")]
    private static partial void Answered(ILogger log, LogLevel level, string method, string route, int status, double milliseconds, string userKind, string client, string traceId);
}

/// <summary>Where logs go, and whether requests are logged.</summary>
public static class Logs
{
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<HttpOptions>().BindConfiguration("Http");
        if (!builder.Environment.IsProduction()) return;
        builder.Logging.ClearProviders().AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            json.JsonWriterOptions = new System.Text.Json.JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
    }

    public static void UseRequestLog(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<HttpOptions>>().Value.RequestLog) app.UseMiddleware<RequestLog>();
    }
}
