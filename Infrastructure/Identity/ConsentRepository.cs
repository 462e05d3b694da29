using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>Privacy notices and what people said to them. Rows are only ever added.</summary>
public static class ConsentRepository
{
    /// <summary>The notice in force.</summary>
    public static async Task<PrivacyNotice> CurrentNoticeAsync(DbConnection connection, DbTransaction? transaction = null) =>
        await connection.QueryFirstOrDefaultAsync<PrivacyNotice>("SELECT version, title, text, published_at FROM privacy_notices ORDER BY version DESC LIMIT 1", transaction: transaction)
        ?? throw new InvalidOperationException("There is no privacy notice; the start writes the first one.");

    /// <summary>Whether a citizen has accepted the notice in force and not taken it back.</summary>
    public static async Task<bool> HasConsentedAsync(UnitOfWork tx, string citizenId) => await HasConsentedAsync(await tx.ConnectionAsync(), citizenId, tx.Transaction);

    public static async Task<bool> HasConsentedAsync(DbConnection connection, string citizenId, DbTransaction? transaction = null) => await connection.ExecuteScalarAsync<long>(
        Consented("@citizenId"), new { citizenId }, transaction) == 1;

    /// <summary>1 when a citizen has accepted the notice in force and not taken it back, as part of a larger statement.</summary>
    internal static string Consented(string citizenId) => $"""
        SELECT COALESCE((
            SELECT CASE WHEN c.accepted = 1 AND c.notice_version = (SELECT MAX(version) FROM privacy_notices) THEN 1 ELSE 0 END
            FROM consents c WHERE c.citizen_id = {citizenId} ORDER BY c.seq DESC LIMIT 1), 0)
        """;

    public static async Task RecordAsync(UnitOfWork tx, string citizenId, int version, bool accepted)
    {
        // Numbered rather than ordered by time: a clock that jumps back must not bring an older answer to life.
        var seq = 1 + await tx.ScalarAsync<long>("SELECT COALESCE(MAX(seq), 0) FROM consents WHERE citizen_id = @citizenId", new { citizenId });
        await tx.ExecuteExpectingOneAsync(
            $"{tx.Dialect.InsertIgnore} consents (citizen_id, seq, notice_version, accepted, at) VALUES (@citizenId, @seq, @version, @accepted, @Now)",
            new { citizenId, seq, version, accepted, tx.Now });
    }

    /// <summary>Adds the notice as the next version; of two that publish together one loses and runs again.</summary>
    public static Task PublishAsync(UnitOfWork tx, PrivacyNotice notice) => tx.ExecuteExpectingOneAsync(
        $"{tx.Dialect.InsertIgnore} privacy_notices (version, title, text, published_at) VALUES (@Version, @Title, @Text, @PublishedAt)",
        new { notice.Version, notice.Title, notice.Text, notice.PublishedAt });

    /// <summary>At start: the first notice, unless there is one.</summary>
    public static Task EnsureFirstAsync(UnitOfWork tx)
    {
        var first = PrivacyNotice.First(tx.Now);
        return tx.ExecuteAsync($"{tx.Dialect.InsertIgnore} privacy_notices (version, title, text, published_at) VALUES (@Version, @Title, @Text, @PublishedAt)",
            new { first.Version, first.Title, first.Text, first.PublishedAt });
    }

    /// <summary>What a person has said so far, newest first.</summary>
    public static async Task<IReadOnlyList<ConsentRow>> OfAsync(DbConnection connection, string citizenId, DbTransaction? transaction = null) => [.. await connection.QueryAsync<ConsentRow>(
        "SELECT notice_version, accepted, at FROM consents WHERE citizen_id = @citizenId ORDER BY seq DESC LIMIT 200", new { citizenId }, transaction)];
}

public sealed record ConsentRow
{
    public int NoticeVersion { get; init; }
    public bool Accepted { get; init; }
    public DateTimeOffset At { get; init; }
}
