using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>
/// How secrets that this program has drawn itself are kept: as their SHA-256, so that who reads the database cannot show them. Enough for those because they are long
/// and random; what people choose goes through <see cref="PasswordHasher"/>.
/// </summary>
public static class SecretHash
{
    public static string Of(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
