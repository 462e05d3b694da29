using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>A better photograph of the same thing. On matters that are open the new version is looked at again; those that are over keep the old one.</summary>
public static class ReplaceMaterial
{
    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, MaterialIntake intake, MaterialQueries queries, Filing filing)
    {
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } material || material.OwnerId != user.Id) return CommonRefusals.NotFound.ToResult();
        var form = await UploadForm.ReadAsync(http, intake);
        if (form.IsRefused) return form.Refusal!.ToResult();
        using var upload = form.Value;
        http.SetBodyHash(upload.Hash());
        var kept = await intake.KeepAsync(upload.File, upload.Sha256, http.RequestAborted);
        if (kept.IsRefused) return kept.Refusal!.ToResult();
        return await filing.FileAsync(http, user, new Filing.Paper(upload.Name, null, upload.ConcernsMinor, id), kept.Value);
    }
}
