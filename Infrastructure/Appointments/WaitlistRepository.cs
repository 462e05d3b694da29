using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// Keeps the waiting list and its offers. Whoever changes either writes the citizen's row first, then the resource's, then these. The unique
/// <c>wish_key</c> holds a person to one place per wish, the unique <c>open_entry_id</c> a place to one open offer; versions guard every decision.
/// </summary>
public sealed class WaitlistRepository(MatterRepository matters, OutboxWriter outbox, AvailabilityProjection availability, LiveHub live)
{
    private const string EntryColumns = """
        id, citizen_id, matter_id, appointment_id, service_code, mode, resource_id, organisation_id, from_date, until_date, reason, state, joined_at, ended_at, version
        """;

    private const string OfferColumns = """
        id, entry_id, citizen_id, resource_id, seat, organisation_id, starts_at, ends_at, raster_first, raster_until, state, offered_at, expires_at, decided_at, version
        """;

    public static async Task<WaitlistEntry?> FindAsync(UnitOfWork tx, string id) =>
        Id.IsWellFormed(id) ? (await tx.FirstOrDefaultAsync<EntryRow>($"SELECT {EntryColumns} FROM waitlist_entries WHERE id = @id", new { id }))?.ToEntry() : null;

    public static async Task<WaitlistOffer?> FindOfferAsync(UnitOfWork tx, string id) =>
        Id.IsWellFormed(id) ? (await tx.FirstOrDefaultAsync<OfferRow>($"SELECT {OfferColumns} FROM waitlist_offers WHERE id = @id", new { id }))?.ToOffer() : null;

    public static async Task<WaitlistOffer?> FindOpenOfferAsync(UnitOfWork tx, string entryId) =>
        (await tx.FirstOrDefaultAsync<OfferRow>($"SELECT {OfferColumns} FROM waitlist_offers WHERE open_entry_id = @entryId", new { entryId }))?.ToOffer();

    /// <summary>Whether they have had this very time before and did not take it.</summary>
    public static async Task<bool> WasOfferedAsync(UnitOfWork tx, string entryId, string resourceId, DateTimeOffset startsAt) =>
        await tx.ScalarAsync<long>("SELECT COUNT(*) FROM waitlist_offers WHERE entry_id = @entryId AND starts_at = @startsAt AND resource_id = @resourceId", new { entryId, startsAt, resourceId }) > 0;

    internal const string OpenPlaces = "SELECT COUNT(*) FROM waitlist_entries WHERE citizen_id = @citizenId AND state IN ('Waiting', 'Offered')";

    /// <summary>Places of a citizen that are not over.</summary>
    public static Task<int> CountOpenAsync(UnitOfWork tx, string citizenId) => tx.ScalarAsync<int>(OpenPlaces, new { citizenId });

    /// <summary>Places that a booking of this service on this day fulfils: those joined before it. Who joins afterwards wants one more.</summary>
    public static async Task<IReadOnlyList<WaitlistEntry>> FulfilledByAsync(UnitOfWork tx, string citizenId, string serviceCode, DateOnly day, DateTimeOffset bookedAt) => [.. (await tx.QueryAsync<EntryRow>($"""
        SELECT {EntryColumns} FROM waitlist_entries
        WHERE citizen_id = @citizenId AND state = 'Waiting' AND appointment_id IS NULL AND service_code = @serviceCode AND from_date <= @day AND until_date >= @day
          AND joined_at < @bookedAt
        """, new { citizenId, serviceCode, day = DayCode.Of(day), bookedAt })).Select(r => r.ToEntry())];

    /// <returns>False when the citizen waits for the same already.</returns>
    public async Task<bool> TryInsertAsync(UnitOfWork tx, WaitlistEntry entry)
    {
        if (await tx.ExecuteAsync($"""
            {tx.Dialect.InsertIgnore} waitlist_entries ({EntryColumns}, wish_key)
            VALUES (@Id, @CitizenId, @MatterId, @AppointmentId, @ServiceCode, @Mode, @ResourceId, @OrganisationId, @FromDate, @UntilDate, @Reason, @State, @JoinedAt, @EndedAt, 1, @WishKey)
            """, Args(entry)) != 1) return false;
        Tell(tx, entry.CitizenId);
        return true;
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public async Task SaveAsync(UnitOfWork tx, WaitlistEntry entry)
    {
        await tx.ExecuteExpectingOneAsync("UPDATE waitlist_entries SET state = @State, wish_key = @WishKey, ended_at = @EndedAt, version = version + 1 WHERE id = @Id AND version = @Version", Args(entry));
        Tell(tx, entry.CitizenId);
    }

    /// <summary>A matter that was opened for the waiting ends with it, unless an appointment goes on with it.</summary>
    public async Task EndMatterAsync(UnitOfWork tx, WaitlistEntry entry, MatterStatus how, string text, Actor actor)
    {
        if (!entry.OwnsMatter || await matters.FindAsync(tx, entry.MatterId) is not { } matter || matter.Status.IsOver()) return;
        matter.End(how, tx.Now, text);
        await matters.SaveAsync(tx, matter, actor);
    }

    /// <summary>Writes an offer whose time has just been taken, and tells the person.</summary>
    public async Task InsertOfferAsync(UnitOfWork tx, WaitlistOffer offer, WaitlistEntry entry)
    {
        await tx.ExecuteAsync($"""
            INSERT INTO waitlist_offers ({OfferColumns}, open_entry_id)
            VALUES (@Id, @EntryId, @CitizenId, @ResourceId, @Seat, @OrganisationId, @StartsAt, @EndsAt, @RasterFirst, @RasterUntil, @State, @OfferedAt, @ExpiresAt, @DecidedAt, 1, @OpenEntryId)
            """, Args(offer));
        await outbox.WriteAsync(tx, [new WaitlistOffered(offer.Id, entry.Id, entry.CitizenId, entry.MatterId, offer.ExpiresAt)]);
        availability.RefreshAfter(tx, offer.Time.ResourceId, offer.Time.Day);
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else decided in between; the transaction runs again.</exception>
    public async Task SaveOfferAsync(UnitOfWork tx, WaitlistOffer offer)
    {
        await tx.ExecuteExpectingOneAsync("UPDATE waitlist_offers SET state = @State, open_entry_id = @OpenEntryId, decided_at = @DecidedAt, version = version + 1 WHERE id = @Id AND version = @Version", Args(offer));
        availability.RefreshAfter(tx, offer.Time.ResourceId, offer.Time.Day);
    }

    /// <summary>An offer ends without an appointment: its time is free, and the next in the line may want it.</summary>
    public async Task GiveBackAsync(UnitOfWork tx, WaitlistOffer offer)
    {
        await RasterRepository.GiveBackAsync(tx, offer.Time.ResourceId, offer.Id);
        await SaveOfferAsync(tx, offer);
        await outbox.WriteAsync(tx, [new SlotFreed(offer.Time.ResourceId, offer.Time.OrganisationId, offer.Time.StartsAt, offer.Time.EndsAt)]);
    }

    private void Tell(UnitOfWork tx, string citizenId) => live.PublishAfter(tx, LiveTopics.Citizen(citizenId));

    /// <summary>What one waits for, as one word; null once it is over.</summary>
    private static string? WishKeyOf(WaitlistEntry e) => e.State is not (WaitlistState.Waiting or WaitlistState.Offered) ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{e.CitizenId}\n{e.ServiceCode}\n{e.Mode}\n{e.ResourceId}\n{e.OrganisationId}\n{e.AppointmentId}"))));

    private static object Args(WaitlistEntry e) => new
    {
        e.Id, e.CitizenId, e.MatterId, e.AppointmentId, e.ServiceCode, Mode = e.Mode.ToString(), e.ResourceId, e.OrganisationId, FromDate = DayCode.Of(e.FromDate),
        UntilDate = DayCode.Of(e.UntilDate), e.Reason, State = e.State.ToString(), WishKey = WishKeyOf(e), e.JoinedAt, e.EndedAt, e.Version,
    };

    private static object Args(WaitlistOffer o) => new
    {
        o.Id, o.EntryId, o.CitizenId, o.Time.ResourceId, o.Time.Seat, o.Time.OrganisationId, o.Time.StartsAt, o.Time.EndsAt, RasterFirst = o.Time.Span.First, RasterUntil = o.Time.Span.Until,
        State = o.State.ToString(), OpenEntryId = o.State == WaitlistOfferState.Open ? o.EntryId : null, o.OfferedAt, o.ExpiresAt, o.DecidedAt, o.Version,
    };

    internal sealed record EntryRow
    {
        public required string Id { get; init; }
        public required string CitizenId { get; init; }
        public required string MatterId { get; init; }
        public string? AppointmentId { get; init; }
        public required string ServiceCode { get; init; }
        public required string Mode { get; init; }
        public string? ResourceId { get; init; }
        public string? OrganisationId { get; init; }
        public required string FromDate { get; init; }
        public required string UntilDate { get; init; }
        public string? Reason { get; init; }
        public required string State { get; init; }
        public DateTimeOffset JoinedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public int Version { get; init; }

        public WaitlistEntry ToEntry() => WaitlistEntry.Restore(
            new WaitlistEntry
            {
                Id = Id, CitizenId = CitizenId, MatterId = MatterId, AppointmentId = AppointmentId, ServiceCode = ServiceCode, Mode = Enum.Parse<MeetingMode>(Mode), ResourceId = ResourceId,
                OrganisationId = OrganisationId, FromDate = DayCode.Parse(FromDate), UntilDate = DayCode.Parse(UntilDate), Reason = Reason, JoinedAt = JoinedAt, Version = Version,
            },
            Enum.Parse<WaitlistState>(State), EndedAt);
    }

    private sealed record OfferRow
    {
        public required string Id { get; init; }
        public required string EntryId { get; init; }
        public required string CitizenId { get; init; }
        public required string ResourceId { get; init; }
        public int Seat { get; init; }
        public required string OrganisationId { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }
        public int RasterFirst { get; init; }
        public int RasterUntil { get; init; }
        public required string State { get; init; }
        public DateTimeOffset OfferedAt { get; init; }
        public DateTimeOffset ExpiresAt { get; init; }
        public DateTimeOffset? DecidedAt { get; init; }
        public int Version { get; init; }

        public WaitlistOffer ToOffer() => WaitlistOffer.Restore(
            new WaitlistOffer
            {
                Id = Id, EntryId = EntryId, CitizenId = CitizenId, OfferedAt = OfferedAt, ExpiresAt = ExpiresAt, Version = Version,
                Time = new AppointmentTime(ResourceId, Seat, OrganisationId, StartsAt, EndsAt, new RasterSpan(RasterFirst, RasterUntil)),
            },
            Enum.Parse<WaitlistOfferState>(State), DecidedAt);
    }
}
