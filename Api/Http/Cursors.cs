using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http;

/// <summary>Key that signs cursors; made from the look-up key, so that all nodes share it.</summary>
public sealed record CursorKey(byte[] Bytes);

/// <summary>
/// Page cursors: opaque to clients, signed, bound to the list they came from. They say where a page ended, never how many rows to skip,
/// so page 10,000 costs what page 1 costs.
/// </summary>
public sealed class Cursors(CursorKey key)
{
    private const int MacBytes = 9;

    /// <param name="list">Name of the list; a cursor of one list is not good for another.</param>
    public string Write(string list, string position)
    {
        var text = Encoding.UTF8.GetBytes(position);
        return Base64Url.EncodeToString([.. Mac(list, text), .. text]);
    }

    /// <summary>Null when no cursor was given; a refusal when it was changed or belongs elsewhere.</summary>
    public Outcome<string?> Read(string list, string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return (string?)null;
        if (cursor.Length > 200 || !Base64Url.IsValid(cursor)) return CommonRefusals.CursorInvalid;
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length <= MacBytes) return CommonRefusals.CursorInvalid;
        return CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, MacBytes), Mac(list, bytes.AsSpan(MacBytes)))
            ? Encoding.UTF8.GetString(bytes.AsSpan(MacBytes))
            : CommonRefusals.CursorInvalid;
    }

    private byte[] Mac(string list, ReadOnlySpan<byte> position)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Bytes);
        hmac.AppendData(Encoding.UTF8.GetBytes(list));
        hmac.AppendData([0]);
        hmac.AppendData(position);
        return hmac.GetHashAndReset()[..MacBytes];
    }
}
