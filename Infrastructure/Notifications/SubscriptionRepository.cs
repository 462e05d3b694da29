using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>How many messages of a template a person has allowed. Our count may be wrong either way; WeChat's 43101 has the last word.</summary>
public sealed class SubscriptionRepository
{
    /// <summary>Takes one permission before a send: the condition in the WHERE lets no two senders take the same one.</summary>
    public async Task<bool> TryTakeAsync(UnitOfWork tx, string citizenId, string templateId) => await tx.ExecuteAsync("""
        UPDATE subscription_grants SET balance = CASE WHEN kind = 'LongTerm' THEN balance ELSE balance - 1 END, updated_at = @Now
        WHERE citizen_id = @citizenId AND template_id = @templateId AND balance > 0
        """, new { citizenId, templateId, tx.Now }) == 1;

    /// <summary>The send did not happen, and WeChat has said so.</summary>
    public Task GiveBackAsync(UnitOfWork tx, string citizenId, string templateId) => tx.ExecuteAsync("""
        UPDATE subscription_grants SET balance = balance + 1, updated_at = @Now WHERE citizen_id = @citizenId AND template_id = @templateId AND kind = 'OneOff'
        """, new { citizenId, templateId, tx.Now });

    /// <summary>WeChat says that there is no permission left.</summary>
    public Task ExhaustAsync(UnitOfWork tx, string citizenId, string templateId) => tx.ExecuteAsync("""
        UPDATE subscription_grants SET balance = 0, always = 0, updated_at = @Now WHERE citizen_id = @citizenId AND template_id = @templateId
        """, new { citizenId, templateId, tx.Now });

    /// <summary>Takes note of a tap. The second report of the same tap, from the other source, counts nothing.</summary>
    /// <param name="always">总是保持以上选择, where the source knows.</param>
    public async Task ReportAsync(UnitOfWork tx, string citizenId, string templateId, GrantKind kind, SubscribeResult result, GrantSource source, bool? always)
    {
        await tx.ExecuteAsync($"""
            {tx.Dialect.InsertIgnore} subscription_grants (citizen_id, template_id, kind, balance, always, updated_at) VALUES (@citizenId, @templateId, @kind, 0, 0, @Now)
            """, new { citizenId, templateId, kind = kind.ToString(), tx.Now });
        // Writing this row first makes the two sources take turns, so that the second one sees the first one's report.
        await tx.ExecuteAsync("""
            UPDATE subscription_grants SET kind = @kind, always = COALESCE(@always, always), updated_at = @Now WHERE citizen_id = @citizenId AND template_id = @templateId
            """, new { citizenId, templateId, kind = kind.ToString(), always, tx.Now });

        var paired = await TryPairAsync(tx, citizenId, templateId, result, source);
        await tx.ExecuteAsync("""
            INSERT INTO subscription_reports (id, citizen_id, template_id, source, result, at, paired) VALUES (@id, @citizenId, @templateId, @source, @result, @Now, @paired)
            """, new { id = tx.NewId(), citizenId, templateId, source = source.ToString(), result = result.ToString(), tx.Now, paired });
        if (paired || !result.Grants()) return;
        await tx.ExecuteAsync("""
            UPDATE subscription_grants SET balance = CASE WHEN kind = 'LongTerm' THEN 1 WHEN balance < @max THEN balance + 1 ELSE balance END
            WHERE citizen_id = @citizenId AND template_id = @templateId
            """, new { citizenId, templateId, max = Subscription.MaxBalance });
    }

    /// <summary>Reports older than any pairing needs.</summary>
    public Task<int> SweepAsync(UnitOfWork tx, TimeSpan keep) => tx.ExecuteAsync("DELETE FROM subscription_reports WHERE at < @before", new { before = tx.Now - keep });

    /// <summary>
    /// Finds the oldest report of the same tap by the other source and marks it, in one UPDATE: on MySQL a plain SELECT would look at the snapshot
    /// of an earlier read in the same transaction and miss what has been committed since. (The derived table is MySQL's price for reading the table it updates.)
    /// </summary>
    private static async Task<bool> TryPairAsync(UnitOfWork tx, string citizenId, string templateId, SubscribeResult result, GrantSource source) => await tx.ExecuteAsync($"""
        UPDATE subscription_reports SET paired = 1 WHERE id = (SELECT id FROM (
            SELECT MIN(id) AS id FROM subscription_reports
            WHERE citizen_id = @citizenId AND template_id = @templateId AND source = @other AND paired = 0 AND at >= @since
              AND result IN ({(result.Grants() ? "'Accept', 'AcceptWithAudio'" : "'Reject', 'Ban', 'Filter'")})) AS oldest)
        """, new { citizenId, templateId, other = (source == GrantSource.Client ? GrantSource.Push : GrantSource.Client).ToString(), since = tx.Now - Subscription.SameTap }) == 1;
}
