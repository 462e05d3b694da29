using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http;

/// <summary>How a refusal goes over the wire: real status, <c>application/problem+json</c> (RFC 9457), stable <c>code</c>, Chinese <c>title</c>.</summary>
public static class Problems
{
    public const string ContentType = "application/problem+json";

    /// <summary>The one place where a kind of "no" becomes a status.</summary>
    public static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.VersionMismatch => StatusCodes.Status412PreconditionFailed,
        RefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalKind.UnsupportedMedia => StatusCodes.Status415UnsupportedMediaType,
        RefusalKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        RefusalKind.ClientTooOld => StatusCodes.Status426UpgradeRequired,
        RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
        RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static IResult ToResult(this Refusal refusal) => new ProblemResult(refusal, StatusOf(refusal.Kind));

    /// <summary>The URN that names a code.</summary>
    public static string TypeOf(Refusal refusal) => $"urn:microplatform:problem:{refusal.Code}";

    /// <summary>What finds the request again in the logs.</summary>
    public static string TraceIdOf(HttpContext http) => Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;

    /// <summary>For the few refusals that only the wire knows and whose status has no kind (404 route, 405, 415, 500).</summary>
    public static Task WriteAsync(HttpContext http, Refusal refusal, int? status = null) =>
        new ProblemResult(refusal, status ?? StatusOf(refusal.Kind)).ExecuteAsync(http);

    private sealed class ProblemResult(Refusal refusal, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = ContentType;
            response.Headers.CacheControl = "no-store";
            if (refusal.RetryAfter is { } wait) response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            if (PartnerProblem.IsFor(httpContext))
                return JsonSerializer.SerializeAsync(response.Body, PartnerProblem.Of(refusal, status, TraceIdOf(httpContext)), WireJson.Options, httpContext.RequestAborted);
            var problem = new Problem(TypeOf(refusal), refusal.Title, status, refusal.Code, TraceIdOf(httpContext), refusal.Errors)
            {
                Members = refusal.Members.Count == 0 ? null : refusal.Members.ToDictionary(m => m.Key, m => (object)m.Value),
            };
            return JsonSerializer.SerializeAsync(response.Body, problem, WireJson.Options, httpContext.RequestAborted);
        }
    }
}

/// <summary>RFC 9457 problem details with the members the mini-program relies on.</summary>
/// <param name="Type">A URN that names the code.</param>
/// <param name="Title">Chinese, fit to show to the person as it is.</param>
/// <param name="Status">The HTTP status again.</param>
/// <param name="Code">One of the closed catalogue (<c>ProblemCode</c>).</param>
/// <param name="TraceId">What to tell the operator.</param>
/// <param name="Errors">Messages by field, for forms; empty when none.</param>
public sealed record Problem(string Type, string Title, int Status, string Code, string TraceId, IReadOnlyDictionary<string, string[]> Errors)
{
    /// <summary>Members of single codes, e.g. <c>stepToken</c> of <c>password_change_required</c>.</summary>
    [JsonExtensionData]
    public Dictionary<string, object>? Members { get; init; }
}
