using System.ComponentModel.DataAnnotations;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>How messages to this person may be worded from now on; matters opened later begin with it.</summary>
public static class SetMyContactPreference
{
    public sealed record Request([property: Required] ContactPreference? ContactPreference);

    public static async Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, Database database, CitizenRepository citizens) =>
        (await database.WriteAsync<MeView>(async tx =>
        {
            if (await citizens.FindAsync(tx, user.Id) is not { RestrictedAt: null } citizen) return IdentityRefusals.SessionRevoked;
            citizen.Prefer(request.ContactPreference!.Value);
            var saved = await citizens.SaveAsync(tx, citizen);
            if (saved.IsRefused) return saved.Refusal!;
            await tx.AuditAsync(user.Actor, "identity.contact-preference", "citizen", user.Id, request.ContactPreference.Value.ToString());
            return await MeView.OfAsync(tx, (await citizens.FindAsync(tx, user.Id))!);
        }, http.RequestAborted)).ToReply();
}
