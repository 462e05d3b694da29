using System.Globalization;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http;

/// <summary>
/// <c>If-Match</c> of an edit (RFC 9110 §13.1.1): the <c>version</c> that the editor saw, in quotes. Demanded, so that nobody overwrites unseen what
/// another has written.
/// </summary>
public static class IfMatch
{
    private const string Header = "If-Match";

    /// <summary>The version named; a refusal when the header is missing or not a version.</summary>
    public static Outcome<int> Version(HttpContext http)
    {
        var text = http.Request.Headers.IfMatch.ToString().Trim().Trim('"');
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : CommonRefusals.Invalid.At(Header, "请在If-Match中给出所修改内容的version");
    }
}
