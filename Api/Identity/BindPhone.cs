using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// Binds the phone that WeChat vouches for. A number held by another account is refused and never merged: numbers are given out anew,
/// and whoever gets one must not get the former owner's matters. A clerk who has seen an identity card releases it
/// (<see cref="ReleasePhone"/>), and both accounts keep what is theirs. What the window entered for somebody who never signed in is no account: it goes
/// to whoever binds the number (<see cref="WindowRecords"/>).
/// </summary>
public static class BindPhone
{
    /// <param name="Code">From the <c>getPhoneNumber</c> button; good once, for five minutes.</param>
    public sealed record Request([property: Required, MaxLength(256)] string? Code);

    public static async Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, IWeChat weChat, Database database, CitizenRepository citizens, WindowRecords records)
    {
        var openid = await database.ReadAsync(connection => citizens.OpenIdOfAsync(connection, user.Id), http.RequestAborted);
        if (openid is null) return IdentityRefusals.SessionRevoked.ToResult();
        var phone = await AskAsync(weChat, request.Code!, openid, http.RequestAborted);
        if (phone.IsRefused) return phone.Refusal!.ToResult();
        return (await database.WriteAsync<MeView>(async tx =>
        {
            var bound = await BindAsync(tx, citizens, records, user.Id, phone.Value);
            return bound.IsRefused ? bound.Refusal! : await MeView.OfAsync(tx, (await citizens.FindAsync(tx, user.Id))!);
        }, http.RequestAborted)).ToReply();
    }

    internal static async Task<Outcome<PhoneNumber>> AskAsync(IWeChat weChat, string code, string openid, CancellationToken cancel) =>
        await weChat.GetPhoneNumberAsync(code, openid, cancel) switch
        {
            WeChatPhone.Found { CountryCode: "86" } found when PhoneNumber.TryParse(found.Number, out var number) && number.IsMobile => number,
            WeChatPhone.Found => IdentityRefusals.PhoneNotSupported,
            var other => WeChatRefusals.Of(other),
        };

    internal static async Task<Outcome<Done>> BindAsync(UnitOfWork tx, CitizenRepository citizens, WindowRecords records, string citizenId, PhoneNumber phone)
    {
        if (await citizens.FindAsync(tx, citizenId) is not { RestrictedAt: null } citizen) return CommonRefusals.NotFound;
        if (citizen.Phone == phone) return Done.It;
        if (await citizens.FindByPhoneAsync(tx, phone) is { } holder && !await records.TryClaimAsync(tx, holder, citizen)) return IdentityRefusals.PhoneInUse;
        citizen.BindPhone(phone);
        var saved = await citizens.SaveAsync(tx, citizen);
        if (saved.IsRefused) return saved;
        await tx.AuditAsync(Actor.Citizen(citizenId), "identity.bind_phone", "citizen", citizenId);
        return Done.It;
    }
}
