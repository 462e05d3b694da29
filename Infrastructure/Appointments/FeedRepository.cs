using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>Secrets of calendar feeds, and what a feed shows: no names, no reasons.</summary>
public sealed class FeedRepository(Database database)
{
    /// <summary>Most entries of one feed.</summary>
    private const int Most = 2000;

    /// <summary>A new secret in place of the old one.</summary>
    public static async Task PutAsync(UnitOfWork tx, string staffId, string secret)
    {
        var args = new { staffId, hash = SecretHash.Of(secret), tx.Now };
        if (await tx.ExecuteAsync("UPDATE calendar_feeds SET secret_hash = @hash, created_at = @Now WHERE staff_id = @staffId", args) == 0)
            await tx.ExecuteAsync("INSERT INTO calendar_feeds (staff_id, secret_hash, created_at) VALUES (@staffId, @hash, @Now)", args);
    }

    public static Task<int> DeleteAsync(UnitOfWork tx, string staffId) => tx.ExecuteAsync("DELETE FROM calendar_feeds WHERE staff_id = @staffId", new { staffId });

    /// <summary>Whose feed a secret opens; null for a wrong one, and for somebody who has left.</summary>
    public Task<string?> OwnerAsync(string secret, CancellationToken cancel) => database.ReadAsync(c => c.ExecuteScalarAsync<string>("""
        SELECT f.staff_id FROM calendar_feeds f JOIN staff_members s ON s.id = f.staff_id WHERE f.secret_hash = @hash AND s.active = 1
        """, new { hash = SecretHash.Of(secret) }), cancel);

    /// <summary>A person's appointments of a span, in order.</summary>
    public Task<List<FeedItem>> ItemsAsync(string staffId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<FeedItem>("""
        SELECT a.id, a.state, a.mode, v.name AS service_name, o.name AS organisation_name, o.address AS organisation_address, m.number, a.starts_at, a.ends_at, a.booked_at, a.version
        FROM appointments a JOIN matters m ON m.id = a.matter_id JOIN appointment_services v ON v.code = a.service_code JOIN organisations o ON o.id = a.organisation_id
        WHERE a.staff_id = @staffId AND a.starts_at >= @from AND a.starts_at < @to AND a.state IN ('Booked', 'CheckedIn', 'InService', 'Completed')
        ORDER BY a.starts_at, a.id LIMIT @Most
        """, new { staffId, from, to, Most })).AsList(), cancel);
}

public sealed record FeedItem
{
    public required string Id { get; init; }
    public AppointmentState State { get; init; }
    public MeetingMode Mode { get; init; }
    public required string ServiceName { get; init; }
    public required string OrganisationName { get; init; }
    public string? OrganisationAddress { get; init; }
    public required string Number { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateTimeOffset BookedAt { get; init; }
    public int Version { get; init; }
}
