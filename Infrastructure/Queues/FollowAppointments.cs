using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>
/// Who arrives for an appointment gets a number of the hall, so that those with and without an appointment are called from one list; and a number whose
/// appointment was ended elsewhere waits no longer.
/// </summary>
public sealed class FollowAppointments(Database database, WindowTickets windows, TicketMoves moves)
    : IHandle<AppointmentCheckedIn>, IHandle<AppointmentCompleted>, IHandle<AppointmentMissed>, IHandle<AppointmentCancelled>
{
    public async Task HandleAsync(AppointmentCheckedIn happened, Delivery delivery, CancellationToken cancel)
    {
        var unit = await database.ReadAsync(c => c.ExecuteScalarAsync<string>(
            "SELECT organisation_id FROM appointments WHERE id = @AppointmentId", new { happened.AppointmentId }), cancel);
        if (unit is null || await windows.QueueOfUnitAsync(unit, cancel) is not { } queueId) return;
        await database.WriteAlwaysAsync(async tx =>
        {
            await QueueRepository.EnterAsync(tx, queueId);
            // Delivered twice, a number taken at the counter, or over meanwhile: nothing is owed.
            if (await AppointmentQueries.FindAsync(tx, happened.AppointmentId) is not { State: AppointmentState.CheckedIn } row) return Done.It;
            if (await TicketRepository.FindByAppointmentAsync(tx, row.Id) is { } given && !given.State.IsOver()) return Done.It;
            await windows.IssueAsync(tx, queueId, new WindowVisitor(row.CitizenId, new VisitorAppointment(row.Id, row.MatterId, row.StartsAt), PriorityClass.Ordinary, null, null,
                ContactPreference.Visible), Channel.Window, Actor.System);
            return Done.It;
        }, cancel);
    }

    public Task HandleAsync(AppointmentCompleted happened, Delivery delivery, CancellationToken cancel) => EndAsync(happened.AppointmentId, cancel);

    public Task HandleAsync(AppointmentMissed happened, Delivery delivery, CancellationToken cancel) => EndAsync(happened.AppointmentId, cancel);

    public Task HandleAsync(AppointmentCancelled happened, Delivery delivery, CancellationToken cancel) => EndAsync(happened.AppointmentId, cancel);

    private async Task EndAsync(string appointmentId, CancellationToken cancel)
    {
        var id = await database.ReadAsync(c => c.ExecuteScalarAsync<string>(
            "SELECT id FROM tickets WHERE appointment_id = @appointmentId ORDER BY id DESC LIMIT 1", new { appointmentId }), cancel);
        if (id is not null) await moves.MoveAsync(id, (ticket, now) => ticket.State == TicketState.InService ? ticket.Complete(now) : ticket.Leave(now), MatterStatus.Withdrawn, "来访已结束", cancel);
    }
}
