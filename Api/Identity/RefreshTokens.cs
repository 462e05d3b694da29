using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// A new pair for a refresh token. The same token again within half a minute gives the same pair, so ten parallel requests that all
/// got 401 may all refresh (R30); later it can only be a copy, and the session ends for whoever holds it.
/// </summary>
public static class RefreshTokens
{
    public sealed record Request([property: Required, MaxLength(256)] string? RefreshToken);

    public static async Task<IResult> Handle(Request request, SessionRepository sessions, CitizenRepository citizens) =>
        RefreshToken.HashOf(request.RefreshToken) is not { } hash
            ? IdentityRefusals.TokenInvalid.ToResult()
            : Shown(await sessions.RefreshAsync(hash, (tx, kind, id) => RolesAsync(tx, citizens, kind, id))).ToReply();

    private static Outcome<TokensView> Shown(Outcome<TokenPair> pair) => pair.IsRefused ? pair.Refusal! : TokensView.Of(pair.Value);

    /// <summary>The roles held now, not those of the first sign-in; null ends it.</summary>
    private static async Task<IReadOnlyList<Role>?> RolesAsync(UnitOfWork tx, CitizenRepository citizens, ActorKind kind, string id)
    {
        if (kind == ActorKind.Citizen) return await citizens.FindAsync(tx, id) is { RestrictedAt: null } ? [Role.Citizen] : null;
        var roles = await StaffAccountRepository.RolesAsync(tx, id);
        return roles.Count > 0 && await StaffAccountRepository.IsActiveAsync(tx, id) ? roles : null;
    }
}
