using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Appointments;

/// <summary>Makes an order of what was typed, the same for citizens and for those who book for them.</summary>
public sealed class BookingForm(IOptions<AppointmentsOptions> options)
{
    public sealed record Fields(
        string CitizenId, BookingSide Side, Channel Channel, string? ServiceCode, MeetingMode Mode, DateTimeOffset StartsAt, BookAppointment.SubjectRequest? Subject, string? Address,
        string? Reason, string? OpposingParty, string? CategoryCode, string? RegionCode, Matter? Matter, ContactPreference? Preference);

    /// <summary>An order by a citizen, first thing in its transaction: with it their row is written, and their right to book looked at.</summary>
    public Task<Outcome<BookingOrder>> EngageAsync(UnitOfWork tx, Fields f, BookingTargets targets) => ReadAsync(tx, f, targets, engage: true);

    /// <summary>An order of somebody whose row this transaction has written.</summary>
    public Task<Outcome<BookingOrder>> ReadAsync(UnitOfWork tx, Fields f, BookingTargets targets) => ReadAsync(tx, f, targets, engage: false);

    private async Task<Outcome<BookingOrder>> ReadAsync(UnitOfWork tx, Fields f, BookingTargets targets, bool engage)
    {
        var reason = Text.CleanOptional(f.Reason, "reason", Appointment.MaxReason);
        if (reason.IsRefused) return reason.Refusal!;
        var address = Text.CleanOptional(f.Address, "address", Appointment.MaxAddress);
        if (address.IsRefused) return address.Refusal!;
        var opposing = Text.CleanOptional(f.OpposingParty, "opposingParty", 100);
        if (opposing.IsRefused) return opposing.Refusal!;
        if (f.Mode == MeetingMode.HomeVisit)
        {
            if (address.Value is null) return AppointmentRefusals.AddressRequired.At("address", "请填写上门地址");
            if (reason.Value is null) return AppointmentRefusals.AddressRequired.At("reason", "请填写上门原因");
        }
        var subject = SubjectOf(f.Subject, tx.Now);
        if (subject.IsRefused) return subject.Refusal!;
        // Before the first reading: what is read afterwards is no older than another booking of theirs.
        if (engage && targets.Any && !await CitizenRepository.EngageAsync(tx, f.CitizenId)) return IdentityRefusals.SessionRevoked;
        var ids = targets.Any ? await AppointmentQueries.CandidatesAsync(tx, targets.OrganisationId!, f.StartsAt.DateInChina()) : targets.ResourceIds;
        if (ids.Count == 0) return AppointmentRefusals.UnknownResource;
        var facts = await BookingFacts.ReadAsync(tx, engage && !targets.Any, f.CitizenId, f.ServiceCode, f.StartsAt, f.CategoryCode, f.RegionCode, ids, tx.Now - options.Value.NoShowMemory);
        if (facts.Citizen is not { } citizen) return IdentityRefusals.SessionRevoked;
        if (engage && !citizen.HasConsented) return IdentityRefusals.ConsentRequired;
        if (engage && !citizen.HasPhone) return AppointmentRefusals.PhoneRequired;
        if (facts.Service is not { Active: true } service) return AppointmentRefusals.UnknownService.At("serviceCode", "没有这个预约事项");
        if (facts.Category is not { } category) return MatterRefusals.UnknownCategory;
        if (f.RegionCode is not null && facts.Region is null) return MatterRefusals.UnknownRegion;
        return new BookingOrder(
            f.CitizenId, service, f.Mode, f.Side, f.StartsAt, [.. ids.Select(facts.Resources.GetValueOrDefault).OfType<ResourceRow>()], subject.Value,
            f.Mode == MeetingMode.HomeVisit ? address.Value : null, reason.Value, opposing.Value, f.Matter, category, facts.Region, f.Preference ?? citizen.Preference, f.Channel)
        {
            OrganisationId = targets.Any ? targets.OrganisationId : null, Booker = facts.Booker, Look = facts.Look,
        };
    }

    private static Outcome<Subject?> SubjectOf(BookAppointment.SubjectRequest? request, DateTimeOffset now)
    {
        if (request is null) return (Subject?)null;
        if (!PersonName.TryParse(request.Name, out var name)) return CommonRefusals.Invalid.At("subject.name", "姓名格式不正确");
        NationalId? nationalId = null;
        if (!string.IsNullOrWhiteSpace(request.NationalId) && !NationalId.TryParse(request.NationalId, now.DateInChina(), out nationalId))
            return CommonRefusals.Invalid.At("subject.nationalId", "身份证号不正确");
        return new Subject(name, nationalId, request.Relation!.Value, request.GuardianConsent);
    }
}
