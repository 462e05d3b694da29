using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// Everything held on the caller, unmasked, as JSON (PIPL art. 45): the person on every page, the matters by pages. The openid is not
/// among it (R32): it says nothing to the person and opens doors to others.
/// </summary>
public static class ExportMyData
{
    private const string List = "my-data";
    private const int MattersPerPage = 10;

    public sealed record Response(
        DateTimeOffset ExportedAt, Person Person, IReadOnlyList<ConsentRow> Consents, IReadOnlyList<SessionRow> Sessions, IReadOnlyList<HeldAccess> StaffAccesses,
        IReadOnlyList<HeldSubscription> Subscriptions, IReadOnlyList<HeldMaterial> Materials, Page<HeldMatter> Matters);

    public sealed record Person(
        string Id, string? Name, string? Phone, string? NationalId, string? Address, string? RegionCode, ContactPreference ContactPreference, bool WeChatBound, DateTimeOffset CreatedAt);

    public static async Task<IResult> Handle(
        string? cursor, CurrentUser user, HttpContext http, Database database, CitizenRepository citizens, PersonalDataQueries held, SessionQueries sessions, Cursors cursors, TimeProvider time)
    {
        var after = cursors.Read(List, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        var cancel = http.RequestAborted;
        var (citizen, weChat, consents) = await database.ReadAsync(async c =>
            (await citizens.FindAsync(c, user.Id), await citizens.OpenIdOfAsync(c, user.Id) is not null, await ConsentRepository.OfAsync(c, user.Id)), cancel);
        if (citizen is not { RestrictedAt: null }) return IdentityRefusals.SessionRevoked.ToResult();
        var matters = await held.MattersAsync(user.Id, after.Value, MattersPerPage + 1, cancel);
        var page = Paging.Of(matters, MattersPerPage, m => m, m => cursors.Write(List, m.Id));
        var response = new Response(
            time.GetUtcNow(),
            new Person(citizen.Id, citizen.Name?.Reveal(), citizen.Phone?.Reveal(), citizen.NationalId?.Reveal(), citizen.Address, citizen.RegionCode, citizen.ContactPreference, weChat, citizen.CreatedAt),
            consents, await sessions.OpenOfAsync(user.Id, cancel), await held.AccessesAsync(user.Id, cancel), await held.SubscriptionsAsync(user.Id, cancel), await held.MaterialsAsync(user.Id, cancel), page);
        await database.WriteAlwaysAsync(async tx => { await tx.AuditAsync(user.Actor, "identity.export", "citizen", user.Id); return Done.It; }, cancel);
        return Replies.Of(response);
    }
}
