using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>Whose call it is, for each kind of caller. Outside one's scope a call is not there.</summary>
public sealed class CallScope(VideoCallRepository calls, AppointmentRepository appointments)
{
    public async Task<Outcome<Entrant>> CitizenAsync(UnitOfWork tx, string id, Actor actor) =>
        await calls.FindOwnAsync(tx, id, actor.Id) is { } call ? new Entrant(call, call.Participants.First(p => p.Side == CallSide.Citizen), actor) : CommonRefusals.NotFound;

    /// <summary>Whoever takes the call or was invited to it; at a desk that nobody has taken yet, whoever works at the unit, who takes it with that.</summary>
    public async Task<Outcome<Entrant>> StaffAsync(UnitOfWork tx, string id, Actor actor, bool takes = false)
    {
        if (await calls.FindForStaffAsync(tx, id, actor.Id) is not { } call) return CommonRefusals.NotFound;
        if (call.Participants.FirstOrDefault(p => p.PersonId == actor.Id) is { } me) return new Entrant(call, me, actor);
        if (!takes) return CommonRefusals.Forbidden;
        if (call.StaffId is not null) return call.AppointmentId is not null && await IsDeskAsync(tx, call.AppointmentId) ? CallRefusals.TakenByOther : CommonRefusals.Forbidden;
        if (call.AppointmentId is null || await appointments.FindAsync(tx, call.AppointmentId) is not { } appointment) return CommonRefusals.Forbidden;
        if (call.WhyNotEnter(tx.Now) is { } closed) return closed;
        // The appointment decides who serves, whether somebody calls it up or comes into its call; the call follows.
        var taken = appointment.TakeCharge(actor.Id);
        if (taken.IsRefused) return taken.Refusal!;
        await appointments.SaveAsync(tx, appointment, actor);
        call = await calls.FindAsync(tx, id) ?? throw new InvalidOperationException($"Call {id} vanished.");
        return new Entrant(call, call.Participants.First(p => p.PersonId == actor.Id), actor);
    }

    /// <summary>Whoever holds a link. The ticket is used with it.</summary>
    public async Task<Outcome<Entrant>> TicketAsync(UnitOfWork tx, string? ticket)
    {
        if (await CallTickets.ReadAsync(tx, ticket) is not { } read || await calls.FindAsync(tx, read.CallId) is not { } call) return CallRefusals.TicketInvalid;
        if (call.Participants.FirstOrDefault(p => p.Id == read.ParticipantId) is not { } who) return CallRefusals.TicketInvalid;
        await CallTickets.UseAsync(tx, read);
        return new Entrant(call, who, who.Side switch
        {
            CallSide.Citizen => Actor.Citizen(who.PersonId!),
            _ when who.PersonId is not null => Actor.Staff(who.PersonId),
            _ => Actor.System,
        });
    }

    /// <summary>What the office may change in a call: whoever takes it, or directs its unit.</summary>
    public async Task<Outcome<Entrant>> DecidingAsync(UnitOfWork tx, string id, Actor actor)
    {
        if (await calls.FindForStaffAsync(tx, id, actor.Id) is not { } call) return CommonRefusals.NotFound;
        var me = call.Participants.FirstOrDefault(p => p.PersonId == actor.Id);
        if (call.StaffId == actor.Id) return new Entrant(call, me!, actor);
        var scope = await RegistryQueries.ScopeAsync(tx, actor.Id);
        if (!scope.Directs(await RegistryQueries.PathAsync(tx, call.OrganisationId))) return CommonRefusals.Forbidden;
        return new Entrant(call, me ?? call.Participants.FirstOrDefault(p => p.Side == CallSide.Staff) ?? call.Participants[0], actor);
    }

    private static async Task<bool> IsDeskAsync(UnitOfWork tx, string appointmentId) => await tx.ScalarAsync<long>(
        "SELECT COUNT(*) FROM appointments a JOIN booking_resources b ON b.id = a.resource_id WHERE a.id = @appointmentId AND b.kind = 'Desk'", new { appointmentId }) > 0;
}
