using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Http;

/// <summary>
/// <c>?validateOnly=true</c>: everything is done as it would be, answered, and taken back with the transaction. So what is shown beforehand
/// is judged by the same lines as what is done afterwards.
/// </summary>
public sealed class DryRun(Database database, Idempotency idempotency)
{
    /// <summary>Never sent: it only makes the transaction roll back.</summary>
    private static readonly Refusal TakenBack = new("taken_back", "", RefusalKind.Conflict);

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
