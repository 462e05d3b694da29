using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Outbox;

namespace MicroPlatform.Api.Administration;

/// <summary>What is still to be told to other parts and systems, by subscriber and age, and how much could not be delivered.</summary>
public static class ReadOutbox
{
    /// <param name="Items">Subscribers that have something to hear; none when all is delivered.</param>
    public sealed record Response(long Pending, long Dead, IReadOnlyList<SubscriberView> Items);

    /// <param name="Retrying">Of those pending, how many have failed at least once.</param>
    /// <param name="OverAMinute">Of those pending, how many are older than a minute; the next two count among them, too.</param>
    public sealed record SubscriberView(string Subscriber, long Pending, long Retrying, long OverAMinute, long OverAnHour, long OverADay, DateTimeOffset? OldestPendingAt, long Dead);

    public static async Task<IResult> Handle(HttpContext http, OutboxQueries outbox)
    {
        var rows = await outbox.CountAsync(http.RequestAborted);
        return Results.Json(new Response(rows.Sum(r => r.Pending), rows.Sum(r => r.Dead), [.. rows.Select(r =>
            new SubscriberView(r.Subscriber, r.Pending, r.Retrying, r.OverAMinute, r.OverAnHour, r.OverADay, r.OldestPendingAt, r.Dead))]), WireJson.Options);
    }
}

/// <summary>What could not be delivered after all attempts, newest first. It blocks nothing any more; somebody decides what becomes of it.</summary>
/// <param name="Id">Position in the outbox.</param>
/// <param name="EventType">What happened, as the source calls it.</param>
/// <param name="Key">The thing it is about.</param>
/// <param name="Error">Words of the last failure.</param>
public sealed record DeadLetterView(string Id, string Subscriber, string EventType, string Key, DateTimeOffset CreatedAt, int Attempts, string? Error)
{
    internal static DeadLetterView Of(DeadLetterRow r) =>
        new(r.Position.ToString(CultureInfo.InvariantCulture), r.Subscriber, r.EventType, r.EventKey, r.CreatedAt, r.Attempts, r.LastError);
}

/// <summary>What could not be delivered after all attempts, newest first. It blocks nothing any more; somebody decides what becomes of it.</summary>
public static class DeadLetters
{
    private const string List = "dead-letters";

    /// <param name="Subscriber">Only this one's; absent: all.</param>
    public sealed record ReplayRequest([property: MaxLength(96)] string? Subscriber);

    /// <param name="Replayed">Letters that will be delivered again.</param>
    public sealed record ReplayResponse(int Replayed);

    /// <param name="Reason">Why nobody needs it any more; kept in the audit trail.</param>
    public sealed record AbandonRequest([property: Required, MaxLength(200)] string? Reason);

    public static async Task<IResult> ListAsync(string? subscriber, string? cursor, int? limit, HttpContext http, OutboxQueries outbox, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var before = cursors.Read(List, cursor);
        if (before.IsRefused) return before.Refusal!.ToResult();
        var rows = await outbox.DeadAsync(
            string.IsNullOrEmpty(subscriber) ? null : subscriber, before.Value is { } position ? long.Parse(position, CultureInfo.InvariantCulture) : null, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, DeadLetterView.Of, r => cursors.Write(List, r.Position.ToString(CultureInfo.InvariantCulture))), WireJson.Options);
    }

    /// <summary>Once more, with all attempts before it.</summary>
    public static Task<IResult> ReplayAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, OutboxSignal signal) =>
        idempotency.RunAsync<DeadLetterView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Position(id, out var position) || await OutboxQueries.DeadAsync(tx, position) is not { } letter || !await OutboxQueries.ReviveAsync(tx, position)) return CommonRefusals.NotFound;
            await tx.AuditAsync(user.Actor, "outbox.replay", "outbox", letter.Id, letter.Subscriber);
            tx.AfterCommit(() => { signal.Set(letter.Subscriber); return Task.CompletedTask; });
            return DeadLetterView.Of(letter);
        });

    public static Task<IResult> ReplayAllAsync(ReplayRequest request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, OutboxSignal signal) =>
        runs.RunAsync<ReplayResponse>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var replayed = await OutboxQueries.ReviveAllAsync(tx, string.IsNullOrEmpty(request.Subscriber) ? null : request.Subscriber);
            await tx.AuditAsync(user.Actor, "outbox.replay_all", "outbox", request.Subscriber ?? "all", $"{replayed}");
            tx.AfterCommit(() => { signal.SetAll(); return Task.CompletedTask; });
            return new ReplayResponse(replayed);
        });

    public static Task<IResult> AbandonAsync(string id, AbandonRequest request, CurrentUser user, HttpContext http, Idempotency idempotency) =>
        idempotency.RunAsync<DeadLetterView>(http, StatusCodes.Status200OK, async tx =>
        {
            var reason = Text.Clean(request.Reason, "reason", 200, min: 2);
            if (reason.IsRefused) return reason.Refusal!;
            if (!Position(id, out var position) || await OutboxQueries.DeadAsync(tx, position) is not { } letter || !await OutboxQueries.AbandonAsync(tx, position)) return CommonRefusals.NotFound;
            await tx.AuditAsync(user.Actor, "outbox.abandon", "outbox", letter.Id, $"{letter.Subscriber}: {reason.Value}");
            return DeadLetterView.Of(letter);
        });

    private static bool Position(string id, out long position) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out position);
}
