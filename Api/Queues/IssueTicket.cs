using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Queues;

/// <summary>
/// The clerk gives out a number: to somebody who is not known, to somebody by their phone (then the visit is a matter of theirs), or to somebody who has come
/// for an appointment, who is checked in with it.
/// </summary>
public static class IssueTicket
{
    /// <param name="Priority">As the clerk sees it; ordinary when absent.</param>
    /// <param name="CheckInCode">Of the appointment; without the fields below.</param>
    /// <param name="Phone">The person's mobile number, when they want the visit under their name.</param>
    /// <param name="Name">The person's name; required for a number that is not known yet.</param>
    /// <param name="PaperConsent">The privacy notice has been agreed to on paper; required with a phone, unless the person has agreed in the mini-program.</param>
    /// <param name="CategoryCode">What it is about; required with a phone.</param>
    public sealed record Request(
        PriorityClass? Priority, [property: MaxLength(40)] string? CheckInCode, [property: MaxLength(40)] string? Phone, [property: MaxLength(50)] string? Name, bool PaperConsent,
        [property: MaxLength(96)] string? CategoryCode, [property: MaxLength(Ticket.MaxReason)] string? Reason);

    public static async Task<IResult> Handle(
        string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, WindowTickets windows, WindowMove moves, AppointmentRepository appointments, WindowRecords records)
    {
        var likely = await records.LikelyAsync(null, null, request.Phone, http.RequestAborted);
        return await idempotency.RunAsync<WindowTicketView>(http, StatusCodes.Status201Created, async tx =>
        {
            if (!Id.IsWellFormed(id) || !await QueueRepository.EnterAsync(tx, id)) return CommonRefusals.NotFound;
            if (likely is not null) await CitizenRepository.EngageAsync(tx, likely);
            if (await WindowMove.InScopeAsync(tx, id, user) is not { Queue: var queue }) return CommonRefusals.NotFound;
            var visitor = request.CheckInCode is not null ? await ArrivedAsync(tx, request, queue, user, appointments)
                : string.IsNullOrWhiteSpace(request.Phone) ? Nobody(request)
                : await KnownAsync(tx, request, user, records);
            if (visitor.IsRefused) return visitor.Refusal!;
            var issued = await windows.IssueAsync(tx, id, visitor.Value, Channel.Window, user.Actor);
            if (issued.IsRefused) return issued.Refusal!;
            if (request.PaperConsent && visitor.Value is { CitizenId: { } person, Appointment: null }) await WindowRecords.RecordPaperConsentAsync(tx, issued.Value.Id, person, user.Actor);
            return await moves.ReplyAsync(tx, issued.Value.Id, user, "tickets.issue");
        });
    }

    private static Outcome<WindowVisitor> Nobody(Request request)
    {
        var reason = Text.CleanOptional(request.Reason, "reason", Ticket.MaxReason);
        return reason.IsRefused ? reason.Refusal! : WindowVisitor.Nobody(request.Priority ?? PriorityClass.Ordinary, reason.Value);
    }

    private static async Task<Outcome<WindowVisitor>> ArrivedAsync(UnitOfWork tx, Request request, QueueSettings queue, CurrentUser user, AppointmentRepository appointments)
    {
        if (await appointments.FindByCodeAsync(tx, CheckInCodes.Clean(request.CheckInCode!), user.Id) is not { } found) return CommonRefusals.NotFound.At("checkInCode", "没有这个签到码");
        if (OfficeMove.Allowed(found, OfficeRight.Call) is { IsRefused: true } not) return not.Refusal!;
        var appointment = found.Appointment;
        if (appointment.Mode != MeetingMode.InPerson || appointment.Time.OrganisationId != queue.OrganisationId) return QueueRefusals.NotForThisHall.At("checkInCode", "该预约不在此处办理");
        if (await TicketRepository.FindByAppointmentAsync(tx, appointment.Id) is { } given && !given.State.IsOver()) return QueueRefusals.AlreadyQueued.At("checkInCode", $"已取号{given.Place.Number}");
        var arrived = appointment.CheckIn(tx.Now);
        if (arrived.IsRefused) return arrived.Refusal!;
        await appointments.SaveAsync(tx, appointment, user.Actor);
        return new WindowVisitor(appointment.Matter.CitizenId, new VisitorAppointment(appointment.Id, appointment.Matter.Id, appointment.Time.StartsAt),
            request.Priority ?? PriorityClass.Ordinary, null, null, ContactPreference.Visible);
    }

    private static async Task<Outcome<WindowVisitor>> KnownAsync(UnitOfWork tx, Request request, CurrentUser user, WindowRecords records)
    {
        var reason = Text.CleanOptional(request.Reason, "reason", Ticket.MaxReason);
        if (reason.IsRefused) return reason.Refusal!;
        if (!PhoneNumber.TryParse(request.Phone, out var phone) || !phone.IsMobile) return CommonRefusals.Invalid.At("phone", "请填写当事人的手机号");
        PersonName? name = null;
        if (!string.IsNullOrWhiteSpace(request.Name) && !PersonName.TryParse(request.Name, out name)) return CommonRefusals.Invalid.At("name", "姓名格式不正确");
        if (name is null && !await records.IsHeldAsync(tx, phone)) return CommonRefusals.Invalid.At("name", "请填写当事人的姓名");
        if (request.CategoryCode is null) return QueueRefusals.VisitNeedsCategory.At("categoryCode", "请选择类别");
        if (await MatterCodes.CategoryAsync(tx, request.CategoryCode) is not { } category) return MatterRefusals.UnknownCategory.At("categoryCode", "请选择事项类别");
        if (await records.FindOrAddAsync(tx, phone, name, user.Actor) is not { } person) return AppointmentRefusals.PersonMismatch.At("name", "与登记的姓名不一致");
        // Deleted a moment ago, or handed over to the account that has bound the number: run again and find who it is now.
        if (await CitizenRepository.EngageWhollyAsync(tx, person.Id) is not { } citizen) throw new ConcurrencyConflictException();
        if (!request.PaperConsent && !citizen.HasConsented) return AppointmentRefusals.PaperConsentRequired.At("paperConsent", "请确认当事人已签署");
        return new WindowVisitor(person.Id, null, request.Priority ?? PriorityClass.Ordinary, category, reason.Value, citizen.Preference);
    }
}
