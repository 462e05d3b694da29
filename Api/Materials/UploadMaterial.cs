using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>
/// One file with text fields (multipart, R15). What it is, is decided by its content; position, device and the like are taken out; pictures get a small one, and hints
/// where nobody could read them.
/// </summary>
public static class UploadMaterial
{
    public static async Task<IResult> Handle(CurrentUser user, HttpContext http, MaterialIntake intake, Filing filing)
    {
        var form = await UploadForm.ReadAsync(http, intake);
        if (form.IsRefused) return form.Refusal!.ToResult();
        using var upload = form.Value;
        http.SetBodyHash(upload.Hash());
        var kept = await intake.KeepAsync(upload.File, upload.Sha256, http.RequestAborted);
        if (kept.IsRefused) return kept.Refusal!.ToResult();
        return await filing.FileAsync(http, user, new Filing.Paper(upload.Name, upload.ItemCode, upload.ConcernsMinor, null), kept.Value);
    }
}
