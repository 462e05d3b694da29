using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// Signature of <c>wx.joinVoIPChat</c>. The key is the session key's base64 text as it stands, not the bytes it encodes, and the sort is ordinal: both are
/// easily done otherwise, and WeChat only says that the signature is wrong.
/// </summary>
internal static class VoipSignature
{
    public static string Sign(string appId, string groupId, string nonce, long seconds, string sessionKey)
    {
        string[] parts = [appId, groupId, nonce, seconds.ToString(CultureInfo.InvariantCulture)];
        Array.Sort(parts, StringComparer.Ordinal);
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(sessionKey), Encoding.UTF8.GetBytes(string.Concat(parts))));
    }
}
