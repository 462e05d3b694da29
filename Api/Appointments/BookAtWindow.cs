using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// The office books for somebody who stands at the window: found by an open matter, by their id or by their phone. Whoever has never used the mini-program is
/// entered by name and phone, and finds the appointment there after binding that phone. The caller serves or directs the unit that is booked.
/// </summary>
public static class BookAtWindow
{
    /// <param name="ServiceCode">From <c>GET /v1/appointment-services</c>.</param>
    /// <param name="ResourceId">Whom or which desk; absent with <paramref name="OrganisationId"/>: anybody there.</param>
    /// <param name="MatterId">An open matter of the person, to book on.</param>
    /// <param name="CitizenId">The person, where the caller's units have had to do with them; without <paramref name="MatterId"/>.</param>
    /// <param name="Phone">The person's mobile number; without the two before.</param>
    /// <param name="Name">The person's name; required for a number that is not known yet.</param>
    /// <param name="PaperConsent">The privacy notice has been agreed to on paper; required unless the person has agreed in the mini-program.</param>
    /// <param name="Address">Where to come to; with mode <c>homeVisit</c> only, and then required, as is a reason.</param>
    /// <param name="OpposingParty">Name of the other side, so that nobody is booked who must not act; not kept.</param>
    public sealed record Request(
        [property: Required, MaxLength(96)] string? ServiceCode, [property: Required] MeetingMode? Mode, [property: MaxLength(Id.Length)] string? ResourceId,
        [property: MaxLength(Id.Length)] string? OrganisationId, [property: Required] DateTimeOffset? StartsAt, [property: MaxLength(64)] string? HoldId,
        [property: MaxLength(Id.Length)] string? MatterId, [property: MaxLength(Id.Length)] string? CitizenId, [property: MaxLength(40)] string? Phone, [property: MaxLength(50)] string? Name,
        bool PaperConsent, [property: Required, MaxLength(96)] string? CategoryCode, [property: MaxLength(96)] string? RegionCode, BookAppointment.SubjectRequest? Subject,
        [property: MaxLength(Appointment.MaxAddress)] string? Address, [property: MaxLength(Appointment.MaxReason)] string? Reason, [property: MaxLength(PartyName.MaxLength)] string? OpposingParty,
        ContactPreference? ContactPreference);

    public static async Task<IResult> Handle(
        Request request, CurrentUser user, HttpContext http, Idempotency idempotency, BookingForm form, Booking booking, SlotReading slots, AppointmentRepository appointments, MatterRepository matters,
        WindowRecords records)
    {
        var targets = await slots.TargetsAsync(request.ResourceId, request.OrganisationId, request.StartsAt!.Value, http.RequestAborted);
        if (targets.IsRefused) return targets.Refusal!.ToResult();
        // Who it probably is, so that the transaction can begin with their row: what it reads afterwards is then no older than another booking of theirs.
        var likely = await records.LikelyAsync(request.MatterId, request.CitizenId, request.Phone, http.RequestAborted);
        return await idempotency.RunAsync<StaffAppointmentView>(http, StatusCodes.Status201Created, async tx =>
        {
            if (likely is not null) await CitizenRepository.EngageAsync(tx, likely);
            var person = await PersonAsync(tx, request, user, matters, records);
            if (person.IsRefused) return person.Refusal!;
            var (citizenId, matter) = person.Value;
            // Deleted a moment ago, or handed over to the account that has bound the number: run again and find who it is now.
            if (await CitizenRepository.EngageWhollyAsync(tx, citizenId) is not { } citizen) throw new ConcurrencyConflictException();
            if (!request.PaperConsent && !citizen.HasConsented) return AppointmentRefusals.PaperConsentRequired.At("paperConsent", "请确认当事人已签署");
            var order = await form.ReadAsync(tx, new BookingForm.Fields(
                citizenId, BookingSide.Staff, Channel.Window, request.ServiceCode, request.Mode!.Value, request.StartsAt.Value, request.Subject, request.Address, request.Reason,
                request.OpposingParty, request.CategoryCode, request.RegionCode, matter, request.ContactPreference ?? citizen.Preference), targets.Value);
            if (order.IsRefused) return order.Refusal!;
            var booked = await booking.BookAsync(tx, order.Value, targets.Value.Holds, request.HoldId, user.Actor);
            if (booked.IsRefused) return booked.Refusal!;
            var mine = OfficeMove.Allowed(await appointments.FindForStaffAsync(tx, booked.Value.Appointment.Id, user.Id), OfficeRight.Call);
            if (mine.IsRefused) return mine.Refusal!;
            if (request.PaperConsent) await WindowRecords.RecordPaperConsentAsync(tx, booked.Value.Appointment.Id, citizenId, user.Actor);
            slots.ReleaseAfter(tx, request.HoldId);
            return await OfficeMove.ReplyAsync(tx, booked.Value.Appointment.Id, user, "appointments.book-at-window");
        });
    }

    private static async Task<Outcome<(string CitizenId, Matter? Matter)>> PersonAsync(UnitOfWork tx, Request request, CurrentUser user, MatterRepository matters, WindowRecords records)
    {
        var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
        if (request.MatterId is not null)
        {
            var matter = Id.IsWellFormed(request.MatterId) ? await matters.FindAsync(tx, request.MatterId) : null;
            if (matter is null || matter.Status.IsOver() || (matter.HandlerId != user.Id && !scope.Covers(await RegistryQueries.PathAsync(tx, matter.OrganisationId))))
                return CommonRefusals.NotFound.At("matterId", "没有这个未办结的事项");
            return (matter.CitizenId, matter);
        }
        if (request.CitizenId is not null)
        {
            var known = Id.IsWellFormed(request.CitizenId) && await AgendaQueries.IsKnownToAsync(tx, request.CitizenId, user.Id, scope.Paths)
                && await tx.ScalarAsync<long>("SELECT COUNT(*) FROM citizens WHERE id = @CitizenId AND restricted_at IS NULL", new { request.CitizenId }) == 1;
            return known ? (request.CitizenId, null) : CommonRefusals.NotFound.At("citizenId", "没有这位群众");
        }
        if (!PhoneNumber.TryParse(request.Phone, out var phone) || !phone.IsMobile) return CommonRefusals.Invalid.At("phone", "请填写当事人的手机号");
        PersonName? name = null;
        if (!string.IsNullOrWhiteSpace(request.Name) && !PersonName.TryParse(request.Name, out name)) return CommonRefusals.Invalid.At("name", "姓名格式不正确");
        if (name is null && !await records.IsHeldAsync(tx, phone)) return CommonRefusals.Invalid.At("name", "请填写当事人的姓名");
        return await records.FindOrAddAsync(tx, phone, name, user.Actor) is { } citizen ? (citizen.Id, null) : AppointmentRefusals.PersonMismatch.At("name", "与登记的姓名不一致");
    }
}
