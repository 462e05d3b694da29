using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Live;

namespace MicroPlatform.Api.Consultations;

/// <summary>
/// Messages of one's own thread. <c>after=7&amp;waitSeconds=25</c> waits until something newer than message 7 is there, or the time is up;
/// <c>before</c> pages back into the past. Messages come in order, without gaps for the reader's side of the thread.
/// </summary>
public static class ReadThread
{
    /// <param name="Items">Oldest first.</param>
    /// <param name="LastSeq">Pass it as <c>after</c> next time.</param>
    /// <param name="HasMore">Whether there are more messages in the direction read.</param>
    /// <param name="State">State of the consultation, so that the screen needs no second request.</param>
    /// <param name="PollAfterSeconds">When polling without <c>waitSeconds</c>: how long to pause.</param>
    public sealed record Response(IReadOnlyList<MessageView> Items, int LastSeq, bool HasMore, ConsultationState State, string StateText, int PollAfterSeconds);

    public static Task<IResult> Handle(
        string id, int? after, int? before, int? limit, int? waitSeconds, CurrentUser user, HttpContext http, ConsultationQueries queries, LiveHub live) =>
        ReadAsync(id, after, before, limit, waitSeconds, user, http, queries, live, withNotes: false, head => Task.FromResult(head.CitizenId == user.Id));

    /// <summary>Shared with the staff side, which sees notes and has another idea of who may read.</summary>
    internal static async Task<IResult> ReadAsync(
        string id, int? after, int? before, int? limit, int? waitSeconds, CurrentUser user, HttpContext http, ConsultationQueries queries, LiveHub live,
        bool withNotes, Func<ConsultationHead, Task<bool>> mayRead)
    {
        var count = Paging.Limit(limit ?? 50);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var wait = LongPoll.Wait(before is null ? waitSeconds : null);
        if (wait.IsRefused) return wait.Refusal!.ToResult();
        if (after is < 0 || before is < 1 || (after is not null && before is not null)) return CommonRefusals.Invalid.At("after", "应为非负整数，且不能与before同时使用").ToResult();
        var page = new ThreadPage(before ?? after ?? 0, before is not null, count.Value + 1);
        if (!Id.IsWellFormed(id) || await queries.ThreadAsync(id, page, withNotes, http.RequestAborted) is not { } reading || !await mayRead(reading.Head))
            return CommonRefusals.NotFound.ToResult();
        var state = reading.Head.State;
        if (reading.Rows.Count == 0 && wait.Value > TimeSpan.Zero)
            reading = await live.PollAsync([LiveTopics.Consultation(id)], wait.Value,
                async () => await queries.ThreadAsync(id, page, withNotes, http.RequestAborted) ?? throw new InvalidOperationException($"Consultation {id} vanished."),
                r => r.Rows.Count > 0 || r.Head.State != state, http.RequestAborted);

        var rows = reading.Rows;
        var more = rows.Count > count.Value;
        if (more) rows.RemoveAt(rows.Count - 1);
        if (before is not null) rows.Reverse();
        var response = new Response([.. rows.Select(m => MessageView.Of(m, user.Id))], rows.Count > 0 ? rows[^1].Seq : after ?? 0, more,
            reading.Head.State, reading.Head.State.Label(), reading.Head.State is ConsultationState.Assigned or ConsultationState.FollowUp ? 5 : 30);
        return Etags.Conditional(http, $"{id}-{reading.Head.Version}-{after ?? 0}-{before}-{count.Value}", response);
    }
}
