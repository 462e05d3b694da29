using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;

namespace MicroPlatform.Api.Audit;

/// <summary>The audit trail, newest first; <c>subjectKind</c> with <c>subjectId</c>, or <c>actorId</c>, narrow it down.</summary>
public static class ListAuditEntries
{
    private const string List = "audit";

    /// <param name="Action">Stable <c>feature.verb</c>.</param>
    /// <param name="Detail">Ids, codes, outcomes; never what a person wrote.</param>
    /// <param name="Linked">Whether the row is part of the hash chain yet (normally within a second).</param>
    public sealed record Entry(string Id, DateTimeOffset At, ActorKind ActorKind, string ActorId, string? ActorName, string Action, string SubjectKind, string SubjectId, string? Detail, bool Linked);

    public static async Task<IResult> Handle(
        string? subjectKind, string? subjectId, string? actorId, string? cursor, int? limit, HttpContext http, AuditQueries queries, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        if ((subjectKind is null) != (subjectId is null)) return CommonRefusals.Invalid.At("subjectId", "须与subjectKind同时使用").ToResult();
        var before = cursors.Read(List, cursor);
        if (before.IsRefused) return before.Refusal!.ToResult();
        var rows = await queries.ListAsync(
            before.Value is { } position ? long.Parse(position, CultureInfo.InvariantCulture) : null, subjectKind, subjectId, actorId, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, Of, r => cursors.Write(List, r.Position.ToString(CultureInfo.InvariantCulture))), WireJson.Options);
    }

    private static Entry Of(AuditRow r) =>
        new(r.Id, r.At, r.ActorKind, r.ActorId, r.ActorName, r.Action, r.SubjectKind, r.SubjectId, r.Detail, r.ChainSeq is not null);
}
