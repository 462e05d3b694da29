using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Registry;

/// <summary>What service points are narrowed by; null: not at all.</summary>
/// <param name="RegionCode">The region or any below it: codes of lower ones begin with it.</param>
/// <param name="Services">Mask of <see cref="ServiceKind.Bit"/>: points where one of them can be booked.</param>
/// <param name="Text">Somewhere in name or address.</param>
/// <param name="Today">Hours that are over by then do not count.</param>
public sealed record ServicePointFilter(string? RegionCode, string? TownCode, ulong? Services, string? Text, DateOnly Today);

/// <summary>A point and how far it is.</summary>
public sealed record PointDistance(string Id, double Metres, AreaKind? AreaKind);

/// <summary>Who or what can be booked at a point.</summary>
public sealed record PointResourceRow
{
    public required string Id { get; init; }
    public ResourceKind Kind { get; init; }
    public required string Name { get; init; }
    public string? StaffId { get; init; }
    public string? Title { get; init; }
}

/// <summary>Where people can go. A district has hundreds of points, not millions: by distance all of a box are measured.</summary>
public sealed class ServicePointQueries(Database database)
{
    private const string Open = "o.is_service_point = 1 AND o.active = 1";

    /// <param name="afterId">Id of the last one seen; the list is in the order of the tree.</param>
    public Task<List<OrganisationRow>> ListAsync(ServicePointFilter filter, string? afterId, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<OrganisationRow>($"""
            {OrganisationQueries.Select} WHERE {Open} {Where(filter)}
              {(afterId is null ? "" : "AND o.path > (SELECT l.path FROM organisations l WHERE l.id = @afterId)")}
            ORDER BY o.path LIMIT @limit
            """, Args(filter, afterId, limit))).AsList(), cancel);

    /// <summary>All that match within so many metres, nearest first; the id decides between equals.</summary>
    public Task<List<PointDistance>> NearAsync(ServicePointFilter filter, Position near, double metres, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var (southWest, northEast) = near.Box(metres);
        var args = Args(filter, null, 0);
        args.AddDynamicParams(new { south = southWest.Latitude, north = northEast.Latitude, west = southWest.Longitude, east = northEast.Longitude });
        var rows = await c.QueryAsync<PositionRow>($"""
            SELECT o.id, o.latitude, o.longitude, o.area_kind FROM organisations o
            WHERE {Open} AND o.latitude BETWEEN @south AND @north AND o.longitude BETWEEN @west AND @east {Where(filter)}
            """, args);
        return rows.Select(r => new PointDistance(r.Id, near.MetresTo(new Position(r.Latitude, r.Longitude)), r.AreaKind)).Where(p => p.Metres <= metres)
            .OrderBy(p => p.Metres).ThenBy(p => p.Id, StringComparer.Ordinal).ToList();
    }, cancel);

    public Task<Dictionary<string, OrganisationRow>> FindAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) => ids.Count == 0
        ? Task.FromResult(new Dictionary<string, OrganisationRow>())
        : database.ReadAsync(async c => (await c.QueryAsync<OrganisationRow>($"{OrganisationQueries.Select} WHERE {Open} AND o.id IN @ids", new { ids })).ToDictionary(o => o.Id), cancel);

    /// <summary>People and desks with hours at a unit, today or later.</summary>
    public Task<List<PointResourceRow>> ResourcesAsync(string organisationId, DateOnly today, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<PointResourceRow>("""
            SELECT b.id, b.kind, COALESCE(s.name, b.name) AS name, b.staff_id, s.title FROM booking_resources b LEFT JOIN staff_members s ON s.id = b.staff_id
            WHERE b.active = 1 AND (b.staff_id IS NULL OR s.active = 1)
              AND EXISTS (SELECT 1 FROM office_hours h WHERE h.resource_id = b.id AND h.organisation_id = @organisationId AND (h.valid_until IS NULL OR h.valid_until >= @today))
            ORDER BY b.kind, b.id
            """, new { organisationId, today = DayCode.Of(today) })).AsList(), cancel);

    private static string Where(ServicePointFilter filter) => $"""
        {(filter.RegionCode is null ? "" : "AND o.region_code LIKE @region")} {(filter.TownCode is null ? "" : "AND o.region_code LIKE @town")}
        {(filter.Text is null ? "" : "AND (instr(o.name, @text) > 0 OR instr(COALESCE(o.address, ''), @text) > 0)")}
        {(filter.Services is null ? "" : "AND EXISTS (SELECT 1 FROM office_hours h JOIN booking_resources b ON b.id = h.resource_id WHERE h.organisation_id = o.id AND b.active = 1 AND (h.services & @services) <> 0 AND (h.valid_until IS NULL OR h.valid_until >= @today))")}
        """;

    private static DynamicParameters Args(ServicePointFilter filter, string? afterId, int limit) => new(new
    {
        region = filter.RegionCode + "%", town = filter.TownCode + "%", text = filter.Text, services = (long)(filter.Services ?? 0), today = DayCode.Of(filter.Today), afterId, limit,
    });

    private sealed record PositionRow
    {
        public required string Id { get; init; }
        public int Latitude { get; init; }
        public int Longitude { get; init; }
        public AreaKind? AreaKind { get; init; }
    }
}
