using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>
/// Reads access tokens for requests. A token that has been verified is remembered until it expires or the set of signing keys is read
/// anew, because verifying an ES256 signature costs more than answering a small request. Remembered by hash: no token lies in memory.
/// </summary>
public sealed class TokenReader(AccessTokens tokens, SigningKeyStore keys, TimeProvider time)
{
    private const int MostKept = 20_000;

    private readonly ConcurrentDictionary<string, (AccessClaims Claims, DateTimeOffset ExpiresAt)> _verified = new(StringComparer.Ordinal);
    private SigningKeys? _verifiedWith;

    public async ValueTask<(AccessClaims? Claims, TokenFault? Fault)> ReadAsync(string token)
    {
        if (token.Length > AccessTokens.MaxLength) return (null, TokenFault.Invalid);
        var current = keys.Current;
        // A key taken out of the table in an emergency must not live on in here.
        if (!ReferenceEquals(Interlocked.Exchange(ref _verifiedWith, current), current)) _verified.Clear();
        var key = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_verified.TryGetValue(key, out var known))
        {
            if (time.GetUtcNow() < known.ExpiresAt) return (known.Claims, null);
            _verified.TryRemove(key, out _);
            return (null, TokenFault.Expired);
        }
        var (claims, expiresAt, fault) = await tokens.ReadAsync(token, current);
        if (fault == TokenFault.UnknownKey) (claims, expiresAt, fault) = await tokens.ReadAsync(token, await keys.ReloadAsync());
        if (claims is null) return (null, fault);
        if (_verified.Count >= MostKept) _verified.Clear();
        _verified[key] = (claims, expiresAt);
        return (claims, null);
    }
}
