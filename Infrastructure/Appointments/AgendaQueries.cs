using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>Whose appointments, and when.</summary>
/// <param name="StaffId">Those of one person; null for those of units.</param>
/// <param name="State">Null for every state.</param>
public sealed record AgendaWish(string? StaffId, IReadOnlyList<string> UnitIds, DateTimeOffset From, DateTimeOffset Until, AppointmentState? State);

/// <summary>The day's plan of a person or of units, in order of time. Nothing sealed is opened here.</summary>
public sealed class AgendaQueries(Database database)
{
    /// <param name="edge">Start and id of the last one seen.</param>
    public Task<List<AppointmentRow>> PageAsync(AgendaWish wish, (DateTimeOffset At, string Id)? edge, int limit, CancellationToken cancel)
    {
        if (wish.StaffId is null && wish.UnitIds.Count == 0) return Task.FromResult(new List<AppointmentRow>());
        return database.ReadAsync(async c =>
        {
            var rows = (await c.QueryAsync<AppointmentRow>($"""
                {AppointmentQueries.Select}
                WHERE {(wish.StaffId is null ? "a.organisation_id IN @UnitIds" : "a.staff_id = @StaffId")} AND a.starts_at >= @at AND a.starts_at < @Until
                  AND (a.starts_at > @at OR a.id > @id) {(wish.State is null ? "" : "AND a.state = @state")}
                ORDER BY a.starts_at, a.id LIMIT @limit
                """, new { wish.UnitIds, wish.StaffId, at = edge?.At ?? wish.From, id = edge?.Id ?? "", wish.Until, state = wish.State?.ToString(), limit })).AsList();
            await AppointmentQueries.AddHistoryAsync(c, null, rows);
            return rows;
        }, cancel);
    }

    /// <summary>Whether a citizen has a matter with one of these units or in the hands of this person: then they may be booked for by their id.</summary>
    public static async Task<bool> IsKnownToAsync(UnitOfWork tx, string citizenId, string staffId, IReadOnlyList<string> unitPaths)
    {
        foreach (var row in await tx.QueryAsync<UnitOfMatter>(
            "SELECT o.path, m.handler_id FROM matters m JOIN organisations o ON o.id = m.organisation_id WHERE m.citizen_id = @citizenId", new { citizenId }))
            if (row.HandlerId == staffId || unitPaths.Any(p => row.Path.StartsWith(p, StringComparison.Ordinal))) return true;
        return false;
    }

    private sealed record UnitOfMatter
    {
        public required string Path { get; init; }
        public string? HandlerId { get; init; }
    }
}
