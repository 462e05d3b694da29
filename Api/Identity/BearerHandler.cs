using System.Security.Claims;
using System.Text.Encodings.Web;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// Reads <c>Authorization: Bearer</c> and asks whether the session still stands. 401 says which of three things is wrong, so that the
/// client refreshes or signs in again exactly once (R8).
/// </summary>
public sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, TokenReader tokens, SessionGate sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string Scheme_ = "Bearer";

    private const string Prefix = "Bearer ";

    private Refusal _refusal = IdentityRefusals.TokenInvalid;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var (claims, fault) = await tokens.ReadAsync(header[Prefix.Length..].Trim());
        if (claims is null) return Refuse(fault == TokenFault.Expired ? IdentityRefusals.TokenExpired : IdentityRefusals.TokenInvalid);
        if (!await sessions.IsOpenAsync(claims.SessionId, Context.RequestAborted)) return Refuse(IdentityRefusals.SessionRevoked);
        return AuthenticateResult.Success(new AuthenticationTicket(ToPrincipal(claims), Scheme.Name));
    }

    public static ClaimsPrincipal ToPrincipal(AccessClaims claims) => new(new ClaimsIdentity(
        [
            new(CurrentUser.KindClaim, claims.Kind.ToString()), new(CurrentUser.SubjectClaim, claims.Subject), new(CurrentUser.SessionClaim, claims.SessionId),
            .. claims.Roles.Select(r => new Claim(ClaimTypes.Role, r.ToString())),
        ], Scheme_));

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(Context, _refusal);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.WriteAsync(Context, CommonRefusals.Forbidden);

    private AuthenticateResult Refuse(Refusal refusal)
    {
        _refusal = refusal;
        return AuthenticateResult.Fail(refusal.Code);
    }
}
