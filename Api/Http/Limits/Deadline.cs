using System.Globalization;
using MicroPlatform.Domain.Common;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Http.Limits;

/// <summary>Section <c>Http</c>.</summary>
public sealed class HttpOptions
{
    /// <summary>How long a request may take, besides what it asks to wait (R11: below 10 s, because the gateways of WeChat give up at 15).</summary>
    public TimeSpan RequestLimit { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Whether each request is written to the log.</summary>
    public bool RequestLog { get; set; } = true;
}

/// <summary>No request hangs: when its time is over its work is cancelled and the caller gets 503. Long polls get what they asked to wait on top, uploads and downloads what their route says; sockets are exempt.</summary>
public static class Deadline
{
    public static void UseDeadline(this WebApplication app)
    {
        var limit = app.Services.GetRequiredService<IOptions<HttpOptions>>().Value.RequestLimit;
        app.Use(async (http, next) =>
        {
            if (http.WebSockets.IsWebSocketRequest)
            {
                await next(http);
                return;
            }
            var caller = http.RequestAborted;
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(caller);
            timer.CancelAfter((http.GetEndpoint()?.Metadata.GetMetadata<LongerLimit>()?.Limit ?? limit) + Asked(http.Request));
            http.RequestAborted = timer.Token;
            try
            {
                await next(http);
            }
            catch (Exception e) when (timer.IsCancellationRequested && !caller.IsCancellationRequested && !http.Response.HasStarted && e is OperationCanceledException or IOException)
            {
                http.RequestAborted = caller;
                http.RequestServices.GetRequiredService<ILogger<HttpOptions>>().LogError(e, "Over time: {Method} {Route}", http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
                await Problems.WriteAsync(http, CommonRefusals.Unavailable);
            }
            finally
            {
                http.RequestAborted = caller;
            }
        });
    }

    /// <summary>For the few routes that look at everything there is, or whose bytes come and go slowly. Behind a gateway that gives up sooner the work goes on no longer than this.</summary>
    public static RouteHandlerBuilder MayTake(this RouteHandlerBuilder route, TimeSpan limit) => route.WithMetadata(new LongerLimit(limit));

    private sealed record LongerLimit(TimeSpan Limit);

    private static TimeSpan Asked(HttpRequest request) =>
        request.QueryString.HasValue && int.TryParse(request.Query["waitSeconds"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongPoll.MaxSeconds))
            : TimeSpan.Zero;
}
