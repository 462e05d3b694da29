using MicroPlatform.Api.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Consultations;

/// <summary>The promised time is over without an answer: noted in the internal timeline and reported to the head of the nearest centre, once.</summary>
public sealed class EscalateOverdueJob(Database database, ConsultationRepository consultations, DutyWorkQueries work, TimeProvider time, ILogger<EscalateOverdueJob> log) : IJob
{
    private const int AtOnce = 200;

    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var reported = 0;
        foreach (var state in (ConsultationState[])[ConsultationState.Submitted, ConsultationState.Assigned])
        {
            int done;
            do
            {
                done = await JobItems.EachAsync(await work.OverdueAsync(state.ToString(), now, AtOnce, cancel), id => ReportAsync(id, cancel), log, cancel);
                reported += done;
            }
            while (done == AtOnce);
        }
        return reported;
    }

    private Task<bool> ReportAsync(string id, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await consultations.FindAsync(tx, id) is not { } consultation) return false;
        var head = await DutyWorkQueries.HeadAsync(tx, await RegistryQueries.PathAsync(tx, consultation.Matter.OrganisationId));
        if (!consultation.ReportOverdue(head, tx.Now)) return false;
        await consultations.SaveAsync(tx, consultation, Actor.System);
        await tx.AuditAsync(Actor.System, "consultations.overdue", "matter", consultation.Matter.Id, head);
        return true;
    }, cancel);
}
