using System.Diagnostics;
using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>
/// Who and what can be booked where, in the process: a few hundred lines that every search asks for and that change some times a day. Read from
/// the database and believed for <see cref="Belief"/>; the node that changes hours reads it anew at once. What it says only narrows a search:
/// a booking asks the database.
/// </summary>
public sealed class BookableDirectory(Database database, CalendarStore calendars, TimeProvider time)
{
    /// <summary>How long another node's change may stay unseen.</summary>
    public static readonly TimeSpan Belief = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Known? _known;
    private long _changes;

    public async ValueTask<BookableSnapshot> ReadAsync(CancellationToken cancel)
    {
        if (Current() is { } current) return current;
        await _reading.WaitAsync(cancel);
        try
        {
            if (Current() is { } meanwhile) return meanwhile;
            // Before the reading: what changes during it makes it be read once more.
            var (changes, at) = (Interlocked.Read(ref _changes), Stopwatch.GetTimestamp());
            var snapshot = await LoadAsync(cancel);
            _known = new Known(snapshot, changes, at);
            return snapshot;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The next search reads the database: after people, units, services or the calendar have changed. Hours and leave need not say it, see <see cref="Saw"/>.</summary>
    public void Forget() => Interlocked.Increment(ref _changes);

    /// <summary>Somebody has just read a resource from the database: when it is not as believed here, the belief is over.</summary>
    internal void Saw(string resourceId, int hoursVersion, bool active)
    {
        if (_known is not { } known) return;
        var believed = known.Snapshot.Find(resourceId);
        if (active ? believed?.HoursVersion != hoursVersion : believed is not null) Forget();
    }

    private BookableSnapshot? Current() =>
        _known is { } known && known.Changes == Interlocked.Read(ref _changes) && Stopwatch.GetElapsedTime(known.At) < Belief ? known.Snapshot : null;

    private Task<BookableSnapshot> LoadAsync(CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var resources = (await c.QueryAsync<ResourceRow>("""
            SELECT b.id, b.kind, b.name, b.hours_version, b.staff_id, s.name AS staff_name, s.title, s.specialities, s.languages
            FROM booking_resources b LEFT JOIN staff_members s ON s.id = b.staff_id
            WHERE b.active = 1 AND (s.id IS NULL OR s.active = 1) ORDER BY b.id
            """)).AsList();
        var places = (await c.QueryAsync<PlaceRow>("""
            SELECT h.resource_id, h.organisation_id, o.name, o.path, o.region_code, h.services, h.modes
            FROM office_hours h JOIN organisations o ON o.id = h.organisation_id 
            WHERE o.active = 1 AND (h.valid_until IS NULL OR h.valid_until >= @today)
            """, new { today = DayCode.Of(time.GetUtcNow().DateInChina()) })).ToLookup(p => p.ResourceId);
        var above = (await c.QueryAsync<RegionRow>("SELECT code, parent_code FROM regions")).ToDictionary(r => r.Code, r => r.ParentCode, StringComparer.Ordinal);
        return new BookableSnapshot(
            [.. resources.Select(r => new DirectoryEntry(
                r.Id, r.Kind, r.StaffName ?? r.Name, r.StaffId, r.Title, Words(r.Specialities), Words(r.Languages), r.HoursVersion,
                [.. places[r.Id].GroupBy(p => p.OrganisationId).Select(p => PlaceOf(p, above))]))],
            await ServiceRepository.ListAsync(c, null), await calendars.ReadAsync(cancel));
    }, cancel);

    private static BookablePlace PlaceOf(IGrouping<string, PlaceRow> hours, Dictionary<string, string?> above)
    {
        var (services, modes) = (0UL, MeetingModes.None);
        foreach (var h in hours) (services, modes) = (services | (ulong)h.Services, modes | (MeetingModes)h.Modes);
        var first = hours.First();
        var regions = new List<string>();
        // At most as deep as regions are many: a circle in the table ends all the same.
        for (var code = first.RegionCode; code is not null && !regions.Contains(code); code = above.GetValueOrDefault(code)) regions.Add(code);
        return new BookablePlace(hours.Key, first.Name, first.Path, regions, services, modes);
    }

    private static string[] Words(string? list) => list?.Split([',', '，', '、', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private sealed record Known(BookableSnapshot Snapshot, long Changes, long At);

    private sealed record ResourceRow
    {
        public required string Id { get; init; }
        public ResourceKind Kind { get; init; }
        public required string Name { get; init; }
        public int HoursVersion { get; init; }
        public string? StaffId { get; init; }
        public string? StaffName { get; init; }
        public string? Title { get; init; }
        public string? Specialities { get; init; }
        public string? Languages { get; init; }
    }

    private sealed record PlaceRow
    {
        public required string ResourceId { get; init; }
        public required string OrganisationId { get; init; }
        public required string Name { get; init; }
        public required string Path { get; init; }
        public required string RegionCode { get; init; }
        public long Services { get; init; }
        public int Modes { get; init; }
    }

    private sealed record RegionRow
    {
        public required string Code { get; init; }
        public string? ParentCode { get; init; }
    }
}

/// <summary>A person or a desk that can be booked.</summary>
/// <param name="Name">Of the person, or of the desk.</param>
/// <param name="Specialities">Groups of categories: their first two digits.</param>
/// <param name="Places">Where there are hours.</param>
public sealed record DirectoryEntry(
    string Id, ResourceKind Kind, string Name, string? StaffId, string? Title, IReadOnlyList<string> Specialities, IReadOnlyList<string> Languages, int HoursVersion,
    IReadOnlyList<BookablePlace> Places);

/// <summary>A unit in which somebody can be booked.</summary>
/// <param name="Path">As in <c>organisations.path</c>.</param>
/// <param name="Regions">Code of its region and of those above it.</param>
/// <param name="Services">Bits of what can be booked there at any time.</param>
public sealed record BookablePlace(string OrganisationId, string Name, string Path, IReadOnlyList<string> Regions, ulong Services, MeetingModes Modes);

/// <summary>The directory as of one reading.</summary>
public sealed class BookableSnapshot(IReadOnlyList<DirectoryEntry> all, IReadOnlyList<ServiceKind> services, WorkCalendar calendar)
{
    private readonly Dictionary<string, DirectoryEntry> _byId = all.ToDictionary(b => b.Id, StringComparer.Ordinal);
    private readonly Dictionary<string, ServiceKind> _services = services.Where(s => s.Active).ToDictionary(s => s.Code, StringComparer.Ordinal);

    /// <summary>In order of id.</summary>
    public IReadOnlyList<DirectoryEntry> All { get; } = all;

    public WorkCalendar Calendar { get; } = calendar;

    public DirectoryEntry? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>A service that can be booked now.</summary>
    public ServiceKind? Service(string? code) => code is null ? null : _services.GetValueOrDefault(code);
}
