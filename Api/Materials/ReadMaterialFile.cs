using System.Text;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;
using Microsoft.Net.Http.Headers;

namespace MicroPlatform.Api.Materials;

/// <summary>
/// The bytes behind a link, whole or in ranges. The link is the permission, as an image cannot send a token; but what it permits is judged anew each time, so it ends
/// with the session, the post or the quarantine. Somebody else's token with it is refused.
/// </summary>
public static class ReadMaterialFile
{
    public static async Task<IResult> Handle(
        string token, bool? download, HttpContext http, LinkRepository links, MaterialQueries queries, MaterialScope scope, MaterialObjects objects, TimeProvider time)
    {
        if (await links.FindAsync(token, time.GetUtcNow(), http.RequestAborted) is not { } link) return CommonRefusals.NotFound.ToResult();
        if (http.User.Identity?.IsAuthenticated == true && CurrentUser.Of(http.User).Id != link.PersonId) return CommonRefusals.NotFound.ToResult();
        if (await queries.FindVersionAsync(link.MaterialId, link.MaterialVersion, http.RequestAborted) is not { State: MaterialState.Ready } version) return CommonRefusals.NotFound.ToResult();
        var may = link.PersonKind == ActorKind.Citizen ? version.OwnerId == link.PersonId : (await scope.VersionsForAsync(link.PersonId, link.MaterialId, http.RequestAborted)).Contains(link.MaterialVersion);
        if (!may) return CommonRefusals.NotFound.ToResult();
        var isThumbnail = link.Variant == MaterialVariant.Thumbnail;
        if ((isThumbnail ? version.ThumbnailObjectId : version.ObjectId) is not { } objectId || await objects.OpenAsync(objectId, http.RequestAborted) is not { } file) return CommonRefusals.NotFound.ToResult();
        try
        {
            // The first chunk before the first header: a store that is away is a 503 and not half an answer.
            _ = await file.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, http.RequestAborted);
            file.Position = 0;
            await links.NoteReadingAsync(link, http.RequestAborted);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
        var headers = http.Response.Headers;
        headers.CacheControl = "private, no-store";
        // Nothing in a document may run, load or be framed, whatever a browser makes of it.
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
        var type = isThumbnail ? MaterialType.Jpeg : version.Type;
        headers.ContentDisposition = Disposition(download == true || type == MaterialType.Docx, version.Name + type.Extension());
        return Results.Stream(file, type.ContentType(), lastModified: version.UploadedAt, enableRangeProcessing: true,
            entityTag: new EntityTagHeaderValue($"\"{version.Sha256[..32]}{(isThumbnail ? "-t" : "")}\""));
    }

    /// <summary>With the name twice (RFC 6266): Chinese for who understands it, bare for who does not.</summary>
    private static string Disposition(bool attachment, string name)
    {
        var encoded = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(name)) encoded.Append(char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'-' or (byte)'_' ? ((char)b).ToString() : $"%{b:X2}");
        return $"{(attachment ? "attachment" : "inline")}; filename=\"material{Path.GetExtension(name)}\"; filename*=UTF-8''{encoded}";
    }
}
