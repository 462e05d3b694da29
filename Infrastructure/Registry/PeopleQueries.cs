using Dapper;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Registry;

/// <summary>What people are narrowed by; null: not at all.</summary>
/// <param name="TownCode">They sit in that region or one below it.</param>
/// <param name="Services">Mask: one of them can be booked with the person.</param>
/// <param name="Speciality">Code of a group of categories.</param>
/// <param name="Text">Somewhere in name, title or introduction.</param>
/// <param name="Today">Hours that are over by then do not count.</param>
public sealed record PeopleFilter(string? TownCode, string? OrganisationId, ulong? Services, string? Speciality, string? Language, Role? Role, string? Text, DateOnly Today);

public sealed record PersonRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Title { get; init; }
    public required string Specialities { get; init; }
    public string? Languages { get; init; }
    public string? Introduction { get; init; }
    public int? PractisingSince { get; init; }
    public IReadOnlyList<Role> Roles { get; set; } = [];
    public IReadOnlyList<PersonPlaceRow> Places { get; set; } = [];
}

/// <summary>Where somebody sits.</summary>
public sealed record PersonPlaceRow
{
    public required string StaffId { get; init; }
    public required string OrganisationId { get; init; }
    public required string Name { get; init; }
    public string? Address { get; init; }
    public string? Phone { get; init; }
    public int? Latitude { get; init; }
    public int? Longitude { get; init; }
}

/// <summary>People whom the public can book: active, with hours.</summary>
public sealed class PeopleQueries(Database database)
{
    private const string Select = "SELECT s.id, s.name, s.title, s.specialities, s.languages, s.introduction, s.practising_since FROM staff_members s JOIN booking_resources b ON b.staff_id = s.id";

    private const string Sits = "h.resource_id = b.id AND (h.valid_until IS NULL OR h.valid_until >= @today)";

    private const string NameOfAfter = "(SELECT e.name FROM staff_members e WHERE e.id = @after)";

    /// <summary>By name; the id decides between equals.</summary>
    /// <param name="after">Id of the last one seen.</param>
    public Task<List<PersonRow>> ListAsync(PeopleFilter filter, string? after, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var rows = (await c.QueryAsync<PersonRow>($"""
            {Select}
            WHERE s.active = 1 AND b.active = 1 AND EXISTS (SELECT 1 FROM office_hours h JOIN organisations o ON o.id = h.organisation_id WHERE {Sits} {Hours(filter)})
              {(filter.Speciality is null ? "" : "AND instr(concat(',', s.specialities, ','), @speciality) > 0")}
              {(filter.Language is null ? "" : "AND instr(concat(',', COALESCE(s.languages, ''), ','), @language) > 0")}
              {(filter.Role is null ? "" : "AND EXISTS (SELECT 1 FROM posts p WHERE p.staff_id = s.id AND p.role = @role)")}
              {(filter.Text is null ? "" : "AND (instr(s.name, @text) > 0 OR instr(COALESCE(s.title, ''), @text) > 0 OR instr(COALESCE(s.introduction, ''), @text) > 0)")}
              {(after is null ? "" : $"AND s.name >= {NameOfAfter} AND (s.name > {NameOfAfter} OR s.id > @after)")}
            ORDER BY s.name, s.id LIMIT @limit
            """,
            new
            {
                today = DayCode.Of(filter.Today), town = filter.TownCode + "%", unit = filter.OrganisationId, services = (long)(filter.Services ?? 0), speciality = $",{filter.Speciality},",
                language = $",{filter.Language},", role = filter.Role?.ToString(), text = filter.Text, after, limit,
            })).AsList();
        await CompleteAsync(c, rows, filter.Today);
        return rows;
    }, cancel);

    public Task<PersonRow?> FindAsync(string id, DateOnly today, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var rows = (await c.QueryAsync<PersonRow>($"{Select} WHERE s.id = @id AND s.active = 1 AND b.active = 1", new { id })).AsList();
        await CompleteAsync(c, rows, today);
        return rows.Count == 0 ? null : rows[0];
    }, cancel);

    private static string Hours(PeopleFilter filter) => $"""
        {(filter.TownCode is null ? "" : "AND o.region_code LIKE @town")} {(filter.OrganisationId is null ? "" : "AND o.id = @unit")} {(filter.Services is null ? "" : "AND (h.services & @services) <> 0")}
        """;

    private static async Task CompleteAsync(System.Data.Common.DbConnection connection, List<PersonRow> rows, DateOnly today)
    {
        if (rows.Count == 0) return;
        var ids = rows.Select(r => r.Id).ToList();
        var roles = (await connection.QueryAsync<RoleRow>("SELECT DISTINCT staff_id, role FROM posts WHERE staff_id IN @ids ORDER BY staff_id, role", new { ids })).ToLookup(r => r.StaffId);
        var places = (await connection.QueryAsync<PersonPlaceRow>($"""
            SELECT DISTINCT b.staff_id, o.id AS organisation_id, o.name, o.address, o.phone, o.latitude, o.longitude, o.path
            FROM booking_resources b JOIN office_hours h ON h.resource_id = b.id JOIN organisations o ON o.id = h.organisation_id
            WHERE b.staff_id IN @ids AND {Sits} ORDER BY o.path
            """, new { ids, today = DayCode.Of(today) })).ToLookup(p => p.StaffId);
        foreach (var row in rows)
            (row.Roles, row.Places) = ([.. roles[row.Id].Select(r => r.Role).Where(Roles.OnMatters.Contains)], [.. places[row.Id]]);
    }

    private sealed record RoleRow
    {
        public required string StaffId { get; init; }
        public Role Role { get; init; }
    }
}
