using Dapper;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>接通率, 满意率, 回访率: counted from the rows themselves, so that every figure opens the list it was counted from.</summary>
public sealed class HotlineFigureQueries(Database database)
{
    private const int SoonSeconds = 15;

    public Task<HotlineFigures> CountAsync(string? appId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var args = new { appId, from, to, SoonSeconds, FollowUpTicket.Dissatisfied };
        string Of(string table) => appId is null ? "" : $"AND {table}.app_id = @appId";
        var calls = await c.QueryFirstAsync<CallCounts>($"""
            SELECT COUNT(*) AS asked, COALESCE(SUM(CASE WHEN result = 'Answered' THEN 1 ELSE 0 END), 0) AS answered,
                   COALESCE(SUM(CASE WHEN result = 'Answered' AND wait_seconds <= @SoonSeconds THEN 1 ELSE 0 END), 0) AS soon
            FROM hotline_calls k WHERE outbound = 0 AND asked_for_person = 1 AND started_at >= @from AND started_at < @to {Of("k")}
            """, args);
        var rated = await c.QueryFirstAsync<Pair>($"""
            SELECT COUNT(*) AS whole, COALESCE(SUM(CASE WHEN g.score >= 4 THEN 1 ELSE 0 END), 0) AS part
            FROM ratings g JOIN hotline_tickets t ON t.matter_id = g.matter_id WHERE g.at >= @from AND g.at < @to {Of("t")}
            """, args);
        var visits = await c.QueryFirstAsync<Pair>($"""
            SELECT COUNT(*) AS whole, COALESCE(SUM(CASE WHEN state = 'Done' THEN 1 ELSE 0 END), 0) AS part FROM hotline_tasks v
            WHERE kind IN ('ReturnVisit', 'DissatisfiedVisit') AND due_at >= @from AND due_at < @to {Of("v")}
            """, args);
        var bad = await c.QueryFirstAsync<Pair>($"""
            SELECT COUNT(*) AS whole, COALESCE(SUM(CASE WHEN state = 'Done' THEN 1 ELSE 0 END), 0) AS part FROM hotline_tasks v
            WHERE kind = 'DissatisfiedVisit' AND due_at >= @from AND due_at < @to {Of("v")}
            """, args);
        return new HotlineFigures((int)calls.Asked, (int)calls.Answered, (int)calls.Soon, (int)rated.Whole, (int)rated.Part, (int)visits.Whole, (int)visits.Part, (int)bad.Whole, (int)bad.Part);
    }, cancel);

    private sealed record CallCounts
    {
        public long Asked { get; init; }
        public long Answered { get; init; }
        public long Soon { get; init; }
    }

    private sealed record Pair
    {
        public long Whole { get; init; }
        public long Part { get; init; }
    }
}
