using MicroPlatform.Api.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Consultations;

/// <summary>
/// Who has gone off duty loses what is unanswered; what lies in inboxes goes to those on duty, longest waiting first, as far as they have
/// room (docs/adr/0009). So nothing hangs on somebody who has gone home, and nothing lies where somebody has time.
/// </summary>
public sealed class RedistributeOffDutyJob(
    Database database, ConsultationRepository consultations, DutyWorkQueries work, DutyDispatch dispatch, InboxQueries inbox, RegistryQueries registry,
    IOptions<ConsultationsOptions> options, TimeProvider time, ILogger<RedistributeOffDutyJob> log) : IJob
{
    private const int PageSize = 100;

    /// <summary>Given in one run at most; the next begins a minute later.</summary>
    private const int MostPages = 20;

    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var held = await work.HeldOffDutyAsync(now, now - options.Value.RosterMemory, cancel);
        var released = await JobItems.EachAsync(held, h => ReleaseAsync(h, cancel), log, cancel);
        return released + await DistributeAsync(now, cancel);
    }

    private Task<bool> ReleaseAsync(HeldRow held, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await consultations.FindAsync(tx, held.ConsultationId) is not { } consultation) return false;
        if (consultation.Matter.HandlerId != held.HandlerId || consultation.Matter.WaitingSince is null) return false;
        if (consultation.Release("负责人已下班，退回待办", tx.Now).IsRefused) return false;
        await consultations.SaveAsync(tx, consultation, Actor.System);
        await tx.AuditAsync(Actor.System, "consultations.off-duty", "matter", consultation.Matter.Id, held.HandlerId);
        return true;
    }, cancel);

    /// <summary>Through the inboxes that somebody on duty serves, page by page. A unit whose people are full is left out of the pages after.</summary>
    private async Task<int> DistributeAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var units = await registry.UnitsAsync(await work.ServedNowAsync(now, cancel), cancel);
        var edge = InboxEdge.Start;
        var given = 0;
        for (var page = 0; page < MostPages && units.Count > 0; page++)
        {
            var rows = await inbox.UntakenAsync(units, edge, PageSize, cancel);
            given += await JobItems.EachAsync(rows, async row =>
            {
                if (row.ConsultationId is not { } id || !units.Contains(row.OrganisationId)) return false;
                var how = await dispatch.GiveAsync(id, cancel);
                if (how == Given.NobodyHasRoom) units.Remove(row.OrganisationId);
                return how == Given.ToSomebody;
            }, log, cancel);
            if (rows.Count < PageSize) break;
            edge = new InboxEdge(rows[^1].Sort, rows[^1].MatterId);
        }
        return given;
    }
}
