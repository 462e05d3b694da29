using System.Security.Cryptography;
using Dapper;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// Where participants sit and when they were last heard of. A heartbeat that brings no news touches one row here and no version of the call; only coming and going
/// do. Who comes in on another device takes the seat over, and the first is told so at its next heartbeat.
/// </summary>
public sealed class CallSeats(Database database)
{
    /// <summary>How often a client says that it is there.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>Silent for so long is gone.</summary>
    public static readonly TimeSpan HeardWithin = TimeSpan.FromSeconds(20);

    /// <summary>The same while the video provider says that they are there: the way to the platform may be bad where the picture is good.</summary>
    public static readonly TimeSpan HeardWithinThoughSeen = TimeSpan.FromMinutes(3);

    /// <summary>The participant comes in, on whatever device.</summary>
    /// <returns>What the device shows at each heartbeat; kept only as a hash.</returns>
    public static async Task<string> TakeAsync(UnitOfWork tx, string callId, string participantId)
    {
        var seat = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await tx.ExecuteAsync($"""
            INSERT INTO video_call_seats (participant_id, call_id, seat_hash, taken_at, heard_at, watched, provider_says, provider_at)
            VALUES (@participantId, @callId, @hash, @Now, @Now, 1, NULL, NULL)
            {tx.Dialect.OnDuplicate("participant_id", "seat_hash", "taken_at", "heard_at", "watched", "provider_says", "provider_at")}
            """, new { participantId, callId, hash = SecretHash.Of(seat), tx.Now });
        return seat;
    }

    public static Task<SeatRow?> FindAsync(UnitOfWork tx, string participantId) => tx.FirstOrDefaultAsync<SeatRow>(
        "SELECT participant_id, call_id, seat_hash, taken_at, heard_at, watched, provider_says, provider_at FROM video_call_seats WHERE participant_id = @participantId", new { participantId });

    /// <returns>False when another device has the seat.</returns>
    public static async Task<bool> HearAsync(UnitOfWork tx, string participantId, string seat) => await tx.ExecuteAsync(
        "UPDATE video_call_seats SET heard_at = @Now, watched = 1 WHERE participant_id = @participantId AND seat_hash = @hash", new { participantId, hash = SecretHash.Of(seat), tx.Now }) == 1;

    /// <summary>They said goodbye: nobody waits for their heartbeat any more.</summary>
    /// <returns>False when another device has the seat.</returns>
    public static async Task<bool> LeaveAsync(UnitOfWork tx, string participantId, string seat) => await tx.ExecuteAsync(
        "UPDATE video_call_seats SET watched = 0 WHERE participant_id = @participantId AND seat_hash = @hash", new { participantId, hash = SecretHash.Of(seat) }) == 1;

    /// <summary>What the video provider tells of them, unless it has told something later already.</summary>
    public static Task<int> TellAsync(UnitOfWork tx, string participantId, bool isIn, DateTimeOffset at) => tx.ExecuteAsync("""
        UPDATE video_call_seats SET provider_says = @says, provider_at = @at WHERE participant_id = @participantId AND (provider_at IS NULL OR provider_at <= @at)
        """, new { participantId, says = isIn ? SeatRow.In : SeatRow.Out, at });

    /// <summary>Those who have been silent for too long.</summary>
    public Task<List<SeatRow>> SilentAsync(DateTimeOffset now, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<SeatRow>("""
        SELECT participant_id, call_id, seat_hash, taken_at, heard_at, watched, provider_says, provider_at FROM video_call_seats
        WHERE watched = 1 AND heard_at < @silent AND (provider_says IS NULL OR provider_says <> @isIn OR heard_at < @longSilent)
        ORDER BY heard_at LIMIT @limit
        """, new { silent = now - HeardWithin, longSilent = now - HeardWithinThoughSeen, isIn = SeatRow.In, limit })).AsList(), cancel);

    /// <summary>Settles that a seat is silent, unless its participant has been heard of in between.</summary>
    public static async Task<bool> GiveUpAsync(UnitOfWork tx, SeatRow seat) => await tx.ExecuteAsync(
        "UPDATE video_call_seats SET watched = 0 WHERE participant_id = @ParticipantId AND watched = 1 AND heard_at = @HeardAt", new { seat.ParticipantId, seat.HeardAt }) == 1;
}

public sealed record SeatRow
{
    public const string In = "in";
    public const string Out = "out";

    public required string ParticipantId { get; init; }
    public required string CallId { get; init; }
    public required string SeatHash { get; init; }
    public DateTimeOffset TakenAt { get; init; }
    public DateTimeOffset HeardAt { get; init; }
    public bool Watched { get; init; }
    public string? ProviderSays { get; init; }
    public DateTimeOffset? ProviderAt { get; init; }

    /// <summary>The provider has seen them go since they came in here: a page that is still open does not make them present.</summary>
    public bool IsOutsideTheRoom => ProviderSays == Out && ProviderAt >= TakenAt;
}
