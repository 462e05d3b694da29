using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>How an attempt to give a consultation by the duty rule ended.</summary>
public enum Given
{
    ToSomebody,
    /// <summary>Neither in the unit responsible nor in any above is somebody on duty who has not let it go already.</summary>
    NobodyOnDuty,
    /// <summary>Those on duty in the nearest such unit have all they can carry.</summary>
    NobodyHasRoom,
    /// <summary>Somebody has it, or it is not the office's turn.</summary>
    NotNeeded,
}

/// <summary>
/// The duty rule (docs/adr/0009): the unit responsible, or when nobody of it is on duty the nearest one above with somebody on duty; there
/// <see cref="Dispatch.Choose"/> decides. The matter stays with its unit; only the person may be of a unit above.
/// </summary>
public sealed class DutyDispatch(Database database, ConsultationRepository consultations, IOptions<ConsultationsOptions> options)
{
    public Task<Given> GiveAsync(string consultationId, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await consultations.FindAsync(tx, consultationId) is not { } consultation || consultation.Matter.HandlerId is not null || consultation.Matter.WaitingSince is null)
            return Given.NotNeeded;
        var path = await RegistryQueries.PathAsync(tx, consultation.Matter.OrganisationId);
        foreach (var unitId in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            var onDuty = (await OnDutyAsync(tx, unitId, consultationId)).ToList();
            if (onDuty.Count == 0) continue;
            if (Dispatch.Choose(onDuty, consultation.Matter.CategoryCode, options.Value.OpenPerPerson) is not { } chosen) return Given.NobodyHasRoom;
            await TakeTurnAsync(tx, chosen);
            if (consultation.AssignTo(chosen.StaffId, chosen.Name, onlyIfFree: true, tx.Now).IsRefused) return Given.NotNeeded;
            await consultations.SaveAsync(tx, consultation, Actor.System);
            await tx.AuditAsync(Actor.System, "consultations.dispatch", "matter", consultation.Matter.Id, chosen.StaffId);
            return Given.ToSomebody;
        }
        return Given.NobodyOnDuty;
    }, cancel);

    /// <summary>Who is on duty for a unit and has not let this one go.</summary>
    private static async Task<IEnumerable<Dispatch.Candidate>> OnDutyAsync(UnitOfWork tx, string unitId, string consultationId) =>
        (await tx.QueryAsync<Row>("""
            SELECT s.id, s.name, s.specialities, s.last_assigned_at,
                   (SELECT COUNT(*) FROM matters m WHERE m.handler_id = s.id AND m.waiting_since IS NOT NULL) AS open_unanswered
            FROM duty_shifts d JOIN staff_members s ON s.id = d.staff_id
            WHERE d.organisation_id = @unitId AND d.ends_at > @Now AND d.starts_at <= @Now AND s.active = 1
              AND EXISTS (SELECT 1 FROM posts p WHERE p.staff_id = s.id AND p.role IN @roles)
              AND NOT EXISTS (SELECT 1 FROM dispatch_exclusions x WHERE x.consultation_id = @consultationId AND x.staff_id = s.id)
            """, new { unitId, tx.Now, consultationId, roles = Roles.OnMatters.Select(r => r.ToString()) }))
        .Select(r => new Dispatch.Candidate(r.Id, r.Name, r.Specialities.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), r.OpenUnanswered, r.LastAssignedAt));

    /// <summary>One after another per person: who was chosen by two at once is judged again by the second, with the load of the first.</summary>
    private static Task TakeTurnAsync(UnitOfWork tx, Dispatch.Candidate chosen) => tx.ExecuteExpectingOneAsync(
        "UPDATE staff_members SET last_assigned_at = @next WHERE id = @StaffId AND last_assigned_at = @LastAssignedAt",
        new { next = tx.Now > chosen.LastAssignedAt ? tx.Now : chosen.LastAssignedAt.AddMilliseconds(1), chosen.StaffId, chosen.LastAssignedAt });

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Name { get; init; }
        public required string Specialities { get; init; }
        public DateTimeOffset LastAssignedAt { get; init; }
        public int OpenUnanswered { get; init; }
    }
}
