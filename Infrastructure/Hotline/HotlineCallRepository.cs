using MicroPlatform.Domain.Hotline;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>Keeps calls: one row per call id, the last version told. Whoever wanted a person and got none is called back; whoever got one then need not be.</summary>
public sealed class HotlineCallRepository(Sealer sealer, HotlineTaskRepository tasks, OutboxWriter outbox, IOptions<HotlineOptions> options)
{
    public static readonly SealedColumn CallerPhone = new("hotline_calls", "caller_phone_sealed", "id");

    /// <returns><c>created</c>, <c>updated</c> or <c>unchanged</c>.</returns>
    public async Task<string> KeepAsync(UnitOfWork tx, HotlinePartner partner, HotlineCall call)
    {
        var known = await tx.FirstOrDefaultAsync<KnownRow>("SELECT id, content_hash, result FROM hotline_calls WHERE app_id = @AppId AND call_id = @CallId", new { partner.AppId, call.CallId });
        if (known?.ContentHash == call.Hash) return "unchanged";
        var id = known?.Id ?? tx.NewId();
        var row = new
        {
            id, partner.AppId, call.CallId, call.Outbound, phone = call.CallerPhone is { } given ? sealer.Seal(given, CallerPhone.Of(id)) : null,
            hash = call.Phone is { } p ? sealer.LookupHash(LookupKind.Phone, p.Reveal()) : null, call.AgentNo, call.AskedForPerson, result = call.Result.ToString(), call.StartedAt, call.AnsweredAt,
            call.EndedAt, call.WaitSeconds, call.TalkSeconds, call.Emergency, call.TicketNo, contentHash = call.Hash, tx.Now,
        };
        if (known is null)
        {
            // Sent twice at once, the second finds the first's row and changes it: what is told last stands.
            var added = await tx.ExecuteAsync($"""
                {tx.Dialect.InsertIgnore} hotline_calls (id, app_id, call_id, outbound, caller_phone_sealed, phone_hash, agent_no, asked_for_person, result, started_at, answered_at, ended_at,
                                                         wait_seconds, talk_seconds, emergency, ticket_no, content_hash, received_at)
                VALUES (@id, @AppId, @CallId, @Outbound, @phone, @hash, @AgentNo, @AskedForPerson, @result, @StartedAt, @AnsweredAt, @EndedAt, @WaitSeconds, @TalkSeconds, @Emergency, @TicketNo,
                        @contentHash, @Now)
                """, row);
            if (added != 1) throw new ConcurrencyConflictException();
        }
        else
        {
            await tx.ExecuteAsync("""
                UPDATE hotline_calls SET outbound = @Outbound, caller_phone_sealed = @phone, phone_hash = @hash, agent_no = @AgentNo, asked_for_person = @AskedForPerson, result = @result,
                       started_at = @StartedAt, answered_at = @AnsweredAt, ended_at = @EndedAt, wait_seconds = @WaitSeconds, talk_seconds = @TalkSeconds, emergency = @Emergency,
                       ticket_no = COALESCE(@TicketNo, ticket_no), content_hash = @contentHash
                WHERE id = @id
                """, row);
        }
        await OweAsync(tx, partner, call);
        return known is null ? "created" : "updated";
    }

    /// <summary>By the order in which the calls were made, whatever the order in which they are told.</summary>
    private async Task OweAsync(UnitOfWork tx, HotlinePartner partner, HotlineCall call)
    {
        if (call.Phone is not { } phone) return;
        var hash = sealer.LookupHash(LookupKind.Phone, phone.Reveal());
        if (call.Reached)
        {
            var missedLater = await tx.ScalarAsync<long>("""
                SELECT COUNT(*) FROM hotline_calls WHERE app_id = @AppId AND phone_hash = @hash AND outbound = 0 AND asked_for_person = 1 AND result <> 'Answered' AND started_at > @StartedAt
                """, new { partner.AppId, hash, call.StartedAt });
            if (missedLater == 0) await tasks.EndByCallAsync(tx, partner.AppId, phone);
            return;
        }
        if (!call.WantsCallBack) return;
        var reachedLater = await tx.ScalarAsync<long>("SELECT COUNT(*) FROM hotline_calls WHERE app_id = @AppId AND phone_hash = @hash AND result = 'Answered' AND started_at > @StartedAt",
            new { partner.AppId, hash, call.StartedAt });
        if (reachedLater > 0) return;
        if (await tasks.TryAddAsync(tx, HotlineTaskKind.CallBack, partner.AppId, partner.OrganisationId, null, call.CallId, phone, tx.Now + options.Value.CallBackWithin) is { } taskId)
            await outbox.WriteAsync(tx, [new HotlineCallRequested(taskId, partner.AppId, null, "callback", 1)]);
    }

    private sealed record KnownRow
    {
        public required string Id { get; init; }
        public required string ContentHash { get; init; }
        public required string Result { get; init; }
    }
}
