using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hotline;

/// <summary>A call that the office has to make.</summary>
/// <param name="Attempts">How often it was tried in vain; the third time is the last.</param>
/// <param name="TicketNo">The ticket that it is about; null for a missed call.</param>
public sealed record HotlineTaskView(
    string Id, HotlineTaskKind Kind, string KindText, HotlineTaskState State, string StateText, int Attempts, int MostAttempts, DateTimeOffset DueAt, bool Overdue, string? TicketId, string? TicketNo, string? CallId,
    DateTimeOffset CreatedAt)
{
    public static HotlineTaskView Of(TaskRow t, DateTimeOffset now) => new(
        t.Id, t.Kind, t.Kind.Label(), t.State, t.State.Label(), t.Attempts, HotlineTask.MostAttempts, t.DueAt, t.State == HotlineTaskState.Open && t.DueAt < now, t.TicketId, t.TicketNo, t.CallId, t.CreatedAt);

    public static HotlineTaskView Of(HotlineTask t, DateTimeOffset now) => new(
        t.Id, t.Kind, t.Kind.Label(), t.State, t.State.Label(), t.Attempts, HotlineTask.MostAttempts, t.DueAt, t.State == HotlineTaskState.Open && t.DueAt < now, t.TicketId, null, t.CallId, t.CreatedAt);
}

/// <summary>What the caller's units owe to callers, soonest due first: 漏接回拨, 办结回访, 不满意回访.</summary>
public static class ListTasks
{
    private const string List = "hotline-tasks";

    public static async Task<IResult> Handle(string? cursor, int? limit, CurrentUser user, HttpContext http, HotlineTaskRepository tasks, RegistryQueries registry, Cursors cursors, TimeProvider time)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var position = cursors.Read(List, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        var (at, after) = position.Value is { } p ? (long.Parse(p.AsSpan(0, p.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture), p[(p.IndexOf(' ', StringComparison.Ordinal) + 1)..]) : (0, "");
        var units = await registry.UnitsAsync(await registry.ScopeAsync(user.Id, http.RequestAborted), http.RequestAborted);
        var rows = await tasks.OpenAsync(units, at, after, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, r => HotlineTaskView.Of(r, time.GetUtcNow()), r => cursors.Write(List, $"{r.DueAt.ToUnixTimeMilliseconds()} {r.Id}")), WireJson.Options);
    }
}

/// <summary>The number to ring, in clear; the reading is audited. Sent twice it is two readings.</summary>
public static class ReadTaskPhone
{
    public sealed record Response(string Phone);

    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Database database, HotlineTaskRepository tasks) => (await database.WriteAsync<Response>(async tx =>
    {
        if (await tasks.FindForStaffAsync(tx, id, user.Id) is null) return CommonRefusals.NotFound;
        if (await tasks.PhoneOfAsync(tx, id) is not { } phone) return HotlineRefusals.NoPhone;
        await tx.AuditAsync(user.Actor, SealedReads.Action, "hotline_task", id, "phone");
        return new Response(phone.Reveal());
    }, http.RequestAborted)).ToReply();
}

/// <summary>Somebody has rung the caller: reached, or not. Three times in vain ends it as 未接通. A return visit that reached somebody is told to the hotline.</summary>
public static class RecordAttempt
{
    /// <param name="Reached">Whether the caller was spoken to.</param>
    /// <param name="Note">What they said.</param>
    public sealed record Request([property: Required] bool? Reached, [property: MaxLength(HotlineTask.MaxNote)] string? Note);

    public static Task<IResult> Handle(
        string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, HotlineTaskRepository tasks, HotlineTicketRepository tickets, OutboxWriter outbox,
        IOptions<HotlineOptions> options) =>
        idempotency.RunAsync<HotlineTaskView>(http, StatusCodes.Status200OK, async tx =>
        {
            var note = Text.CleanOptional(request.Note, "note", HotlineTask.MaxNote);
            if (note.IsRefused) return note.Refusal!;
            if (await tasks.FindForStaffAsync(tx, id, user.Id) is not { } task) return CommonRefusals.NotFound;
            var tried = task.Try(request.Reached!.Value, options.Value.CallBackWithin, tx.Now);
            if (tried.IsRefused) return tried.Refusal!;
            await HotlineTaskRepository.SaveAttemptAsync(tx, task, request.Reached.Value, note.Value, user.Id);
            if (task is { State: HotlineTaskState.Open, Kind: HotlineTaskKind.CallBack })
                await outbox.WriteAsync(tx, [new HotlineCallRequested(task.Id, task.AppId, task.TicketId, "callback", task.Attempts + 1)]);
            if (request.Reached.Value && task.TicketId is { } ticketId && await tickets.FindAsync(tx, ticketId) is { State: HotlineTicketState.Resolved } ticket)
            {
                var told = ticket.Step(HotlineEventType.FollowedUp, note.Value, user.Actor, $"mp-{tx.NewId()}", tx.Now);
                if (told.IsRefused) return told.Refusal!;
                await tickets.SaveAsync(tx, ticket, user.Actor);
            }
            await tx.AuditAsync(user.Actor, "hotline.attempt", "hotline_task", id, $"{task.Attempts} {task.State}");
            return HotlineTaskView.Of(task, tx.Now);
        });
}
