using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Queues;

/// <summary>What whoever calls in a hall looks at: who is in hand, who waits in which order, who is set aside, and who is still expected for an appointment.</summary>
public static class ReadCallingList
{
    /// <summary>More than this nobody reads.</summary>
    private const int Most = 200;

    /// <param name="MyTicket">Whom the caller has in hand; null for nobody.</param>
    /// <param name="Waiting">First to last, with and without an appointment.</param>
    /// <param name="Expected">Appointments of today in person whose citizens have not come yet.</param>
    /// <param name="LastSeq">Pass it as <c>after</c> with <c>waitSeconds</c>.</param>
    public sealed record Response(
        string QueueId, string QueueName, WindowTicketView? MyTicket, IReadOnlyList<WindowTicketView> Waiting, IReadOnlyList<WindowTicketView> Parked, IReadOnlyList<Expectation> Expected, long LastSeq);

    public sealed record Expectation(string AppointmentId, string MatterNumberText, string ServiceName, string? StaffName, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

    /// <param name="after">Answers at once unless nothing has happened since; then waits.</param>
    public static async Task<IResult> Handle(
        string id, long? after, int? waitSeconds, CurrentUser user, HttpContext http, QueueRepository queues, QueueQueries queries, HallQueries hall, RegistryQueries registry, SlipCodes codes,
        LiveHub live, TimeProvider time)
    {
        var wait = LongPoll.Wait(after is null ? null : waitSeconds);
        if (wait.IsRefused) return wait.Refusal!.ToResult();
        var cancel = http.RequestAborted;
        if (!Id.IsWellFormed(id) || await queues.FindAsync(id, cancel) is not { Kind: QueueKind.Window } queue || !await registry.InScopeAsync(user.Id, queue.OrganisationId, cancel))
            return CommonRefusals.NotFound.ToResult();
        var seq = await live.PollAsync([LiveTopics.Queue(id)], wait.Value, async () => (await hall.QueuesAsync(queue.OrganisationId, cancel)).Find(q => q.Id == id)?.Seq ?? 0, s => s != after, cancel);
        var mine = await queries.InHandAsync(user.Id, cancel);
        var line = await queries.InLineAsync(id, Most, cancel);
        var expected = await hall.ExpectedAsync(queue.OrganisationId, time.GetUtcNow().DateInChina(), cancel);
        return Results.Json(new Response(
            id, queue.Name, mine?.Kind == QueueKind.Window ? WindowTicketView.Of(mine, codes) : null,
            [.. line.Where(t => t.State == TicketState.Waiting).Select(t => WindowTicketView.Of(t, codes))],
            [.. line.Where(t => t.State == TicketState.Parked).Select(t => WindowTicketView.Of(t, codes))],
            [.. expected.Select(e => new Expectation(e.Id, MatterNumber.Display(e.MatterNumber), e.ServiceName, e.StaffName, e.StartsAt, e.EndsAt))], seq), WireJson.Options);
    }
}
