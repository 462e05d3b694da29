using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>One reminder that waits.</summary>
public sealed record DueReminder
{
    public required string AppointmentId { get; init; }
    public ReminderKind Kind { get; init; }
    public DateTimeOffset DueAt { get; init; }
}

/// <summary>What is to be said when. The row is the right to say it: who deletes it says it, so of two nodes one does.</summary>
public sealed class ReminderRepository(Database database, OutboxWriter outbox)
{
    public Task<List<DueReminder>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancel) => database.ReadAsync(async c => (await c.QueryAsync<DueReminder>(
        "SELECT appointment_id, kind, due_at FROM appointment_reminders WHERE due_at <= @now ORDER BY due_at, appointment_id LIMIT @limit", new { now, limit })).AsList(), cancel);

    /// <summary>Takes a reminder off the list and has it said, unless it is no longer of use.</summary>
    /// <returns>Whether it will be said.</returns>
    public async Task<bool> TakeAsync(UnitOfWork tx, DueReminder due)
    {
        // First of all: what is read afterwards is what stood when the row was won.
        if (await tx.ExecuteAsync("DELETE FROM appointment_reminders WHERE appointment_id = @AppointmentId AND kind = @kind AND due_at = @DueAt",
            new { due.AppointmentId, kind = due.Kind.ToString(), due.DueAt }) != 1) return false;
        var appointment = await tx.FirstOrDefaultAsync<Standing>("SELECT matter_id, state, starts_at FROM appointments WHERE id = @AppointmentId", new { due.AppointmentId });
        if (appointment is not { State: AppointmentState.Booked } || !Reminders.IsOfUse(due.Kind, appointment.StartsAt, tx.Now)) return false;
        await outbox.WriteAsync(tx, [new AppointmentReminderDue(due.AppointmentId, appointment.MatterId, due.Kind, appointment.StartsAt)]);
        return true;
    }

    private sealed record Standing
    {
        public required string MatterId { get; init; }
        public AppointmentState State { get; init; }
        public DateTimeOffset StartsAt { get; init; }
    }
}
