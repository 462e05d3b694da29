using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Registry;

/// <summary>
/// Keeps the tree of units. Every change first raises the tree's one row, so that changes run one after the other and what is read afterwards is
/// what others have committed; then the unit's version, the one the editor saw.
/// </summary>
public static class OrganisationRepository
{
    private const string Select = """
        SELECT id, parent_id, path, kind, name, region_code, phone, address, latitude, longitude, opening_hours, is_service_point, area_kind, takes_consultations, active, version
        FROM organisations
        """;

    /// <summary>First in the transaction, before anything is read.</summary>
    public static Task LockTreeAsync(UnitOfWork tx) => tx.ExecuteExpectingOneAsync("UPDATE registry_tree SET version = version + 1 WHERE id = @one", new { one = 1 });

    /// <summary>Second: the unit's version, still before anything is read. What is found afterwards has the next version.</summary>
    /// <returns>False when there is no such unit, or another version of it.</returns>
    public static async Task<bool> RaiseAsync(UnitOfWork tx, string id, int version) =>
        await tx.ExecuteAsync("UPDATE organisations SET version = version + 1 WHERE id = @id AND version = @version", new { id, version }) == 1;

    public static async Task<Organisation?> FindAsync(UnitOfWork tx, string? id) =>
        Id.IsWellFormed(id) ? (await tx.FirstOrDefaultAsync<Row>($"{Select} WHERE id = @id", new { id }))?.ToOrganisation() : null;

    public static async Task<IReadOnlyList<OrganisationKind>> ChildKindsAsync(UnitOfWork tx, string id) =>
        [.. (await tx.QueryAsync<string>("SELECT DISTINCT kind FROM organisations WHERE parent_id = @id", new { id })).Select(OrganisationKinds.Parse)];

    /// <summary>Paths of a unit and of everything below it.</summary>
    public static async Task<IReadOnlyList<string>> PathsBelowAsync(UnitOfWork tx, string path) =>
        [.. await tx.QueryAsync<string>("SELECT path FROM organisations WHERE path LIKE @below", new { below = path + "%" })];

    public static Task InsertAsync(UnitOfWork tx, Organisation unit) => tx.ExecuteAsync("""
        INSERT INTO organisations (id, parent_id, path, kind, name, region_code, phone, address, latitude, longitude, opening_hours, is_service_point, area_kind, takes_consultations, active, version)
        VALUES (@Id, @ParentId, @Path, @Kind, @Name, @RegionCode, @Phone, @Address, @Latitude, @Longitude, @OpeningHours, @IsServicePoint, @AreaKind, @TakesConsultations, @Active, @Version)
        """, Row.Of(unit));

    /// <summary>Everything but where it hangs. The version was raised before.</summary>
    public static Task SaveAsync(UnitOfWork tx, Organisation unit) => tx.ExecuteAsync("""
        UPDATE organisations SET kind = @Kind, name = @Name, region_code = @RegionCode, phone = @Phone, address = @Address, latitude = @Latitude, longitude = @Longitude,
               opening_hours = @OpeningHours, is_service_point = @IsServicePoint, area_kind = @AreaKind, takes_consultations = @TakesConsultations, active = @Active
        WHERE id = @Id
        """, Row.Of(unit));

    /// <summary>Hangs a unit elsewhere and writes the paths of everything below it anew.</summary>
    /// <returns>How many units have another path now.</returns>
    public static async Task<int> MoveAsync(UnitOfWork tx, string oldPath, Organisation moved)
    {
        await tx.ExecuteAsync("UPDATE organisations SET parent_id = @ParentId WHERE id = @Id", new { moved.ParentId, moved.Id });
        if (oldPath == moved.Path) return 0;
        return await tx.ExecuteAsync("UPDATE organisations SET path = concat(@path, substr(path, @rest)) WHERE path LIKE @below",
            new { path = moved.Path, rest = oldPath.Length + 1, below = oldPath + "%" });
    }

    /// <summary>
    /// Before a unit's bookings are counted: raises every resource that can be booked there. A booking under way either is counted, or finds other
    /// hours than it was judged by.
    /// </summary>
    public static Task RaiseResourcesAsync(UnitOfWork tx, string id) => tx.ExecuteAsync("""
        UPDATE booking_resources SET hours_version = hours_version + 1, version = version + 1
        WHERE organisation_id = @id OR id IN (SELECT resource_id FROM office_hours WHERE organisation_id = @id)
        """, new { id });

    /// <summary>After units have got another place in the tree: whoever sits at them may serve there by other posts than before, or no longer.</summary>
    /// <returns>The resources whose availability is to be read anew.</returns>
    public static async Task<IReadOnlyList<string>> RaiseResourcesBelowAsync(UnitOfWork tx, string path)
    {
        IReadOnlyList<string> ids = [.. await tx.QueryAsync<string>("""
            SELECT DISTINCT h.resource_id FROM office_hours h JOIN organisations o ON o.id = h.organisation_id WHERE o.path LIKE @below
            """, new { below = path + "%" })];
        if (ids.Count > 0) await tx.ExecuteAsync("UPDATE booking_resources SET hours_version = hours_version + 1, version = version + 1 WHERE id IN @ids", new { ids });
        return ids;
    }

    public static async Task<bool> HasPeopleAsync(UnitOfWork tx, string id) => await tx.ScalarAsync<long>("SELECT COUNT(*) FROM posts WHERE organisation_id = @id", new { id }) > 0;

    public static async Task<bool> HasActiveChildrenAsync(UnitOfWork tx, string id) =>
        await tx.ScalarAsync<long>("SELECT COUNT(*) FROM organisations WHERE parent_id = @id AND active = 1", new { id }) > 0;

    public static async Task<bool> HasBookingsAsync(UnitOfWork tx, string id) => await tx.ScalarAsync<long>(
        "SELECT COUNT(*) FROM appointments WHERE organisation_id = @id AND ends_at > @Now AND state IN ('Booked', 'CheckedIn', 'InService')", new { id, tx.Now }) > 0;

    /// <summary>Nobody sits in a closed unit any more: its hours end with yesterday.</summary>
    /// <returns>The resources that had hours there.</returns>
    public static async Task<IReadOnlyList<string>> EndHoursAsync(UnitOfWork tx, string id)
    {
        var today = DayCode.Of(tx.Now.DateInChina());
        var resources = await tx.QueryAsync<string>("SELECT DISTINCT resource_id FROM office_hours WHERE organisation_id = @id AND (valid_until IS NULL OR valid_until >= @today)", new { id, today });
        await tx.ExecuteAsync("UPDATE office_hours SET valid_until = @yesterday WHERE organisation_id = @id AND (valid_until IS NULL OR valid_until >= @today)",
            new { id, today, yesterday = DayCode.Of(tx.Now.DateInChina().AddDays(-1)) });
        return [.. resources];
    }

    private sealed record Row
    {
        public required string Id { get; init; }
        public string? ParentId { get; init; }
        public required string Path { get; init; }
        public required string Kind { get; init; }
        public required string Name { get; init; }
        public required string RegionCode { get; init; }
        public string? Phone { get; init; }
        public string? Address { get; init; }
        public int? Latitude { get; init; }
        public int? Longitude { get; init; }
        public string? OpeningHours { get; init; }
        public bool IsServicePoint { get; init; }
        public string? AreaKind { get; init; }
        public bool TakesConsultations { get; init; }
        public bool Active { get; init; }
        public int Version { get; init; }

        public static Row Of(Organisation o) => new()
        {
            Id = o.Id, ParentId = o.ParentId, Path = o.Path, Kind = o.Facts.Kind.Word(), Name = o.Facts.Name, RegionCode = o.Facts.RegionCode, Phone = o.Facts.Phone, Address = o.Facts.Address,
            Latitude = o.Facts.Position?.Latitude, Longitude = o.Facts.Position?.Longitude, OpeningHours = o.Facts.OpeningHours, IsServicePoint = o.Facts.IsServicePoint,
            AreaKind = o.Facts.AreaKind?.ToString(), TakesConsultations = o.Facts.TakesConsultations, Active = o.Active, Version = o.Version,
        };

        public Organisation ToOrganisation() => new(
            Id, ParentId, Path,
            new OrganisationFacts(
                OrganisationKinds.Parse(Kind), Name, RegionCode, Phone, Address, Latitude is { } north && Longitude is { } east ? new Position(north, east) : null, OpeningHours, IsServicePoint,
                AreaKind is null ? null : Enum.Parse<AreaKind>(AreaKind), TakesConsultations),
            Active, Version);
    }
}
