using System.Diagnostics;
using Dapper;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>The proof that calls are as they must be, from what happened and not from what guards it; and the figures. Expected of the first everywhere: zero.</summary>
public sealed class CallOversight(Database database)
{
    /// <summary>People in two calls at once: by the states, not by the keys that hold it.</summary>
    private static string Torn(string who) =>
        $"SELECT COUNT(*) FROM (SELECT {who} FROM video_calls WHERE state IN ('Connected', 'Reconnecting') AND {who} IS NOT NULL GROUP BY {who} HAVING COUNT(*) > 1) x";

    /// <summary>Talked longer than from the first moment together to the end, or before there was one, or not counted to the end.</summary>
    private const string Inconsistent = """
        SELECT COUNT(*) FROM video_calls
        WHERE talked_ms < 0 OR (connected_at IS NULL AND talked_ms > 0) OR (ended_at IS NOT NULL AND connected_at IS NOT NULL AND talked_ms > ended_at - connected_at)
           OR (state = 'Connected' AND talking_since IS NULL) OR (state <> 'Connected' AND talking_since IS NOT NULL) OR (connected_at IS NULL AND state IN ('Connected', 'Reconnecting'))
        """;

    /// <summary>Calls that should have been decided a while ago, or can never be.</summary>
    private const string Overdue =
        "SELECT COUNT(*) FROM video_calls WHERE state IN ('Scheduled', 'Ringing', 'Connected', 'Reconnecting') AND (due_at IS NULL OR due_at < @since)";

    private const string Unexplained = """
        SELECT COUNT(*) FROM video_calls
        WHERE (state = 'Ended' AND how IS NULL) OR (state = 'Missed' AND absent IS NULL) OR (state IN ('Ended', 'Missed', 'Cancelled') AND ended_at IS NULL)
        """;

    /// <summary>Appointments and their calls that disagree: over and still to be entered, or at another time.</summary>
    private const string Strays = """
        SELECT COUNT(*) FROM video_calls c LEFT JOIN appointments a ON a.id = c.appointment_key
        WHERE c.appointment_key IS NOT NULL AND (a.id IS NULL OR a.state IN ('Completed', 'NoShow', 'Cancelled') OR (c.state = 'Scheduled' AND a.starts_at <> c.starts_at))
        """;

    /// <summary>Recordings that run where somebody does not agree, or of a call that is over for a while.</summary>
    private const string Unagreed = """
        SELECT COUNT(*) FROM video_call_recordings r JOIN video_calls c ON c.id = r.call_id
        WHERE r.state = 'Running' AND ((c.ended_at IS NOT NULL AND c.ended_at < @since)
          OR EXISTS (SELECT 1 FROM video_call_participants p WHERE p.call_id = r.call_id AND p.agreed_at IS NULL AND (p.side <> 'Guest' OR p.first_joined_at IS NOT NULL)))
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public Task<CallInvariantsFound> CheckAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var (began, args) = (Stopwatch.GetTimestamp(), new { since = now - Patience });
        return database.ReadAsync(async c => new CallInvariantsFound(
            await c.ExecuteScalarAsync<long>(Torn("citizen_id")), await c.ExecuteScalarAsync<long>(Torn("staff_id")),
            await c.ExecuteScalarAsync<long>(Inconsistent), await c.ExecuteScalarAsync<long>(Overdue, args), await c.ExecuteScalarAsync<long>(Unexplained),
            await c.ExecuteScalarAsync<long>(Strays), await c.ExecuteScalarAsync<long>(Unagreed, args), (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds), cancel);
    }

    /// <summary>What became of the calls made in a span of time.</summary>
    public Task<List<CallFigure>> FiguresAsync(DateTimeOffset from, DateTimeOffset until, string? organisationPath, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<CallFigure>($"""
            SELECT c.state, c.how, c.absent, c.medium, COUNT(*) AS n, SUM(c.talked_ms) AS talked_ms, SUM(CASE WHEN c.connected_at IS NULL THEN 0 ELSE 1 END) AS connected,
                   SUM(CASE WHEN c.owed_by IS NULL THEN 0 ELSE 1 END) AS owed
            FROM video_calls c {(organisationPath is null ? "" : "JOIN organisations o ON o.id = c.organisation_id")}
            WHERE c.ended_at >= @from AND c.ended_at < @until {(organisationPath is null ? "" : "AND o.path LIKE @below")}
            GROUP BY c.state, c.how, c.absent, c.medium
            """, new { from, until, below = organisationPath + "%" })).AsList(), cancel);
}

public sealed record CallFigure
{
    public CallState State { get; init; }
    public CallEnd? How { get; init; }
    public CallAbsence? Absent { get; init; }
    public CallMedium Medium { get; init; }
    public int N { get; init; }
    public long TalkedMs { get; init; }
    public int Connected { get; init; }
    public int Owed { get; init; }
}

/// <summary>What was found. Everything but the time taken should be zero.</summary>
/// <param name="CitizensInTwoCalls">People who would be in two calls at once.</param>
/// <param name="StaffInTwoCalls">The same of the office.</param>
/// <param name="TalkTimeInconsistent">Calls whose talk time does not fit their other times.</param>
/// <param name="UndecidedCalls">Calls that should have been decided more than a minute ago.</param>
/// <param name="EndedWithoutReason">Calls that are over, and nothing says how.</param>
/// <param name="StrayBookedCalls">Calls that do not go with their appointment.</param>
/// <param name="RecordingsWithoutConsent">Recordings that run where somebody does not agree, or after the call.</param>
/// <param name="Milliseconds">Time taken.</param>
public sealed record CallInvariantsFound(
    long CitizensInTwoCalls, long StaffInTwoCalls, long TalkTimeInconsistent, long UndecidedCalls, long EndedWithoutReason, long StrayBookedCalls, long RecordingsWithoutConsent, long Milliseconds);
