using System.Security.Claims;
using System.Text.Encodings.Web;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hotline;

/// <summary>Lets partners in by their HL1 signature. A scheme of its own: a partner's headers open nothing of the people's routes, and no token opens a partner's.</summary>
public sealed class Hl1Handler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, Hl1Verification verification)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string Scheme_ = "HL1";

    private Refusal _refusal = PartnerRefusals.UnknownApp;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var verified = await verification.VerifyAsync(Context);
        if (verified.IsRefused)
        {
            _refusal = verified.Refusal!;
            return AuthenticateResult.Fail(_refusal.Code);
        }
        Context.Items[typeof(HotlinePartner)] = verified.Value;
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(
            [
                new(CurrentUser.KindClaim, nameof(ActorKind.Partner)), new(CurrentUser.SubjectClaim, verified.Value.AppId), new(CurrentUser.SessionClaim, ""),
                new(ClaimTypes.Role, nameof(Role.Partner)),
            ], Scheme_)), Scheme.Name));
    }

    /// <summary>Whatever was wrong, with its own status: not every one is a 401.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_refusal.Kind == RefusalKind.Unauthenticated) Response.Headers.WWWAuthenticate = Scheme_;
        return Problems.WriteAsync(Context, _refusal);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.WriteAsync(Context, CommonRefusals.Forbidden);
}

/// <summary>The partner that is calling. Injected into handlers of its routes.</summary>
public sealed record CurrentPartner(HotlinePartner Partner)
{
    public string AppId => Partner.AppId;

    public Actor Actor => new(ActorKind.Partner, Partner.AppId);

    public static CurrentPartner Of(HttpContext http) =>
        new(http.Items[typeof(HotlinePartner)] as HotlinePartner ?? throw new InvalidOperationException("The route has no partner."));
}
