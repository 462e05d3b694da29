using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Http;

/// <summary>
/// Carries out a write once, however often it is asked for (R9). The key's row is inserted first, in the transaction of the state, and
/// holds the answer before the commit; so of fifty equal requests one writes and the others wait for it and answer the same, and after a
/// lost COMMIT the second run finds the answer of the first. Only successes are kept: a refusal wrote nothing and is judged anew.
/// </summary>
public sealed class Idempotency(Database database, TimeProvider time)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";

    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <param name="body">Runs in the transaction, perhaps more than once; what it returns is the response.</param>
    public async Task<IResult> RunAsync<T>(HttpContext http, int status, Func<UnitOfWork, Task<Outcome<T>>> body)
    {
        if (KeyOf(http) is not { } key) return HttpRefusals.IdempotencyKeyInvalid.ToResult();
        var bodyHash = Hash($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} {http.BodyHash()}");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                var outcome = await database.WriteAsync<string>(async tx =>
                {
                    await tx.ClaimAsync(
                        "INSERT INTO idempotency_keys (id, body_hash, status, response, expires_at) VALUES (@claimedKey, @claimedHash, 0, NULL, @claimedUntil)",
                        new { claimedKey = key, claimedHash = bodyHash, claimedUntil = tx.Now + Kept }, () => new KeyTakenException());
                    var result = await body(tx);
                    if (result.IsRefused)
                    {
                        // A body that refuses without asking anything: who has carried it out already is told so all the same.
                        await tx.SettleClaimAsync();
                        return result.Refusal!;
                    }
                    var json = JsonSerializer.Serialize(result.Value, WireJson.Options);
                    await tx.ExecuteLaterAsync("UPDATE idempotency_keys SET status = @status, response = @json WHERE id = @key", new { status, json, key });
                    return json;
                }, http.RequestAborted);
                return outcome.IsRefused ? outcome.Refusal!.ToResult() : new JsonText(outcome.Value, status);
            }
            catch (KeyTakenException)
            {
                if (await FindAsync(key, http.RequestAborted) is { } stored)
                    return stored.BodyHash == bodyHash ? Replay(http, stored) : HttpRefusals.IdempotencyKeyReused.ToResult();
                // Whoever had it rolled back or it had run out: it is free again.
            }
        }
        return HttpRefusals.IdempotencyInFlight.ToResult();
    }

    /// <summary>Forgets keys that are over their time.</summary>
    public Task<int> SweepAsync(CancellationToken cancel = default) => database.WriteAlwaysAsync(
        tx => tx.ExecuteAsync("DELETE FROM idempotency_keys WHERE expires_at < @Now", new { tx.Now }), cancel);

    private async Task<Stored?> FindAsync(string key, CancellationToken cancel)
    {
        var stored = await database.ReadAsync(c => c.QueryFirstOrDefaultAsync<Stored>(
            "SELECT body_hash, status, response, expires_at FROM idempotency_keys WHERE id = @key", new { key }), cancel);
        if (stored is null || stored.ExpiresAt > time.GetUtcNow()) return stored;
        await database.WriteAlwaysAsync(tx => tx.ExecuteAsync("DELETE FROM idempotency_keys WHERE id = @key AND expires_at < @Now", new { key, tx.Now }), cancel);
        return null;
    }

    /// <summary>
    /// The stored key: scope (who, which route) and key, hashed to a fixed length. A request without a key gets one of its own, so that
    /// a repeat inside <see cref="Database.WriteAsync{T}"/> is safe all the same. Null when the header is not well-formed.
    /// </summary>
    private string? KeyOf(HttpContext http)
    {
        var given = http.Request.Headers[Header].ToString();
        if (given.Length == 0) return $"auto-{Id.New(time)}";
        if (given.Length > 64 || !given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return null;
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? http.Request.Path;
        var who = http.User.Identity?.IsAuthenticated == true ? CurrentUser.Of(http.User).Id : http.Connection.RemoteIpAddress?.ToString();
        return Hash($"{who}\n{http.Request.Method} {route}\n{given}");
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static JsonText Replay(HttpContext http, Stored stored)
    {
        http.Response.Headers[ReplayedHeader] = "true";
        return new JsonText(stored.Response ?? "null", stored.Status);
    }

    private sealed record Stored
    {
        public required string BodyHash { get; init; }
        public int Status { get; init; }
        public string? Response { get; init; }
        public DateTimeOffset ExpiresAt { get; init; }
    }

    private sealed class KeyTakenException : Exception;
}

/// <summary>JSON that is written already.</summary>
public sealed class JsonText(string json, int status) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.Headers.CacheControl = "no-store";
        return httpContext.Response.WriteAsync(json, httpContext.RequestAborted);
    }
}
