using System.Text;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Registry;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Appointments;

/// <summary>Key that signs the codes of service points; made from the look-up key, so that all nodes share it and a code can be printed once for all.</summary>
public sealed record PointKey(byte[] Bytes);

/// <summary>
/// The two codes of checking in, as pictures: the appointment's own, shown by the citizen, and the service point's, hung at its door. The point's is the unit's
/// id and six characters of signature: 32 in all, the most that a mini-program code's <c>scene</c> holds.
/// </summary>
public sealed class CheckInCodes(PointKey key, IOptions<AppointmentsOptions> options)
{
    private readonly SignedIds _scenes = new(key.Bytes, macLength: 6);

    /// <summary>The <c>scene</c> of a unit.</summary>
    public string SceneOf(string organisationId) => _scenes.Of(organisationId);

    /// <summary>The unit of a <c>scene</c>, or of a link that ends with one; null when it is none of ours.</summary>
    public string? UnitOf(string? scanned) => scanned?.Length >= _scenes.Length ? _scenes.IdOf(scanned[^_scenes.Length..]) : null;

    /// <summary>An appointment's code as it is stored, whatever stands between its characters and in whatever case.</summary>
    internal static string Clean(string code) => new([.. code.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);

    /// <summary>The code to print and hang at a service point, for whoever works there. <c>format=png</c> for printers that know no SVG.</summary>
    public static async Task<IResult> PointAsync(string id, string? format, CurrentUser user, HttpContext http, CheckInCodes codes, RegistryQueries registry)
    {
        if (format is not (null or "" or "svg" or "png")) return CommonRefusals.Invalid.At("format", "应为svg、png之一").ToResult();
        if (!Id.IsWellFormed(id) || !await registry.InScopeAsync(user.Id, id, http.RequestAborted)) return CommonRefusals.NotFound.ToResult();
        var text = codes.LinkTo(id);
        return format == "png" ? Results.Bytes(QrCode.Png(text, 16), QrCode.PngType) : Results.Text(QrCode.Svg(text, 8), QrCode.SvgType, Encoding.UTF8);
    }

    /// <summary>One's own appointment's code, to be shown at the window.</summary>
    public static async Task<IResult> AppointmentAsync(string id, CurrentUser user, HttpContext http, AppointmentQueries queries)
    {
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } row || row.CitizenId != user.Id) return CommonRefusals.NotFound.ToResult();
        http.Response.Headers.CacheControl = "private, max-age=300";
        return Results.Text(QrCode.Svg(row.CheckInCode, 8), QrCode.SvgType, Encoding.UTF8);
    }

    private string LinkTo(string organisationId) => options.Value.CheckInLink + SceneOf(organisationId);
}
