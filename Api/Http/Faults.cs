using System.Text.Json;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.AspNetCore.Diagnostics;

namespace MicroPlatform.Api.Http;

/// <summary>Turns whatever was thrown, and every bare status, into a problem. The only place that does.</summary>
public static class Faults
{
    public static void UseFaults(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = HandleAsync, SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages(context => WriteBareAsync(context.HttpContext));
    }

    private static async Task HandleAsync(HttpContext http)
    {
        Edge.Protect(http, http.RequestServices.GetRequiredService<IHostEnvironment>().IsProduction());
        var exception = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        var log = http.RequestServices.GetRequiredService<ILogger<Problem>>();
        switch (exception)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                await Problems.WriteAsync(http, HttpRefusals.BodyTooLarge);
                break;
            case BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType }:
                await Problems.WriteAsync(http, HttpRefusals.UnsupportedMediaType, StatusCodes.Status415UnsupportedMediaType);
                break;
            case BadHttpRequestException { InnerException: JsonException json }:
                await Problems.WriteAsync(http, Describe(json));
                break;
            case BadHttpRequestException:
                await Problems.WriteAsync(http, CommonRefusals.Invalid);
                break;
            case DatabaseUnavailableException unavailable:
                log.LogError(unavailable, "Database fault {Fault} on {Method} {Route}", unavailable.Fault, http.Request.Method, Route(http));
                await Problems.WriteAsync(http, unavailable.Fault == SqlFault.StorageFull ? HttpRefusals.StorageFull : CommonRefusals.Unavailable);
                break;
            case StoreException store:
                log.LogError(store, "Store fault {Fault} on {Method} {Route}", store.Fault, http.Request.Method, Route(http));
                await Problems.WriteAsync(http, store.Fault == StoreFault.Full ? MaterialRefusals.StoreFull : MaterialRefusals.StoreUnavailable);
                break;
            case CalendarMissingException missing:
                log.LogError("The holiday calendar of {Year} is not loaded: {Method} {Route} cannot count", missing.Year, http.Request.Method, Route(http));
                await Problems.WriteAsync(http, ClockRefusals.CalendarMissing);
                break;
            default:
                log.LogError(exception, "Unexpected on {Method} {Route}", http.Request.Method, Route(http));
                await Problems.WriteAsync(http, HttpRefusals.InternalError, StatusCodes.Status500InternalServerError);
                break;
        }
    }

    /// <summary>A body that is JSON but does not fit names the field; one that is not JSON does not.</summary>
    private static Refusal Describe(JsonException json)
    {
        var field = json.Path?.TrimStart('$').TrimStart('.');
        return IsOfAnotherType(json) && json.Message.Contains("could not be converted", StringComparison.Ordinal) && !string.IsNullOrEmpty(field)
            ? CommonRefusals.Invalid.At(field, "格式不正确")
            : HttpRefusals.JsonMalformed;
    }

    /// <summary>Not a fault of the JSON itself: no reader stumbled over it, and no text in it was half a character.</summary>
    private static bool IsOfAnotherType(JsonException json) =>
        json.InnerException is null || (json.InnerException is InvalidOperationException && json.InnerException.Message.Contains("token type", StringComparison.Ordinal));

    /// <summary>The route's pattern, never the path: paths may hold what people typed.</summary>
    private static string Route(HttpContext http) =>
        http.Features.Get<IExceptionHandlerFeature>()?.Endpoint is RouteEndpoint endpoint ? endpoint.RoutePattern.RawText ?? "" : "(no route)";

    private static Task WriteBareAsync(HttpContext http) => http.Response.StatusCode switch
    {
        400 => Problems.WriteAsync(http, CommonRefusals.Invalid),
        403 => Problems.WriteAsync(http, CommonRefusals.Forbidden),
        404 => Problems.WriteAsync(http, HttpRefusals.RouteNotFound),
        405 => Problems.WriteAsync(http, HttpRefusals.MethodNotAllowed, 405),
        413 => Problems.WriteAsync(http, HttpRefusals.BodyTooLarge),
        415 => Problems.WriteAsync(http, HttpRefusals.UnsupportedMediaType, 415),
        429 => Problems.WriteAsync(http, HttpRefusals.RateLimited),
        _ => Task.CompletedTask,
    };
}
