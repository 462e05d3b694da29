using System.Buffers.Text;
using System.Security.Cryptography;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// What stands in a link to the call page: 32 random bytes, kept only as a hash, for one participant of one call and nothing else. To be used for the first time
/// within minutes (a guest's: until the call closes); then it carries its page through the call and ends with it.
/// </summary>
public static class CallTickets
{
    public static readonly TimeSpan FirstUseWithin = TimeSpan.FromMinutes(5);

    /// <summary>43 characters of base64url.</summary>
    public const string Pattern = "^[A-Za-z0-9_-]{43}$";

    public static async Task<string> IssueAsync(UnitOfWork tx, string callId, string participantId, DateTimeOffset redeemBefore, DateTimeOffset expiresAt)
    {
        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await tx.ExecuteAsync("""
            INSERT INTO video_call_tickets (ticket_hash, call_id, participant_id, created_at, redeem_before, first_used_at, expires_at)
            VALUES (@hash, @callId, @participantId, @Now, @redeemBefore, NULL, @expiresAt)
            """, new { hash = SecretHash.Of(ticket), callId, participantId, tx.Now, redeemBefore, expiresAt });
        return ticket;
    }

    /// <summary>Whose it is; null when it is none of ours, was not used in time, or has run out.</summary>
    public static async Task<TicketRow?> ReadAsync(UnitOfWork tx, string? ticket) => ticket is null ? null : await tx.FirstOrDefaultAsync<TicketRow>("""
        SELECT ticket_hash, call_id, participant_id FROM video_call_tickets
        WHERE ticket_hash = @hash AND expires_at > @Now AND (first_used_at IS NOT NULL OR redeem_before > @Now)
        """, new { hash = SecretHash.Of(ticket), tx.Now });

    public static Task UseAsync(UnitOfWork tx, TicketRow ticket) =>
        tx.ExecuteAsync("UPDATE video_call_tickets SET first_used_at = @Now WHERE ticket_hash = @TicketHash AND first_used_at IS NULL", new { tx.Now, ticket.TicketHash });

    public static Task<int> SweepAsync(UnitOfWork tx) => tx.ExecuteAsync("DELETE FROM video_call_tickets WHERE expires_at < @Now", new { tx.Now });
}

public sealed record TicketRow
{
    public required string TicketHash { get; init; }
    public required string CallId { get; init; }
    public required string ParticipantId { get; init; }
}
