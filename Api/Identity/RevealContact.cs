using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// Whoever works on a matter reads how to reach its citizen, in full, and leaves a trace with the reason; the citizen finds it in
/// <c>GET /v1/me/data</c>. For the person responsible and the units that the matter lies in; to others there is no such matter.
/// </summary>
public static class RevealContact
{
    /// <param name="Reason">Why it is needed, e.g. “电话回访”.</param>
    public sealed record Request([property: Required, MinLength(2), MaxLength(100)] string? Reason);

    public sealed record Response(string MatterId, string? Name, string? Phone, string? Address, ContactPreference ContactPreference, string ContactPreferenceText);

    public static async Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, Database database, CitizenRepository citizens, RegistryQueries registry)
    {
        var reason = Text.Clean(request.Reason, "reason", 100, min: 2);
        if (reason.IsRefused) return reason.Refusal!.ToResult();
        var scope = await registry.ScopeAsync(user.Id, http.RequestAborted);
        return (await database.WriteAsync<Response>(async tx =>
        {
            if (!Id.IsWellFormed(id) || await MatterQueries.FindAsync(tx, id) is not { } matter) return CommonRefusals.NotFound;
            if (matter.HandlerId != user.Id && !scope.Covers(matter.OrganisationPath)) return CommonRefusals.NotFound;
            if (await citizens.FindAsync(tx, matter.CitizenId) is not { RestrictedAt: null } citizen) return IdentityRefusals.CitizenRestricted;
            await tx.AuditReadAsync(user.Actor, citizen.Id, $"name,phone,address; {matter.Id}; {reason.Value}");
            return new Response(matter.Id, citizen.Name?.Reveal(), citizen.Phone?.Reveal(), citizen.Address, matter.ContactPreference, matter.ContactPreference.Label());
        }, http.RequestAborted)).ToReply();
    }
}
