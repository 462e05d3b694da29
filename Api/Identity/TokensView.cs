using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Identity;

/// <summary>Proofs of identity.</summary>
/// <param name="AccessToken">Send it as <c>Authorization: Bearer …</c>.</param>
/// <param name="RefreshToken">Good once, for <c>POST /v1/auth/refresh</c>; keep it as you would a password.</param>
public sealed record TokensView(string TokenType, string AccessToken, DateTimeOffset AccessTokenExpiresAt, string RefreshToken, DateTimeOffset RefreshTokenExpiresAt)
{
    public static TokensView Of(TokenPair pair) => new("Bearer", pair.AccessToken, pair.AccessTokenExpiresAt, pair.RefreshToken, pair.RefreshTokenExpiresAt);
}
