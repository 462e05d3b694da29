using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// A citizen waits for time that becomes free: earlier than an appointment they have, which stays theirs, or any. Who has none gets a matter and
/// its number now, on which the time will be booked.
/// </summary>
public static class JoinWaitlist
{
    /// <param name="ServiceCode">From <c>GET /v1/appointment-services</c>; that of the appointment, with one.</param>
    /// <param name="ResourceId">With whom or at which desk; or else <paramref name="OrganisationId"/>: with anybody there.</param>
    /// <param name="FromDate">The first day that suits, in China; today when absent.</param>
    /// <param name="UntilDate">The last day that suits, at most 62 days ahead.</param>
    /// <param name="AppointmentId">The appointment that should be earlier.</param>
    /// <param name="CategoryCode">What kind of problem; required without an appointment.</param>
    /// <param name="RegionCode">Where the problem is; the unit's own region when absent.</param>
    /// <param name="Reason">What it is about, up to 500 characters.</param>
    public sealed record Request(
        [property: Required, MaxLength(96)] string? ServiceCode, [property: Required] MeetingMode? Mode, [property: MaxLength(Id.Length)] string? ResourceId,
        [property: MaxLength(Id.Length)] string? OrganisationId, DateOnly? FromDate, [property: Required] DateOnly? UntilDate, [property: MaxLength(Id.Length)] string? AppointmentId,
        [property: MaxLength(96)] string? CategoryCode, [property: MaxLength(96)] string? RegionCode, [property: MaxLength(Appointment.MaxReason)] string? Reason);

    public static Task<IResult> Handle(
        Request request, CurrentUser user, HttpContext http, Idempotency idempotency, WaitlistRepository waitlist, AppointmentRepository appointments, MatterRepository matters,
        IOptions<AppointmentsOptions> options) =>
        idempotency.RunAsync<WaitlistView>(http, StatusCodes.Status201Created, async tx =>
        {
            if (await CitizenRepository.EngageWhollyAsync(tx, user.Id) is not { } citizen) return IdentityRefusals.SessionRevoked;
            if (!citizen.HasConsented) return IdentityRefusals.ConsentRequired;
            if (!citizen.HasPhone) return AppointmentRefusals.PhoneRequired;
            var reason = Text.CleanOptional(request.Reason, "reason", Appointment.MaxReason);
            if (reason.IsRefused) return reason.Refusal!;
            var today = tx.Now.DateInChina();
            var from = request.FromDate ?? today;
            if (request.UntilDate < from) return CommonRefusals.Invalid.At("untilDate", "截止日期不能早于开始日期");
            if (request.UntilDate < today) return AppointmentRefusals.SlotPast.At("untilDate", "该日期已过");
            if (request.UntilDate > today.AddDays(BookingTerms.StaffHorizonDays)) return AppointmentRefusals.SlotBeyondHorizon.At("untilDate", $"最多候补{BookingTerms.StaffHorizonDays}天内的时间");
            if (await ServiceRepository.FindAsync(tx, request.ServiceCode) is not { Active: true } service) return AppointmentRefusals.UnknownService.At("serviceCode", "没有这个预约事项");
            if (!service.Modes.Includes(request.Mode!.Value)) return AppointmentRefusals.SlotNotOffered.At("mode", "该事项不提供此种方式");
            var unit = await UnitOfAsync(tx, request);
            if (unit.IsRefused) return unit.Refusal!;
            if (await WaitlistRepository.CountOpenAsync(tx, user.Id) >= options.Value.MaxWaiting) return AppointmentRefusals.TooManyWaiting;

            Matter matter;
            if (request.AppointmentId is not null)
            {
                if (await appointments.FindOwnAsync(tx, request.AppointmentId, user.Id) is not { } appointment) return CommonRefusals.NotFound.At("appointmentId", "没有这个预约");
                if (appointment.State != AppointmentState.Booked) return appointment.State.IsOver() ? AppointmentRefusals.Over : AppointmentRefusals.WrongState;
                if (appointment.ServiceCode != service.Code) return CommonRefusals.Invalid.At("serviceCode", "须与原预约的事项一致");
                if (appointment.Mode != request.Mode) return CommonRefusals.Invalid.At("mode", "须与原预约的方式一致");
                matter = appointment.Matter;
            }
            else
            {
                var opened = await OpenMatterAsync(tx, request, service, user.Id, unit.Value, reason.Value, citizen.Preference);
                if (opened.IsRefused) return opened.Refusal!;
                matter = opened.Value;
            }
            var entry = new WaitlistEntry
            {
                Id = tx.NewId(), CitizenId = user.Id, MatterId = matter.Id, AppointmentId = request.AppointmentId, ServiceCode = service.Code, Mode = request.Mode.Value,
                ResourceId = request.ResourceId, OrganisationId = request.ResourceId is null ? request.OrganisationId : null, FromDate = from, UntilDate = request.UntilDate!.Value,
                Reason = reason.Value, JoinedAt = tx.Now,
            };
            if (!await waitlist.TryInsertAsync(tx, entry)) return AppointmentRefusals.AlreadyWaiting;
            if (entry.OwnsMatter) await matters.InsertAsync(tx, matter, user.Actor);
            await tx.AuditAsync(user.Actor, "waitlist.join", "waitlist", entry.Id);
            return WaitlistView.Of(await WaitlistQueries.FindAsync(tx, entry.Id));
        });

    /// <summary>The unit where the waiting is: the one named, or that of the person or desk named.</summary>
    private static async Task<Outcome<string>> UnitOfAsync(UnitOfWork tx, Request request)
    {
        if (request.ResourceId is null && request.OrganisationId is null) return CommonRefusals.Invalid.At("resourceId", "请选择服务人员、窗口或单位");
        if (request.ResourceId is not null)
            return Id.IsWellFormed(request.ResourceId)
                && await tx.ScalarAsync<string>("SELECT organisation_id FROM booking_resources WHERE id = @ResourceId AND active = 1", new { request.ResourceId }) is { } home
                    ? home : AppointmentRefusals.UnknownResource.At("resourceId", "没有这个服务人员或窗口");
        return Id.IsWellFormed(request.OrganisationId) && await RegistryQueries.UnitAsync(tx, request.OrganisationId!) is { } unit
            ? unit.Id : AppointmentRefusals.UnknownResource.At("organisationId", "没有这个单位");
    }

    private static async Task<Outcome<Matter>> OpenMatterAsync(
        UnitOfWork tx, Request request, ServiceKind service, string citizenId, string unit, string? reason, ContactPreference preference)
    {
        if (await MatterCodes.CategoryAsync(tx, request.CategoryCode) is not { } category) return MatterRefusals.UnknownCategory.At("categoryCode", "请选择事项类别");
        CodeRow? region = null;
        if (request.RegionCode is not null && (region = await MatterCodes.RegionAsync(tx, request.RegionCode)) is null) return MatterRefusals.UnknownRegion;
        var matter = new Matter
        {
            Id = tx.NewId(), Number = MatterNumber.New(tx.Now), Kind = MatterKind.Appointment, CategoryCode = category.Code, Channel = Channel.MiniProgram, CitizenId = citizenId,
            RegionCode = region?.Code ?? (await tx.ScalarAsync<string>("SELECT region_code FROM organisations WHERE id = @unit", new { unit }))!,
            Title = Matter.TitleOf(reason is { Length: > 0 } ? $"{service.Name}：{reason}" : service.Name), OpenedAt = tx.Now, OrganisationId = unit,
        };
        matter.Open(preference, tx.Now);
        // The office owes nothing yet: it waits with the citizen for time to become free.
        matter.TakeOn(null, waits: false, tx.Now);
        matter.Tell(tx.Now, "waitlist_joined", "已加入候补，有空位时会通知您");
        return matter;
    }
}
