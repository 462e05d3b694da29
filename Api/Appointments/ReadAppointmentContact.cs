using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// Who is coming, and where to go for a visit at home, in clear, for whoever serves or directs the unit. The reader gives a purpose; the reading is audited, noted
/// in the matter's internal timeline, and told to the citizen in their data export. Sent twice it is two readings: the answer is not stored for replay.
/// </summary>
public static class ReadAppointmentContact
{
    /// <param name="Purpose">Why, 2 to 100 characters; kept in the matter's internal timeline.</param>
    public sealed record Request([property: Required, MaxLength(100)] string? Purpose);

    /// <param name="SubjectName">The person concerned; null when it is the citizen.</param>
    /// <param name="Address">Where to come to, for a visit at home.</param>
    /// <param name="ContactPreference">How the citizen wants to be reached. <c>hidden</c>: do not call on your own accord.</param>
    public sealed record Response(
        string? Name, string? Phone, string? SubjectName, string? SubjectNationalId, Relation? SubjectRelation, string? SubjectRelationText, bool GuardianConsent, string? Address,
        ContactPreference ContactPreference, string ContactPreferenceText);

    public static async Task<IResult> Handle(
        string id, Request request, CurrentUser user, HttpContext http, Database database, AppointmentRepository appointments, CitizenRepository citizens)
    {
        var purpose = Text.Clean(request.Purpose, "purpose", 100, min: 2);
        if (purpose.IsRefused) return purpose.Refusal!.ToResult();
        var outcome = await database.WriteAsync<Response>(async tx =>
        {
            var found = OfficeMove.Allowed(await appointments.FindForStaffAsync(tx, id, user.Id), OfficeRight.Decide);
            if (found.IsRefused) return found.Refusal!;
            var appointment = found.Value.Appointment;
            if (await citizens.FindAsync(tx, appointment.Matter.CitizenId) is not { RestrictedAt: null } citizen) return CommonRefusals.NotFound;
            appointment.Matter.Remark(tx.Now, "contact_read", $"查看预约人信息：{purpose.Value}");
            await appointments.SaveAsync(tx, appointment, user.Actor);
            string?[] fields = ["name", "phone", appointment.Subject is null ? null : "subject_name,subject_national_id", appointment.Address is null ? null : "address"];
            await tx.AuditReadAsync(user.Actor, citizen.Id, [.. fields.OfType<string>()]);
            await tx.AuditAsync(user.Actor, "appointments.read-contact", "appointment", id);
            var subject = appointment.Subject;
            return new Response(
                citizen.Name?.Reveal(), citizen.Phone?.Reveal(), subject?.Name.Reveal(), subject?.NationalId?.Reveal(), subject?.Relation, subject?.Relation.Label(), subject?.GuardianConsent ?? false,
                appointment.Address, appointment.Matter.ContactPreference, appointment.Matter.ContactPreference.Label());
        }, http.RequestAborted);
        return outcome.ToReply();
    }
}
