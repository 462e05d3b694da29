using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Registry;
using Microsoft.Extensions.Options;
using QRCoder;

namespace MicroPlatform.Api.Appointments;

/// <summary>Key that signs the codes of service points; made from the look-up key, so that all nodes share it and a code can be printed once for all.</summary>
public sealed record PointKey(byte[] Bytes);

/// <summary>
/// The two codes of checking in, as pictures: the appointment's own, shown by the citizen, and the service point's, hung at its door. The point's is the unit's
/// id and six characters of signature: 32 in all, the most that a mini-program code's <c>scene</c> holds.
/// </summary>
public sealed class CheckInCodes(PointKey key, IOptions<AppointmentsOptions> options)
{
    internal const string Svg = "image/svg+xml";
    internal const string Png = "image/png";

    private const int MacLength = 6;

    /// <summary>The <c>scene</c> of a unit.</summary>
    public string SceneOf(string organisationId) =>
        organisationId + Base64Url.EncodeToString(HMACSHA256.HashData(key.Bytes, Encoding.ASCII.GetBytes(organisationId)))[..MacLength];

    /// <summary>The unit of a <c>scene</c>, or of a link that ends with one; null when it is none of ours.</summary>
    public string? UnitOf(string? scanned)
    {
        if (scanned is null || scanned.Length < Id.Length + MacLength) return null;
        var scene = scanned[^(Id.Length + MacLength)..];
        return Id.IsWellFormed(scene[..Id.Length]) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(scene), Encoding.UTF8.GetBytes(SceneOf(scene[..Id.Length]))) ? scene[..Id.Length] : null;
    }

    /// <summary>An appointment's code as it is stored, whatever stands between its characters and in whatever case.</summary>
    internal static string Clean(string code) => new([.. code.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);

    /// <summary>The code to print and hang at a service point, for whoever works there. <c>format=png</c> for printers that know no SVG.</summary>
    public static async Task<IResult> PointAsync(string id, string? format, CurrentUser user, HttpContext http, CheckInCodes codes, RegistryQueries registry)
    {
        if (format is not (null or "" or "svg" or "png")) return CommonRefusals.Invalid.At("format", "应为svg、png之一").ToResult();
        if (!Id.IsWellFormed(id) || !await registry.InScopeAsync(user.Id, id, http.RequestAborted)) return CommonRefusals.NotFound.ToResult();
        var text = codes.LinkTo(id);
        return format == "png" ? Results.Bytes(DrawPng(text), Png) : Results.Text(Draw(text), Svg, Encoding.UTF8);
    }

    /// <summary>One's own appointment's code, to be shown at the window.</summary>
    public static async Task<IResult> AppointmentAsync(string id, CurrentUser user, HttpContext http, AppointmentQueries queries)
    {
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } row || row.CitizenId != user.Id) return CommonRefusals.NotFound.ToResult();
        http.Response.Headers.CacheControl = "private, max-age=300";
        return Results.Text(Draw(row.CheckInCode), Svg, Encoding.UTF8);
    }

    private string LinkTo(string organisationId) => options.Value.CheckInLink + SceneOf(organisationId);

    private static string Draw(string text)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(code);
        return svg.GetGraphic(8);
    }

    private static byte[] DrawPng(string text)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(code);
        return png.GetGraphic(16);
    }
}
