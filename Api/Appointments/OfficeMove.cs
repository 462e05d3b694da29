using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>Who may do something to an appointment for the office. Outside one's scope it is not there; inside, who neither serves nor directs is refused.</summary>
internal enum OfficeRight
{
    /// <summary>Whoever serves, or directs the unit.</summary>
    Decide,
    /// <summary>The same, and at a desk that nobody serves yet whoever works at the unit.</summary>
    Call,
}

/// <summary>What every verb of the office on an appointment shares: load in scope, the right, save, audit, answer with the whole.</summary>
internal static class OfficeMove
{
    /// <param name="action">For the audit trail.</param>
    /// <param name="change">Asks the aggregate and moves the raster where that is needed: the resource's row is written before the matter's.</param>
    public static Task<IResult> RunAsync(
        string id, CurrentUser user, HttpContext http, Idempotency idempotency, AppointmentRepository appointments, string action, OfficeRight right,
        Func<UnitOfWork, StaffAppointment, Task<Outcome<Done>>> change) =>
        idempotency.RunAsync<StaffAppointmentView>(http, StatusCodes.Status200OK, tx =>
            RunAsync(tx, user, appointments, () => appointments.FindForStaffAsync(tx, id, user.Id), action, right, change));

    public static async Task<Outcome<StaffAppointmentView>> RunAsync(
        UnitOfWork tx, CurrentUser user, AppointmentRepository appointments, Func<Task<StaffAppointment?>> find, string action, OfficeRight right,
        Func<UnitOfWork, StaffAppointment, Task<Outcome<Done>>> change)
    {
        var found = Allowed(await find(), right);
        if (found.IsRefused) return found.Refusal!;
        var changed = await change(tx, found.Value);
        if (changed.IsRefused) return changed.Refusal!;
        await appointments.SaveAsync(tx, found.Value.Appointment, user.Actor);
        return await ReplyAsync(tx, found.Value.Appointment.Id, user, action);
    }

    public static Outcome<StaffAppointment> Allowed(StaffAppointment? found, OfficeRight right)
    {
        if (found is null) return CommonRefusals.NotFound;
        return (right == OfficeRight.Call ? found.MayCall : found.MayDecide) ? found : CommonRefusals.Forbidden;
    }

    public static async Task<StaffAppointmentView> ReplyAsync(UnitOfWork tx, string id, CurrentUser user, string action)
    {
        await tx.AuditAsync(user.Actor, action, "appointment", id);
        return StaffAppointmentView.Of(await AppointmentQueries.FindAsync(tx, id), user.Id, await RegistryQueries.ScopeAsync(tx, user.Id), tx.Now);
    }
}
