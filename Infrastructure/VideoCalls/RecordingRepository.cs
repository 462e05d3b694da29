using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>Keeps what is known of recordings. That a call has one at a time is judged by the unique key of the open one.</summary>
public sealed class RecordingRepository(Database database, OutboxWriter outbox)
{
    private const string Columns =
        "id, call_id, running_key, state, provider, provider_ref, asked_by, asked_at, agreed, started_at, stopped_at, why_stopped, delete_after, deleted_at, version";

    public static async Task<CallRecording?> FindAsync(UnitOfWork tx, string id) =>
        (await tx.FirstOrDefaultAsync<RecordingRow>($"SELECT {Columns} FROM video_call_recordings WHERE id = @id", new { id }))?.ToRecording();

    /// <summary>The one wanted or under way; null when there is none.</summary>
    public static async Task<CallRecording?> FindOpenAsync(UnitOfWork tx, string callId) =>
        (await tx.FirstOrDefaultAsync<RecordingRow>($"SELECT {Columns} FROM video_call_recordings WHERE running_key = @callId", new { callId }))?.ToRecording();

    public async Task<Outcome<Done>> InsertAsync(UnitOfWork tx, CallRecording recording)
    {
        try
        {
            await tx.ExecuteAsync($"""
                INSERT INTO video_call_recordings ({Columns})
                VALUES (@Id, @CallId, @RunningKey, @State, @Provider, @ProviderRef, @AskedBy, @AskedAt, @Agreed, @StartedAt, @StoppedAt, @WhyStopped, @DeleteAfter, @DeletedAt, 1)
                """, RecordingRow.Of(recording));
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return CallRefusals.AlreadyRecording;
        }
        await outbox.WriteAsync(tx, recording.Events);
        return Done.It;
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public async Task SaveAsync(UnitOfWork tx, CallRecording recording)
    {
        await tx.ExecuteExpectingOneAsync("""
            UPDATE video_call_recordings SET running_key = @RunningKey, state = @State, provider_ref = @ProviderRef, started_at = @StartedAt, stopped_at = @StoppedAt,
                   why_stopped = @WhyStopped, delete_after = @DeleteAfter, deleted_at = @DeletedAt, version = version + 1
            WHERE id = @Id AND version = @Version
            """, RecordingRow.Of(recording));
        await outbox.WriteAsync(tx, recording.Events);
    }

    /// <summary>With the names of those who asked.</summary>
    public static async Task<IReadOnlyList<RecordingRow>> OfCallAsync(UnitOfWork tx, string callId) => [.. await tx.QueryAsync<RecordingRow>($"""
        SELECT {Columns}, (SELECT s.name FROM staff_members s WHERE s.id = asked_by) AS asked_by_name FROM video_call_recordings WHERE call_id = @callId ORDER BY id
        """, new { callId })];

    /// <summary>What is kept past its date, oldest first.</summary>
    public Task<List<RecordingRow>> PastAsync(DateTimeOffset now, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<RecordingRow>(
        $"SELECT {Columns} FROM video_call_recordings WHERE state = 'Kept' AND delete_after < @now ORDER BY delete_after LIMIT @limit", new { now, limit })).AsList(), cancel);
}

public sealed record RecordingRow
{
    public required string Id { get; init; }
    public required string CallId { get; init; }
    public string? RunningKey { get; init; }
    public required string State { get; init; }
    public required string Provider { get; init; }
    public string? ProviderRef { get; init; }
    public required string AskedBy { get; init; }
    public string? AskedByName { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public required string Agreed { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? StoppedAt { get; init; }
    public string? WhyStopped { get; init; }
    public DateTimeOffset? DeleteAfter { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }
    public int Version { get; init; }

    public static RecordingRow Of(CallRecording r) => new()
    {
        Id = r.Id, CallId = r.CallId, RunningKey = r.IsOpen ? r.CallId : null, State = r.State.ToString(), Provider = r.Provider, ProviderRef = r.Times.Reference, AskedBy = r.AskedBy,
        AskedAt = r.AskedAt, Agreed = string.Join(',', r.Agreed), StartedAt = r.Times.StartedAt, StoppedAt = r.Times.StoppedAt, WhyStopped = r.Times.Why?.ToString(),
        DeleteAfter = r.Times.DeleteAfter, DeletedAt = r.Times.DeletedAt, Version = r.Version,
    };

    public CallRecording ToRecording() => CallRecording.Restore(
        new CallRecording
        {
            Id = Id, CallId = CallId, Provider = Provider, AskedBy = AskedBy, AskedAt = AskedAt, Agreed = Agreed.Split(',', StringSplitOptions.RemoveEmptyEntries), Version = Version,
        },
        Enum.Parse<RecordingState>(State),
        new RecordingTimes(ProviderRef, StartedAt, StoppedAt, WhyStopped is null ? null : Enum.Parse<RecordingStop>(WhyStopped), DeleteAfter, DeletedAt));
}
