using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.Common;
using QRCoder;

namespace MicroPlatform.Api.Queues;

/// <summary>Key that signs the codes on printed numbers; made from the look-up key, so that all nodes share it.</summary>
public sealed record SlipKey(byte[] Bytes);

/// <summary>The code on a printed number: the ticket's id and eight characters of signature, so that nobody reads on through others' numbers.</summary>
public sealed class SlipCodes(SlipKey key)
{
    private const int MacLength = 8;

    public string Of(string ticketId) => ticketId + Base64Url.EncodeToString(HMACSHA256.HashData(key.Bytes, Encoding.ASCII.GetBytes(ticketId)))[..MacLength];

    /// <summary>The ticket of a code; null when it is none of ours.</summary>
    public string? TicketOf(string? code) =>
        code?.Length == Id.Length + MacLength && Id.IsWellFormed(code[..Id.Length])
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(code), Encoding.UTF8.GetBytes(Of(code[..Id.Length]))) ? code[..Id.Length] : null;

    internal static string Draw(string text)
    {
        using var generator = new QRCodeGenerator();
        using var qr = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(qr);
        return svg.GetGraphic(6);
    }
}
