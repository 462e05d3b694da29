using Dapper;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>What screens show of transfers, straight from SQL.</summary>
public sealed class TransferQueries(Database database)
{
    /// <summary>Units whose transfers one statement lists; larger scopes take several.</summary>
    private const int UnitsAtOnce = 100;

    private const string Select = """
        SELECT t.id, t.state, t.reason, t.requested_at, t.decided_at, t.refusal_reason, t.matter_id, t.consultation_id, t.from_organisation_id, t.to_organisation_id,
               t.from_staff_id, t.to_staff_id, t.version, f.name AS from_unit_name, o.name AS to_unit_name, o.path AS to_path, f.path AS from_path,
               a.name AS from_staff_name, b.name AS to_staff_name, m.number, m.title
        FROM transfers t
        JOIN organisations f ON f.id = t.from_organisation_id
        JOIN organisations o ON o.id = t.to_organisation_id
        JOIN matters m ON m.id = t.matter_id
        LEFT JOIN staff_members a ON a.id = t.from_staff_id
        LEFT JOIN staff_members b ON b.id = t.to_staff_id
        """;

    /// <summary>The transfer of a matter that waits for its answer.</summary>
    public Task<OpenTransfer?> OpenOfAsync(string matterId, CancellationToken cancel) => database.ReadAsync(c => c.QueryFirstOrDefaultAsync<OpenTransfer>(
        "SELECT t.id, o.path AS to_path FROM transfers t JOIN organisations o ON o.id = t.to_organisation_id WHERE t.open_key = @matterId", new { matterId }), cancel);

    /// <summary>Its id, inside a transaction.</summary>
    public static Task<string?> OpenOfAsync(UnitOfWork tx, string matterId) =>
        tx.ScalarAsync<string>("SELECT id FROM transfers WHERE open_key = @matterId", new { matterId });

    public static async Task<TransferRow> FindAsync(UnitOfWork tx, string id) =>
        await tx.FirstOrDefaultAsync<TransferRow>($"{Select} WHERE t.id = @id", new { id }) ?? throw new InvalidOperationException($"Transfer {id} was just written.");

    /// <summary>Transfers to units (incoming) or from them, oldest first: one index range per unit, of a page each.</summary>
    public Task<List<TransferRow>> OfUnitsAsync(bool incoming, IReadOnlyList<string> units, TransferState state, string after, int limit, CancellationToken cancel) =>
        database.ReadAsync(async connection =>
        {
            var side = incoming ? "to_organisation_id" : "from_organisation_id";
            var ids = new List<string>();
            foreach (var chunk in units.Chunk(UnitsAtOnce))
            {
                var args = new DynamicParameters(new { state = state.ToString(), after, limit });
                var ranges = chunk.Select((unit, i) =>
                {
                    args.Add($"u{i}", unit);
                    return $"SELECT id FROM (SELECT id FROM transfers WHERE {side} = @u{i} AND state = @state AND id > @after ORDER BY id LIMIT @limit) b{i}";
                });
                ids.AddRange(await connection.QueryAsync<string>(string.Join(" UNION ALL ", ranges), args));
            }
            var page = ids.Order(StringComparer.Ordinal).Take(limit).ToList();
            return page.Count == 0 ? [] : (await connection.QueryAsync<TransferRow>($"{Select} WHERE t.id IN @page ORDER BY t.id", new { page })).AsList();
        }, cancel);
}

public sealed record OpenTransfer
{
    public required string Id { get; init; }

    /// <summary>Path of the unit that is asked.</summary>
    public required string ToPath { get; init; }
}

public sealed record TransferRow
{
    public required string Id { get; init; }
    public required TransferState State { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? RefusalReason { get; init; }
    public required string MatterId { get; init; }
    public required string ConsultationId { get; init; }
    public required string FromOrganisationId { get; init; }
    public required string ToOrganisationId { get; init; }
    public required string FromStaffId { get; init; }
    public string? ToStaffId { get; init; }
    public required int Version { get; init; }
    public required string FromUnitName { get; init; }
    public required string ToUnitName { get; init; }
    public required string ToPath { get; init; }
    public required string FromPath { get; init; }
    public string? FromStaffName { get; init; }
    public string? ToStaffName { get; init; }
    public required string Number { get; init; }
    public required string Title { get; init; }
}
