using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// Loads and saves office hours and leave. Every change raises the resource's <c>hours_version</c> under the condition that it is the one read,
/// and every booking demands it: hours that change under a booking make the booking judge again.
/// </summary>
public sealed class HoursRepository
{
    private const string HoursColumns = """
        id, resource_id, organisation_id, weekday, from_minute, to_minute, every_weeks, valid_from, valid_until, on_holidays, services, modes,
        seats_citizen, seats_hotline, seats_staff, step_minutes, buffer_before, buffer_after, min_notice_minutes, horizon_days
        """;

    /// <summary>A resource with its hours from a day on; null when there is none or nobody may book it any more.</summary>
    public static async Task<ResourceHours?> FindAsync(UnitOfWork tx, string resourceId, DateOnly from)
    {
        var version = await tx.ScalarAsync<int?>("SELECT hours_version FROM booking_resources WHERE id = @resourceId AND active = 1", new { resourceId });
        if (version is null) return null;
        var loaded = await LoadAsync(await tx.ConnectionAsync(), tx.Transaction, [resourceId], from);
        return new ResourceHours(resourceId, version.Value, loaded.Hours[resourceId].ToList(), loaded.Leaves[resourceId].ToList());
    }

    /// <summary>Whether a person has a post left that works on matters; a desk needs none. Changes of accounts and posts raise <c>hours_version</c> (<see cref="AvailabilityProjection.PersonChangedAsync"/>).</summary>
    public static async Task<bool> IsServedAsync(UnitOfWork tx, string resourceId) => await tx.ScalarAsync<long>($"""
        SELECT COUNT(*) FROM booking_resources b WHERE b.id = @resourceId AND (b.staff_id IS NULL OR EXISTS (
            SELECT 1 FROM posts p JOIN staff_members s ON s.id = p.staff_id JOIN organisations o ON o.id = p.organisation_id WHERE p.staff_id = b.staff_id AND {Serves}))
        """, new { resourceId }) > 0;

    /// <summary>Said of a staff member <c>s</c>, a post <c>p</c> and its unit <c>o</c>.</summary>
    internal static readonly string Serves =
        $"s.active = 1 AND o.active = 1 AND p.role IN ({string.Join(", ", Domain.Identity.Roles.OnMatters.Select(r => $"'{r}'"))})";

    private const string AllHours = $"SELECT {HoursColumns} FROM office_hours h WHERE resource_id IN @resourceIds AND (valid_until IS NULL OR valid_until >= @from)";

    /// <summary>Hours from a day on as bookings see them: of a unit that is open; a desk's, or a person's at or below a unit where they have a post that works on matters.</summary>
    internal static readonly string BookableHours = $"""
        {AllHours} AND EXISTS (SELECT 1 FROM booking_resources b JOIN organisations ho ON ho.id = h.organisation_id WHERE b.id = h.resource_id AND ho.active = 1 AND (b.staff_id IS NULL OR EXISTS (
            SELECT 1 FROM posts p JOIN staff_members s ON s.id = p.staff_id JOIN organisations o ON o.id = p.organisation_id
            WHERE p.staff_id = b.staff_id AND {Serves} AND ho.path LIKE concat(o.path, '%'))))
        """;

    internal const string LeavesAhead = "SELECT id, resource_id, starts_at, ends_at FROM leaves WHERE resource_id IN @resourceIds AND ends_at > @midnight";

    /// <summary>All hours and leave of many resources, as far as they touch days from one on.</summary>
    internal static async Task<(ILookup<string, OfficeHours> Hours, ILookup<string, Leave> Leaves)> LoadAsync(
        DbConnection connection, DbTransaction? transaction, IReadOnlyList<string> resourceIds, DateOnly from)
    {
        await using var answers = await connection.QueryMultipleAsync($"{AllHours}; {LeavesAhead}", new { resourceIds, from = DayCode.Of(from), midnight = Raster.At(from, 0) }, transaction);
        return (await ReadHoursAsync(answers), await ReadLeavesAsync(answers));
    }

    /// <summary>The answer to <see cref="BookableHours"/>.</summary>
    internal static async Task<ILookup<string, OfficeHours>> ReadHoursAsync(SqlMapper.GridReader answers) =>
        (await answers.ReadAsync<HoursRow>()).Select(h => h.ToHours()).ToLookup(h => h.ResourceId);

    /// <summary>The answer to <see cref="LeavesAhead"/>.</summary>
    internal static async Task<ILookup<string, Leave>> ReadLeavesAsync(SqlMapper.GridReader answers) =>
        (await answers.ReadAsync<LeaveRow>()).Select(l => new Leave(l.Id, l.ResourceId, l.StartsAt, l.EndsAt)).ToLookup(l => l.ResourceId);

    public static Task InsertAsync(UnitOfWork tx, OfficeHours hours) => tx.ExecuteAsync($"""
        INSERT INTO office_hours ({HoursColumns})
        VALUES (@Id, @ResourceId, @OrganisationId, @Weekday, @FromMinute, @ToMinute, @EveryWeeks, @ValidFrom, @ValidUntil, @OnHolidays, @Services, @Modes,
                @SeatsCitizen, @SeatsHotline, @SeatsStaff, @StepMinutes, @BufferBefore, @BufferAfter, @MinNoticeMinutes, @HorizonDays)
        """, HoursRow.Of(hours));

    public static Task DeleteAsync(UnitOfWork tx, string hoursId) => tx.ExecuteAsync("DELETE FROM office_hours WHERE id = @hoursId", new { hoursId });

    /// <summary>Hours end with a day, so that what was in force before stays on record.</summary>
    public static Task EndAsync(UnitOfWork tx, string hoursId, DateOnly lastDay) =>
        tx.ExecuteAsync("UPDATE office_hours SET valid_until = @lastDay WHERE id = @hoursId", new { hoursId, lastDay = DayCode.Of(lastDay) });

    public static Task InsertLeaveAsync(UnitOfWork tx, Leave leave, string? reason, Actor by) => tx.ExecuteAsync("""
        INSERT INTO leaves (id, resource_id, starts_at, ends_at, reason, created_by, created_at) VALUES (@Id, @ResourceId, @StartsAt, @EndsAt, @reason, @by, @Now)
        """, new { leave.Id, leave.ResourceId, leave.StartsAt, leave.EndsAt, reason, by = by.Id, tx.Now });

    public static Task DeleteLeaveAsync(UnitOfWork tx, string leaveId) => tx.ExecuteAsync("DELETE FROM leaves WHERE id = @leaveId", new { leaveId });

    /// <summary>
    /// The one guard of every change of hours and leave: before anything of it is written. A change has to know the bookings, those are read at the
    /// beginning of the transaction, and a booking raises only <c>version</c>: so that none comes in between unseen, it must be the one that was read with them.
    /// </summary>
    /// <exception cref="ConcurrencyConflictException">Somebody booked or changed in between; the transaction runs again.</exception>
    public static Task RaiseAsync(UnitOfWork tx, BookableResource read) => tx.ExecuteExpectingOneAsync(
        "UPDATE booking_resources SET hours_version = hours_version + 1, version = version + 1 WHERE id = @Id AND hours_version = @HoursVersion AND version = @Version",
        new { read.Id, read.HoursVersion, read.Version });

    /// <summary>Writes what is different between hours as they were read and as they shall be.</summary>
    public static async Task WriteAsync(UnitOfWork tx, ResourceHours before, ResourceHours after, string? reason, Actor by)
    {
        var (old, kept) = (before.Hours.ToDictionary(h => h.Id), after.Hours.ToDictionary(h => h.Id));
        foreach (var gone in before.Hours.Where(h => !kept.ContainsKey(h.Id))) await DeleteAsync(tx, gone.Id);
        foreach (var hours in after.Hours)
        {
            if (!old.TryGetValue(hours.Id, out var was)) await InsertAsync(tx, hours);
            else if (was.ValidUntil != hours.ValidUntil && hours.ValidUntil is { } lastDay) await EndAsync(tx, hours.Id, lastDay);
        }
        foreach (var leave in after.Leaves.Where(l => before.Leaves.All(b => b.Id != l.Id))) await InsertLeaveAsync(tx, leave, reason, by);
    }

    /// <summary>A leave ends, or goes when it had not begun: what has been stays on record.</summary>
    public static Task EndLeaveAsync(UnitOfWork tx, Leave leave) => leave.StartsAt >= tx.Now
        ? DeleteLeaveAsync(tx, leave.Id)
        : tx.ExecuteAsync("UPDATE leaves SET ends_at = @Now WHERE id = @Id", new { leave.Id, tx.Now });

    public static async Task<Leave?> FindLeaveAsync(UnitOfWork tx, string leaveId) =>
        await tx.FirstOrDefaultAsync<LeaveRow>("SELECT id, resource_id, starts_at, ends_at FROM leaves WHERE id = @leaveId", new { leaveId }) is { } l
            ? new Leave(l.Id, l.ResourceId, l.StartsAt, l.EndsAt)
            : null;

    public static async Task<OfficeHours?> FindHoursAsync(UnitOfWork tx, string hoursId) =>
        (await tx.FirstOrDefaultAsync<HoursRow>($"SELECT {HoursColumns} FROM office_hours WHERE id = @hoursId", new { hoursId }))?.ToHours();

    /// <summary>Hours from a day on, whether or not the resource can be booked now.</summary>
    public static async Task<ResourceHours> OfAsync(UnitOfWork tx, BookableResource resource, DateOnly from)
    {
        var loaded = await LoadAsync(await tx.ConnectionAsync(), tx.Transaction, [resource.Id], from);
        return new ResourceHours(resource.Id, resource.HoursVersion, loaded.Hours[resource.Id].ToList(), loaded.Leaves[resource.Id].ToList());
    }

    private sealed record HoursRow
    {
        public required string Id { get; init; }
        public required string ResourceId { get; init; }
        public required string OrganisationId { get; init; }
        public int Weekday { get; init; }
        public int FromMinute { get; init; }
        public int ToMinute { get; init; }
        public int EveryWeeks { get; init; }
        public required string ValidFrom { get; init; }
        public string? ValidUntil { get; init; }
        public bool OnHolidays { get; init; }
        public long Services { get; init; }
        public int Modes { get; init; }
        public int SeatsCitizen { get; init; }
        public int SeatsHotline { get; init; }
        public int SeatsStaff { get; init; }
        public int StepMinutes { get; init; }
        public int BufferBefore { get; init; }
        public int BufferAfter { get; init; }
        public int MinNoticeMinutes { get; init; }
        public int HorizonDays { get; init; }

        public static HoursRow Of(OfficeHours h) => new()
        {
            Id = h.Id, ResourceId = h.ResourceId, OrganisationId = h.OrganisationId, Weekday = (int)h.Weekday, FromMinute = h.FromMinute, ToMinute = h.ToMinute,
            EveryWeeks = h.EveryWeeks, ValidFrom = DayCode.Of(h.ValidFrom), ValidUntil = DayCode.Of(h.ValidUntil), OnHolidays = h.OnHolidays,
            Services = (long)h.Terms.Services, Modes = (int)h.Terms.Modes, SeatsCitizen = h.Terms.Seats.Citizen, SeatsHotline = h.Terms.Seats.Hotline,
            SeatsStaff = h.Terms.Seats.Staff, StepMinutes = h.Terms.StepMinutes, BufferBefore = h.Terms.BufferBefore, BufferAfter = h.Terms.BufferAfter,
            MinNoticeMinutes = h.Terms.MinNoticeMinutes, HorizonDays = h.Terms.HorizonDays,
        };

        public OfficeHours ToHours() => new(
            Id, ResourceId, OrganisationId, (DayOfWeek)Weekday, FromMinute, ToMinute, EveryWeeks, DayCode.Parse(ValidFrom), ValidUntil is null ? null : DayCode.Parse(ValidUntil),
            OnHolidays, new BookingTerms((ulong)Services, (MeetingModes)Modes, new Seats(SeatsCitizen, SeatsHotline, SeatsStaff), StepMinutes, BufferBefore, BufferAfter, MinNoticeMinutes, HorizonDays));
    }

    private sealed record LeaveRow
    {
        public required string Id { get; init; }
        public required string ResourceId { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }
    }
}
