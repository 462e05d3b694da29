using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>Loads and saves matters. The version in the WHERE is the one guard of every path that changes a matter or a service on it.</summary>
public sealed class MatterRepository
{
    public async Task<Matter?> FindAsync(UnitOfWork tx, string id)
    {
        var row = await tx.FirstOrDefaultAsync<Row>("""
            SELECT id, number, kind, category_code, region_code, channel, citizen_id, contact_preference, organisation_id, handler_id,
                   status, title, waiting_since, opened_at, closed_at, merged_into_id, updated_at, version
            FROM matters WHERE id = @id
            """, new { id });
        return row?.ToMatter();
    }

    public async Task InsertAsync(UnitOfWork tx, Matter matter, Actor actor)
    {
        await tx.ExecuteLaterAsync("""
            INSERT INTO matters (id, number, kind, category_code, region_code, channel, citizen_id, contact_preference, organisation_id, handler_id,
                                 status, title, waiting_since, opened_at, closed_at, merged_into_id, updated_at, version)
            VALUES (@Id, @Number, @Kind, @CategoryCode, @RegionCode, @Channel, @CitizenId, @ContactPreference, @OrganisationId, @HandlerId,
                    @Status, @Title, @WaitingSince, @OpenedAt, @ClosedAt, @MergedIntoId, @UpdatedAt, 1)
            """, Row.Of(matter));
        await WriteTimelineAsync(tx, matter, actor);
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public async Task SaveAsync(UnitOfWork tx, Matter matter, Actor actor)
    {
        await tx.ExecuteExpectingOneAsync("""
            UPDATE matters SET contact_preference = @ContactPreference, organisation_id = @OrganisationId, handler_id = @HandlerId, status = @Status,
                   waiting_since = @WaitingSince, closed_at = @ClosedAt, merged_into_id = @MergedIntoId, updated_at = @UpdatedAt, version = version + 1
            WHERE id = @Id AND version = @Version
            """, Row.Of(matter));
        await WriteTimelineAsync(tx, matter, actor);
    }

    /// <summary>Open consultations of a citizen, to hold the limit.</summary>
    public Task<int> CountOpenAsync(UnitOfWork tx, string citizenId) => tx.ScalarAsync<int>(
        "SELECT COUNT(*) FROM matters WHERE citizen_id = @citizenId AND closed_at IS NULL", new { citizenId });

    private static Task WriteTimelineAsync(UnitOfWork tx, Matter matter, Actor actor) => tx.InsertLaterAsync(
        "matter_timeline", "id, matter_id, kind, text, is_public, actor_kind, actor_id, at",
        [.. matter.NewTimeline.Select(e => new object?[] { tx.NewId(), matter.Id, e.Kind, e.Text, e.IsPublic, actor.Kind.ToString(), actor.Id, e.At })]);

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Number { get; init; }
        public required string Kind { get; init; }
        public required string CategoryCode { get; init; }
        public required string RegionCode { get; init; }
        public required string Channel { get; init; }
        public required string CitizenId { get; init; }
        public required string ContactPreference { get; init; }
        public required string OrganisationId { get; init; }
        public string? HandlerId { get; init; }
        public required string Status { get; init; }
        public required string Title { get; init; }
        public DateTimeOffset? WaitingSince { get; init; }
        public DateTimeOffset OpenedAt { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }
        public string? MergedIntoId { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }
        public int Version { get; init; }

        public static Row Of(Matter m) => new()
        {
            Id = m.Id, Number = m.Number, Kind = m.Kind.ToString(), CategoryCode = m.CategoryCode, RegionCode = m.RegionCode, Channel = m.Channel.ToString(),
            CitizenId = m.CitizenId, ContactPreference = m.ContactPreference.ToString(), OrganisationId = m.OrganisationId, HandlerId = m.HandlerId,
            Status = m.Status.ToString(), Title = m.Title, WaitingSince = m.WaitingSince, OpenedAt = m.OpenedAt, ClosedAt = m.ClosedAt,
            MergedIntoId = m.MergedIntoId, UpdatedAt = m.UpdatedAt, Version = m.Version,
        };

        public Matter ToMatter() => Matter.Restore(
            new Matter
            {
                Id = Id, Number = Number, Kind = Enum.Parse<MatterKind>(Kind), CategoryCode = CategoryCode, RegionCode = RegionCode,
                Channel = Enum.Parse<Channel>(Channel), CitizenId = CitizenId, Title = Title, OpenedAt = OpenedAt, OrganisationId = OrganisationId, Version = Version,
            },
            new MatterState(Enum.Parse<ContactPreference>(ContactPreference), HandlerId, Enum.Parse<MatterStatus>(Status), WaitingSince, ClosedAt, MergedIntoId, UpdatedAt));
    }
}
