using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http;

/// <summary>An id with some characters of signature behind it (HMAC-SHA-256, RFC 2104), for codes that are printed or shown: nobody guesses the neighbour's.</summary>
/// <param name="macLength">Characters of signature, six bits each.</param>
internal sealed class SignedIds(byte[] key, int macLength)
{
    public int Length => Id.Length + macLength;

    public string Of(string id) => id + Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(id)))[..macLength];

    /// <summary>The id of a code; null when it is none of ours.</summary>
    public string? IdOf(string? code) =>
        code?.Length == Length && Id.IsWellFormed(code[..Id.Length]) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(code), Encoding.UTF8.GetBytes(Of(code[..Id.Length])))
            ? code[..Id.Length] : null;
}
