using System.Text.Json;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// Answers that hold tokens or what names a person. They never go through <see cref="Idempotency"/>, which would keep them in plain text
/// for a day; each of these writes is safe to repeat by itself or takes a code that is good once.
/// </summary>
internal static class Replies
{
    public static IResult ToReply<T>(this Outcome<T> outcome, int status = StatusCodes.Status200OK) =>
        outcome.IsRefused ? outcome.Refusal!.ToResult() : Of(outcome.Value, status);

    public static IResult Of<T>(T value, int status = StatusCodes.Status200OK) => new JsonText(JsonSerializer.Serialize(value, WireJson.Options), status);

    /// <summary>What the client says it is (R24); shown to the person in the list of sessions.</summary>
    public static string? Client(this HttpContext http) => http.Request.Headers["X-Client"].ToString() is { Length: > 0 } client ? client : http.Request.Headers.UserAgent.ToString();
}
