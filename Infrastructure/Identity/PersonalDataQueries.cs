using Dapper;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>Everything the platform holds on a citizen, for the citizen (PIPL art. 45). What the office writes for itself is not theirs.</summary>
public sealed class PersonalDataQueries(Database database)
{
    /// <summary>Matters with their threads, newest first, after the one given.</summary>
    public Task<List<HeldMatter>> MattersAsync(string citizenId, string? after, int limit, CancellationToken cancel) => database.ReadAsync(async connection =>
    {
        var matters = (await connection.QueryAsync<HeldMatter>($"""
            SELECT id, number, kind, category_code, region_code, channel, status, title, contact_preference, opened_at, closed_at FROM matters
            WHERE citizen_id = @citizenId {(after is null ? "" : "AND id < @after")} ORDER BY id DESC LIMIT @limit
            """, new { citizenId, after, limit })).AsList();
        foreach (var matter in matters)
        {
            matter.Messages = (await connection.QueryAsync<HeldMessage>("""
                SELECT m.seq, m.kind, m.author_kind, m.text, m.at FROM messages m JOIN consultations c ON c.id = m.consultation_id
                WHERE c.matter_id = @Id AND m.kind <> 'Note' ORDER BY m.consultation_id, m.seq
                """, new { matter.Id })).AsList();
            matter.Timeline = (await connection.QueryAsync<HeldEntry>(
                "SELECT kind, text, at FROM matter_timeline WHERE matter_id = @Id AND is_public = 1 ORDER BY id", new { matter.Id })).AsList();
            matter.Notifications = (await connection.QueryAsync<HeldNotification>(
                "SELECT kind, at, read_at FROM notifications WHERE citizen_id = @citizenId AND matter_id = @Id ORDER BY id", new { citizenId, matter.Id })).AsList();
            matter.Rating = await connection.QueryFirstOrDefaultAsync<HeldRating>("SELECT score, tags, text, at FROM ratings WHERE matter_id = @Id", new { matter.Id });
        }
        return matters;
    }, cancel);

    /// <summary>When staff opened what is sealed about the person, newest first. Who it was is told by role and unit on asking, not by name here.</summary>
    public Task<List<HeldAccess>> AccessesAsync(string citizenId, CancellationToken cancel) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<HeldAccess>(
            "SELECT at, detail AS fields FROM audit_entries WHERE subject_kind = 'citizen' AND subject_id = @citizenId AND action = @action ORDER BY position DESC LIMIT 200",
            new { citizenId, action = SealedReads.Action })).AsList(), cancel);

    public Task<List<HeldSubscription>> SubscriptionsAsync(string citizenId, CancellationToken cancel) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<HeldSubscription>(
            "SELECT template_id, kind, balance, updated_at FROM subscription_grants WHERE citizen_id = @citizenId ORDER BY template_id", new { citizenId })).AsList(), cancel);

    /// <summary>How many matters there are by state, for the first screen.</summary>
    public Task<List<StatusCount>> CountAsync(string citizenId, CancellationToken cancel) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<StatusCount>("SELECT status, COUNT(*) AS n FROM matters WHERE citizen_id = @citizenId GROUP BY status", new { citizenId })).AsList(), cancel);
}

public sealed record StatusCount
{
    public MatterStatus Status { get; init; }
    public long N { get; init; }
}

public sealed record HeldMatter
{
    public required string Id { get; init; }
    public required string Number { get; init; }
    public required string Kind { get; init; }
    public required string CategoryCode { get; init; }
    public required string RegionCode { get; init; }
    public required string Channel { get; init; }
    public required string Status { get; init; }
    public required string Title { get; init; }
    public required string ContactPreference { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public IReadOnlyList<HeldMessage> Messages { get; set; } = [];
    public IReadOnlyList<HeldEntry> Timeline { get; set; } = [];
    public HeldRating? Rating { get; set; }
    public IReadOnlyList<HeldNotification> Notifications { get; set; } = [];
}

public sealed record HeldNotification
{
    public required string Kind { get; init; }
    public DateTimeOffset At { get; init; }
    public DateTimeOffset? ReadAt { get; init; }
}

/// <summary>What the person has allowed to be sent through WeChat.</summary>
public sealed record HeldSubscription
{
    public required string TemplateId { get; init; }
    public required string Kind { get; init; }
    public int Balance { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

public sealed record HeldMessage
{
    public int Seq { get; init; }
    public required string Kind { get; init; }
    public required string AuthorKind { get; init; }
    public required string Text { get; init; }
    public DateTimeOffset At { get; init; }
}

public sealed record HeldEntry
{
    public required string Kind { get; init; }
    public required string Text { get; init; }
    public DateTimeOffset At { get; init; }
}

public sealed record HeldRating
{
    public int Score { get; init; }
    public required string Tags { get; init; }
    public string? Text { get; init; }
    public DateTimeOffset At { get; init; }
}

public sealed record HeldAccess
{
    public DateTimeOffset At { get; init; }
    public string? Fields { get; init; }
}
