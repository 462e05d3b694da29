using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Identity;

/// <summary>A citizen signs in with one call (R29): the code of <c>wx.login</c>, and the code of the phone button where it was tapped.</summary>
public static class SignInWithWeChat
{
    /// <param name="Code">From <c>wx.login</c>. Good once: after any refusal run <c>wx.login</c> again.</param>
    /// <param name="PhoneCode">From the <c>getPhoneNumber</c> button; another code than the first.</param>
    public sealed record Request([property: Required, MaxLength(256)] string? Code, [property: MaxLength(256)] string? PhoneCode);

    /// <param name="PhoneProblem">Why the phone was not bound although a code was given. Signing in worked all the same.</param>
    public sealed record Response(TokensView Tokens, MeView User, bool IsNewUser, bool NeedPhone, bool NeedConsent, PhoneProblem? PhoneProblem);

    /// <param name="Title">Chinese, to be shown.</param>
    public sealed record PhoneProblem(string Code, string Title);

    public static async Task<IResult> Handle(
        Request request, HttpContext http, IWeChat weChat, Database database, CitizenRepository citizens, WindowRecords records, SessionRepository sessions, IOptions<WeChatOptions> options)
    {
        var login = await weChat.CodeToSessionAsync(request.Code!, http.RequestAborted);
        if (login is not WeChatLogin.Session session) return WeChatRefusals.Of(login).ToResult();
        var phone = string.IsNullOrEmpty(request.PhoneCode) ? (Outcome<PhoneNumber>?)null : await BindPhone.AskAsync(weChat, request.PhoneCode, session.OpenId, http.RequestAborted);

        var signedIn = await database.WriteAsync<(Citizen Citizen, bool IsNew, TokenPair Pair)>(async tx =>
        {
            var (citizen, isNew) = await citizens.FindOrAddByWeChatAsync(tx, options.Value.AppId, session);
            var pair = await sessions.OpenAsync(tx, ActorKind.Citizen, citizen.Id, [Role.Citizen], http.Client());
            await tx.AuditAsync(Actor.Citizen(citizen.Id), "identity.sign_in", "citizen", citizen.Id, isNew ? "new" : null);
            return (citizen, isNew, pair);
        }, http.RequestAborted);
        if (signedIn.IsRefused) return signedIn.Refusal!.ToResult();
        var (who, isNewUser, tokens) = signedIn.Value;

        // In a transaction of its own: a number that belongs to another account must not undo the sign-in, whose code is spent.
        var problem = phone is { } asked ? await BindAsync(database, citizens, records, who.Id, asked) : null;
        var me = await database.ReadAsync(async connection => await MeView.OfAsync(connection, (await citizens.FindAsync(connection, who.Id))!), http.RequestAborted);
        return Replies.Of(new Response(TokensView.Of(tokens), me, isNewUser, me.Citizen!.NeedPhone, me.Citizen.NeedConsent, problem));
    }

    private static async Task<PhoneProblem?> BindAsync(Database database, CitizenRepository citizens, WindowRecords records, string citizenId, Outcome<PhoneNumber> asked)
    {
        var refusal = asked.Refusal ?? (await database.WriteAsync<Done>(tx => BindPhone.BindAsync(tx, citizens, records, citizenId, asked.Value))).Refusal;
        return refusal is null ? null : new PhoneProblem(refusal.Code, refusal.Title);
    }
}
