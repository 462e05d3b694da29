using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// TRTC's UserSig (TLSSigAPIv2): signed JSON, zlib (RFC 1950), base64 with three characters changed; not RFC 4648's base64url. With a userbuf it is a
/// <c>privateMapKey</c>: the right to enter one room.
/// </summary>
internal static class UserSig
{
    /// <summary>Create, join, send and receive voice, picture and the second picture.</summary>
    public const uint Everything = 255;

    /// <summary>Join, receive voice and picture.</summary>
    public const uint Observing = 42;

    public static string Mint(long sdkAppId, string key, string userId, DateTimeOffset now, TimeSpan lifetime) => Mint(sdkAppId, key, userId, now, lifetime, null);

    /// <param name="room">The room's name (<c>strRoomId</c>).</param>
    public static string MintRoomKey(long sdkAppId, string key, string userId, string room, uint privileges, DateTimeOffset now, TimeSpan lifetime) =>
        Mint(sdkAppId, key, userId, now, lifetime, UserBuffer(sdkAppId, userId, room, 0, privileges, now + lifetime));

    /// <summary>The right to a room, big-endian. A room has a name or a number.</summary>
    internal static byte[] UserBuffer(long sdkAppId, string userId, string? room, uint number, uint privileges, DateTimeOffset until)
    {
        var account = Encoding.UTF8.GetBytes(userId);
        var name = room is null ? [] : Encoding.UTF8.GetBytes(room);
        var buffer = new byte[3 + account.Length + 20 + (room is null ? 0 : 2 + name.Length)];
        var rest = buffer.AsSpan();
        rest[0] = room is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteUInt16BigEndian(rest[1..], (ushort)account.Length);
        account.CopyTo(rest[3..]);
        rest = rest[(3 + account.Length)..];
        uint[] numbers = [(uint)sdkAppId, number, (uint)until.ToUnixTimeSeconds(), privileges, 0];
        foreach (var value in numbers)
        {
            BinaryPrimitives.WriteUInt32BigEndian(rest, value);
            rest = rest[4..];
        }
        if (room is null) return buffer;
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)name.Length);
        name.CopyTo(rest[2..]);
        return buffer;
    }

    internal static string Mint(long sdkAppId, string key, string userId, DateTimeOffset now, TimeSpan lifetime, byte[]? userBuffer)
    {
        var (time, expire) = (now.ToUnixTimeSeconds(), (long)lifetime.TotalSeconds);
        var buffer = userBuffer is null ? null : Convert.ToBase64String(userBuffer);
        var content = string.Create(CultureInfo.InvariantCulture, $"TLS.identifier:{userId}\nTLS.sdkappid:{sdkAppId}\nTLS.time:{time}\nTLS.expire:{expire}\n") + (buffer is null ? "" : $"TLS.userbuf:{buffer}\n");
        var fields = new Dictionary<string, object>
        {
            ["TLS.ver"] = "2.0",
            ["TLS.identifier"] = userId,
            ["TLS.sdkappid"] = sdkAppId,
            ["TLS.expire"] = expire,
            ["TLS.time"] = time,
            ["TLS.sig"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(content))),
        };
        if (buffer is not null) fields["TLS.userbuf"] = buffer;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) JsonSerializer.Serialize(zlib, fields);
        return Convert.ToBase64String(packed.ToArray()).Replace('+', '*').Replace('/', '-').Replace('=', '_');
    }
}
