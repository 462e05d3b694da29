using MicroPlatform.Api.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Consultations;

/// <summary>Answered, and the citizen silent for days: the platform closes. It can still be rated.</summary>
public sealed class CloseSilentJob(
    Database database, ConsultationRepository consultations, DutyWorkQueries work, IOptions<ConsultationsOptions> options, TimeProvider time, ILogger<CloseSilentJob> log) : IJob
{
    private const int AtOnce = 200;

    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var edge = time.GetUtcNow() - options.Value.CloseAfterSilence;
        var closed = 0;
        while (true)
        {
            var done = await JobItems.EachAsync(await work.SilentSinceAsync(edge, AtOnce, cancel), id => CloseAsync(id, edge, cancel), log, cancel);
            closed += done;
            if (done < AtOnce) return closed;
        }
    }

    private Task<bool> CloseAsync(string id, DateTimeOffset edge, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        // Looked at again inside the transaction: an answer may just have been added.
        if (await consultations.FindAsync(tx, id) is not { State: ConsultationState.Answered } consultation || consultation.LastAnsweredAt > edge) return false;
        if (consultation.Close(Actor.System, tx.Now).IsRefused) return false;
        await consultations.SaveAsync(tx, consultation, Actor.System);
        await tx.AuditAsync(Actor.System, "consultations.close-silent", "matter", consultation.Matter.Id);
        return true;
    }, cancel);
}
