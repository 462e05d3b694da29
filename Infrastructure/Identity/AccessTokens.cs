using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>What an access token says about who presents it.</summary>
public sealed record AccessClaims(string Subject, string SessionId, ActorKind Kind, IReadOnlyList<Role> Roles);

/// <summary>What half-finished sign-in a step token stands for: the password was right, something else is missing.</summary>
/// <param name="Subject">The staff account.</param>
/// <param name="Step">What it allows, for instance <c>change-password</c>.</param>
/// <param name="CredentialVersion">The version of the account's credentials it was made for: used once, it no longer fits.</param>
public sealed record StepClaims(string Subject, string Step, long CredentialVersion);

public enum TokenFault
{
    /// <summary>Well signed and once good.</summary>
    Expired,
    /// <summary>Not ours, changed, for something else, or nonsense.</summary>
    Invalid,
    /// <summary>Signed with a key this node does not know: perhaps one that another node has just made.</summary>
    UnknownKey,
}

/// <summary>Writes and reads ES256 access tokens (RFC 9068 form). Knows no session: whether it still stands is asked after this.</summary>
public sealed class AccessTokens(TokenOptions options, TimeProvider time)
{
    public const int MaxLength = 2048;

    private const string AccessType = "at+jwt";
    private const string StepType = "step+jwt";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    private string StepAudience => options.Audience + "/step";

    public (string Token, DateTimeOffset ExpiresAt) Issue(AccessClaims claims, SigningKeys keys)
    {
        var now = time.GetUtcNow();
        var expires = Whole(now + options.AccessLifetime);
        return (Write(keys, now, expires, options.Audience, AccessType, new Dictionary<string, object>
        {
            ["sub"] = claims.Subject,
            ["sid"] = claims.SessionId,
            ["kind"] = claims.Kind.ToString().ToLowerInvariant(),
            ["roles"] = claims.Roles.Select(r => r.ToString()).ToArray(),
        }), expires);
    }

    public (string Token, DateTimeOffset ExpiresAt) IssueStep(StepClaims claims, SigningKeys keys)
    {
        var now = time.GetUtcNow();
        var expires = Whole(now + options.StepLifetime);
        return (Write(keys, now, expires, StepAudience, StepType, new Dictionary<string, object>
        {
            ["sub"] = claims.Subject,
            ["step"] = claims.Step,
            ["cv"] = claims.CredentialVersion,
        }), expires);
    }

    public async Task<(AccessClaims? Claims, DateTimeOffset ExpiresAt, TokenFault? Fault)> ReadAsync(string token, SigningKeys keys)
    {
        var (jwt, fault) = await ValidateAsync(token, keys, options.Audience, AccessType);
        if (jwt is null) return (null, default, fault);
        var roles = jwt.Claims.Where(c => c.Type == "roles").Select(c => Enum.TryParse<Role>(c.Value, out var role) ? role : (Role?)null).ToList();
        if (jwt.Subject.Length == 0 || Value(jwt, "sid").Length == 0 || roles.Count == 0 || roles.Contains(null)
            || !Enum.TryParse<ActorKind>(Value(jwt, "kind"), ignoreCase: true, out var kind)) return (null, default, TokenFault.Invalid);
        var claims = new AccessClaims(jwt.Subject, Value(jwt, "sid"), kind, [.. roles.Select(r => r!.Value)]);
        return (claims, new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero), null);
    }

    public async Task<(StepClaims? Claims, TokenFault? Fault)> ReadStepAsync(string token, SigningKeys keys)
    {
        var (jwt, fault) = await ValidateAsync(token, keys, StepAudience, StepType);
        if (jwt is null) return (null, fault);
        return jwt.Subject.Length > 0 && Value(jwt, "step") is { Length: > 0 } step && jwt.TryGetPayloadValue<long>("cv", out var version)
            ? (new StepClaims(jwt.Subject, step, version), null)
            : (null, TokenFault.Invalid);
    }

    /// <summary>No <c>nbf</c>: it would lock everybody out when a server's clock jumps back.</summary>
    private string Write(SigningKeys keys, DateTimeOffset now, DateTimeOffset expires, string audience, string type, Dictionary<string, object> claims)
    {
        claims["jti"] = Id.New(time);
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Issuer,
            Audience = audience,
            IssuedAt = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            Claims = claims,
            TokenType = type,
            SigningCredentials = new SigningCredentials(keys.Signer(now).Security, SecurityAlgorithms.EcdsaSha256),
        });
    }

    private async Task<(JsonWebToken? Token, TokenFault? Fault)> ValidateAsync(string token, SigningKeys keys, string audience, string type)
    {
        // Longer than any token made here: nothing of it needs to be read.
        if (token.Length > MaxLength) return (null, TokenFault.Invalid);
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = audience,
            ValidTypes = [type],
            // One algorithm: "none" and HS256 keyed with the public key are never even tried.
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            // Exactly the named key, and none where the name is unknown.
            IssuerSigningKeyResolver = (_, _, kid, _) => keys.Find(kid) is { } key ? [key.Security] : [],
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = Lives,
        });
        if (result.IsValid) return ((JsonWebToken)result.SecurityToken, null);
        return (null, result.Exception switch
        {
            SecurityTokenExpiredException => TokenFault.Expired,
            SecurityTokenSignatureKeyNotFoundException => TokenFault.UnknownKey,
            _ => TokenFault.Invalid,
        });
    }

    private bool Lives(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters _)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (notBefore > now) throw new SecurityTokenNotYetValidException();
        if (expires is null) throw new SecurityTokenNoExpirationException();
        return expires > now ? true : throw new SecurityTokenExpiredException();
    }

    private static string Value(JsonWebToken jwt, string claim) => jwt.TryGetPayloadValue<string>(claim, out var value) ? value ?? "" : "";

    /// <summary>JWT times have whole seconds; what the client is told must be the same.</summary>
    private static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
