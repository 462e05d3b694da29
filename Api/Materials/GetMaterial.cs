using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>One's own material with its versions. What is in quarantine or destroyed is not there.</summary>
public static class GetMaterial
{
    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, MaterialQueries queries)
    {
        if (!Id.IsWellFormed(id) || await queries.VersionsAsync(id, http.RequestAborted) is not [var newest, ..] versions || newest.OwnerId != user.Id || newest.State != MaterialState.Ready)
            return CommonRefusals.NotFound.ToResult();
        // A thumbnail and a scan may come later without a new version.
        var state = string.Join("", versions.Select(v => $"{(int)v.Thumbnail}{(int)v.Scan}"));
        return Etags.Conditional(http, $"{id}-{newest.Version}-{state}", new MaterialDetailView(MaterialView.Of(newest), [.. versions.Select(VersionView.Of)]));
    }
}
