using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Http;

/// <summary>
/// <c>?validateOnly=true</c>: everything is done as it would be, answered, and taken back with the transaction. So what is shown beforehand
/// is judged by the same lines as what is done afterwards.
/// </summary>
public sealed class DryRun(Database database, Idempotency idempotency)
{
    /// <summary>The same for answers that are never kept for <c>Idempotency-Key</c>, because they name a person or hold a secret.</summary>
    public async Task<IResult> OnceAsync<T>(HttpContext http, int status, bool? validateOnly, Func<UnitOfWork, Task<Outcome<T>>> body) => validateOnly == true
        ? await RunAsync(http, status, validateOnly, body)
        : (await database.WriteAsync(body, http.RequestAborted)).ToReply(status);

    /// <summary>Never sent: it only makes the transaction roll back.</summary>
    private static readonly Refusal TakenBack = new("taken_back", "", RefusalKind.Conflict);

    /// <summary>Tries something out and takes it back.</summary>
    /// <returns>What stands against it, or null.</returns>
    public async Task<Refusal?> TryAsync<T>(Func<UnitOfWork, Task<Outcome<T>>> body, CancellationToken cancel)
    {
        var outcome = await database.WriteAsync<T>(async tx =>
        {
            var tried = await body(tx);
            return tried.IsRefused ? tried.Refusal! : TakenBack;
        }, cancel);
        return ReferenceEquals(outcome.Refusal, TakenBack) ? null : outcome.Refusal;
    }

    public async Task<IResult> RunAsync<T>(HttpContext http, int status, bool? validateOnly, Func<UnitOfWork, Task<Outcome<T>>> body)
    {
        if (validateOnly != true) return await idempotency.RunAsync(http, status, body);
        Outcome<T> seen = default;
        var outcome = await database.WriteAsync<T>(async tx =>
        {
            seen = await body(tx);
            return seen.IsRefused ? seen.Refusal! : TakenBack;
        }, http.RequestAborted);
        return ReferenceEquals(outcome.Refusal, TakenBack) ? Results.Json(seen.Value, WireJson.Options) : outcome.Refusal!.ToResult();
    }
}
