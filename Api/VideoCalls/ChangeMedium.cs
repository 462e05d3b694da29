using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>Down the ladder, or up again: picture, voice, telephone; all in one record. For the telephone a number must be bound, and the office rings it.</summary>
public static class ChangeMedium
{
    public sealed record Request([property: Required] CallMedium? Medium);

    /// <param name="ContactPreference">How the person wants to be reached. <c>hidden</c>: they are in a call with you; speak to nobody else who answers.</param>
    public sealed record PhoneResponse(string? Name, string Phone, ContactPreference ContactPreference, string ContactPreferenceText);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, CallMove move) =>
        move.ByCitizenAsync(id, user, http, "video-calls.medium", (tx, e) => ChangeAsync(tx, e.Call, request.Medium!.Value, CallSide.Citizen));

    public static Task<IResult> ByOfficeAsync(string id, Request request, CurrentUser user, HttpContext http, CallMove move) =>
        move.ByOfficeAsync(id, user, http, "video-calls.medium", (tx, e) => ChangeAsync(tx, e.Call, request.Medium!.Value, CallSide.Staff));

    /// <summary>The office has the citizen on the telephone: the call is connected, though no provider can tell.</summary>
    public static Task<IResult> ReachedAsync(string id, CurrentUser user, HttpContext http, CallMove move) =>
        move.ByOfficeAsync(id, user, http, "video-calls.reached", (tx, e) => Task.FromResult(e.Call.ReachedByPhone(tx.Now)));

    /// <summary>The number to ring, in clear, for whoever takes the call while it is by telephone. Audited, and told to the citizen in their data export; not stored for replay.</summary>
    public static async Task<IResult> ReadPhoneAsync(string id, CurrentUser user, HttpContext http, Database database, VideoCallRepository calls, CallScope scope, CitizenRepository citizens) =>
        (await database.WriteAsync<PhoneResponse>(async tx =>
        {
            var found = await scope.DecidingAsync(tx, id, user.Actor);
            if (found.IsRefused) return found.Refusal!;
            var call = found.Value.Call;
            if (call.State.IsOver()) return CallRefusals.Over;
            if (call.Medium != CallMedium.Phone) return CallRefusals.WrongState;
            if (await citizens.FindAsync(tx, call.Matter.CitizenId) is not { RestrictedAt: null, Phone: { } phone } citizen) return AppointmentRefusals.PhoneRequired;
            call.Matter.Remark(tx.Now, "contact_read", "查看联系方式：拨打电话继续通话");
            var saved = await calls.SaveAsync(tx, call, user.Actor);
            if (saved.IsRefused) return saved.Refusal!;
            await tx.AuditReadAsync(user.Actor, citizen.Id, "name", "phone");
            await tx.AuditAsync(user.Actor, "video-calls.read-phone", "video_call", id);
            return new PhoneResponse(citizen.Name?.Reveal(), phone.Reveal(), call.Matter.ContactPreference, call.Matter.ContactPreference.Label());
        }, http.RequestAborted)).ToReply();

    private static async Task<Outcome<Done>> ChangeAsync(UnitOfWork tx, VideoCall call, CallMedium to, CallSide by)
    {
        if (to == CallMedium.Phone && await tx.ScalarAsync<long>("SELECT COUNT(*) FROM citizens WHERE id = @CitizenId AND phone_hash IS NOT NULL", new { call.Matter.CitizenId }) == 0)
            return AppointmentRefusals.PhoneRequired;
        return call.ChangeMedium(to, by, tx.Now);
    }
}
