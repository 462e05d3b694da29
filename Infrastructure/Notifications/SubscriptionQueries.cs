using Dapper;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>What a person has allowed, straight from SQL.</summary>
public sealed class SubscriptionQueries(Database database)
{
    private const string Sql = "SELECT template_id, kind, balance, always, updated_at FROM subscription_grants WHERE citizen_id = @citizenId ORDER BY template_id";

    public Task<List<GrantRow>> OfCitizenAsync(string citizenId, CancellationToken cancel) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<GrantRow>(Sql, new { citizenId })).AsList(), cancel);

    public static async Task<List<GrantRow>> OfCitizenAsync(UnitOfWork tx, string citizenId) => (await tx.QueryAsync<GrantRow>(Sql, new { citizenId })).AsList();
}

public sealed record GrantRow
{
    public required string TemplateId { get; init; }
    public required GrantKind Kind { get; init; }
    public required int Balance { get; init; }
    public required bool Always { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
