using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Queues;

/// <summary>Whether somebody of the office is there to be rung. Off by itself when the heartbeats stop; busy shows from whom they have in hand.</summary>
public static class StaffPresence
{
    /// <param name="State"><c>on</c>, <c>away</c> or <c>off</c>; busy is not said.</param>
    public sealed record Request([property: Required] PresenceState? State);

    /// <param name="HeartbeatSeconds">How often to send one while there.</param>
    /// <param name="Ringing">Citizens for whom the caller's phone is to ring now: look at <c>GET /v1/staff/queue</c>.</param>
    public sealed record Response(PresenceState State, string StateText, int HeartbeatSeconds, int Ringing);

    public static async Task<IResult> SetAsync(
        Request request, CurrentUser user, HttpContext http, Database database, PresenceRepository presence, QueueQueries queries, IOptions<QueuesOptions> options, TimeProvider time)
    {
        if (request.State == PresenceState.Busy) return CommonRefusals.Invalid.At("state", "应为on、away或off").ToResult();
        await database.WriteAlwaysAsync(async tx =>
        {
            await presence.SayAsync(tx, user.Id, request.State!.Value);
            await tx.AuditAsync(user.Actor, "queues.presence", "staff", user.Id, request.State.Value.ToString());
            return Done.It;
        }, http.RequestAborted);
        return await ReplyAsync(user, http, presence, queries, options, time);
    }

    /// <summary>Still there. Whoever has said nothing, or has gone off, stays so.</summary>
    public static async Task<IResult> BeatAsync(CurrentUser user, HttpContext http, PresenceRepository presence, QueueQueries queries, IOptions<QueuesOptions> options, TimeProvider time)
    {
        await presence.HeartbeatAsync(user.Id, http.RequestAborted);
        return await ReplyAsync(user, http, presence, queries, options, time);
    }

    private static async Task<IResult> ReplyAsync(CurrentUser user, HttpContext http, PresenceRepository presence, QueueQueries queries, IOptions<QueuesOptions> options, TimeProvider time)
    {
        var said = await presence.SaidAsync(user.Id, http.RequestAborted);
        var state = said == PresenceState.On && await queries.InHandAsync(user.Id, http.RequestAborted) is not null ? PresenceState.Busy : said;
        var ringing = (await queries.RingingAsync(user.Id, time.GetUtcNow(), http.RequestAborted)).Count;
        return Results.Json(new Response(state, state.Label(), (int)options.Value.HeartbeatFor.TotalSeconds / 3, ringing), WireJson.Options);
    }
}

/// <summary>What somebody of the office has before them: whom they have in hand, for whom their phone rings, how long the lines are.</summary>
public static class ReadStaffQueue
{
    /// <param name="Waiting">People who wait.</param>
    public sealed record QueueLineView(string Id, string Name, string OrganisationName, int Waiting, bool Open);

    /// <param name="InHand">Whom the caller serves, or whose summary they owe; null when nobody.</param>
    /// <param name="Ringing">For whom the caller's phone rings; each to be accepted or declined until its <c>ringUntil</c>.</param>
    /// <param name="Queues">Those the caller may serve now.</param>
    public sealed record Response(
        PresenceState State, string StateText, StaffTicketView? InHand, IReadOnlyList<StaffTicketView> Ringing, IReadOnlyList<QueueLineView> Queues, int PollAfterSeconds);

    /// <summary>Answers 304 to a matching <c>If-None-Match</c>; with <c>waitSeconds</c> only after that time without any news.</summary>
    public static async Task<IResult> Handle(
        int? waitSeconds, CurrentUser user, HttpContext http, QueueQueries queries, PresenceRepository presence, LiveHub live, TimeProvider time)
    {
        var wait = LongPoll.Wait(waitSeconds);
        if (wait.IsRefused) return wait.Refusal!.ToResult();
        var known = http.Request.Headers.IfNoneMatch.ToString();
        var (response, tag) = await live.PollAsync([LiveTopics.Staff(user.Id)], wait.Value, async () =>
        {
            var now = time.GetUtcNow();
            var said = await presence.SaidAsync(user.Id, http.RequestAborted);
            var hand = await queries.InHandAsync(user.Id, http.RequestAborted);
            var ringing = await queries.RingingAsync(user.Id, now, http.RequestAborted);
            var lines = await queries.LinesAsync(user.Id, now, http.RequestAborted);
            var state = said == PresenceState.On && hand is not null ? PresenceState.Busy : said;
            var whole = new Response(state, state.Label(), hand is null ? null : StaffTicketView.Of(hand, now), [.. ringing.Select(t => StaffTicketView.Of(t, now))],
                [.. lines.Select(l => new QueueLineView(l.Id, l.Name, l.OrganisationName, l.Waiting, l.IsOpen))], 3);
            var mark = string.Join('.', ringing.Select(t => $"{t.Id[^6..]}{t.Version}").Concat(lines.Select(l => $"{l.Waiting}{(l.IsOpen ? "o" : "c")}")));
            return (whole, $"{state}-{hand?.Id[^6..]}{hand?.Version}-{mark}");
        }, reading => known.Length == 0 || known != $"\"{reading.Item2}\"", http.RequestAborted);
        return Etags.Conditional(http, tag, response);
    }
}
