using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Matters;

/// <summary>
/// The citizen's name and phone in clear, for whoever has to call. Everywhere else they are masked; here the reader gives a purpose, and
/// the reading is audited, noted in the matter's internal timeline, and told to the citizen in their data export. Sent twice it is two
/// readings: the answer is personal and is not stored for replay.
/// </summary>
public static class ReadContact
{
    /// <param name="Purpose">Why, 2 to 100 characters; kept in the matter's internal timeline.</param>
    public sealed record Request([property: Required, MaxLength(100)] string? Purpose);

    /// <param name="ContactPreference">How the person wants to be reached about this matter. <c>hidden</c>: do not call on your own accord.</param>
    public sealed record Response(string? Name, string? Phone, ContactPreference ContactPreference, string ContactPreferenceText);

    public static async Task<IResult> Handle(
        string id, Request request, CurrentUser user, HttpContext http, Database database, MatterRepository matters, CitizenRepository citizens, RegistryQueries registry)
    {
        var purpose = Text.Clean(request.Purpose, "purpose", 100, min: 2);
        if (purpose.IsRefused) return purpose.Refusal!.ToResult();
        if (!Id.IsWellFormed(id)) return CommonRefusals.NotFound.ToResult();
        var scope = await registry.ScopeAsync(user.Id, http.RequestAborted);
        var outcome = await database.WriteAsync<Response>(async tx =>
        {
            if (await matters.FindAsync(tx, id) is not { } matter) return CommonRefusals.NotFound;
            if (matter.HandlerId != user.Id && !scope.Covers(await RegistryQueries.PathAsync(tx, matter.OrganisationId))) return CommonRefusals.NotFound;
            if (await citizens.FindAsync(tx, matter.CitizenId) is not { RestrictedAt: null } citizen) return CommonRefusals.NotFound;
            matter.Remark(tx.Now, "contact_read", $"查看联系方式：{purpose.Value}");
            await matters.SaveAsync(tx, matter, user.Actor);
            await tx.AuditReadAsync(user.Actor, citizen.Id, "name", "phone");
            await tx.AuditAsync(user.Actor, "matters.read-contact", "matter", id);
            return new Response(citizen.Name?.Reveal(), citizen.Phone?.Reveal(), matter.ContactPreference, matter.ContactPreference.Label());
        }, http.RequestAborted);
        http.Response.Headers.CacheControl = "no-store";
        return outcome.IsRefused ? outcome.Refusal!.ToResult() : Results.Json(outcome.Value, WireJson.Options);
    }
}
