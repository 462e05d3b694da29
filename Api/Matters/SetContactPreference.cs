using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Matters;

namespace MicroPlatform.Api.Matters;

/// <summary>How messages about this matter may be worded: a person at risk at home is not betrayed by a message on a shared phone.</summary>
public static class SetContactPreference
{
    public sealed record Request([property: Required] ContactPreference? ContactPreference);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Idempotency idempotency, MatterRepository matters) =>
        idempotency.RunAsync<MatterView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Id.IsWellFormed(id) || await matters.FindAsync(tx, id) is not { } matter || matter.CitizenId != user.Id) return CommonRefusals.NotFound;
            matter.Prefer(request.ContactPreference!.Value, tx.Now);
            await matters.SaveAsync(tx, matter, user.Actor);
            await tx.AuditAsync(user.Actor, "matters.contact-preference", "matter", id, request.ContactPreference.Value.ToString());
            return MatterView.Of((await MatterQueries.FindAsync(tx, id))!);
        });
}
