using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>All parts are there: they become one material, judged like any other upload. Two who complete one upload hear the same.</summary>
public static class CompleteUpload
{
    public static async Task<IResult> Handle(
        string id, CurrentUser user, HttpContext http, Idempotency idempotency, UploadRepository uploads, MaterialIntake intake, MaterialObjects objects, Filing filing)
    {
        if (await uploads.ReadOwnAsync(id, user.Id, http.RequestAborted) is not { } looked) return CommonRefusals.NotFound.ToResult();
        var (upload, parts) = looked;
        if (upload.State != UploadState.Open) return await AnswerAsync(id, user, http, idempotency, uploads);
        if (Enumerable.Range(1, upload.Parts).Except(parts.Select(p => p.Number)).Take(10).ToList() is { Count: > 0 } missing)
            return MaterialRefusals.UploadIncomplete.At("parts", $"还缺第{string.Join('、', missing)}片").ToResult();
        await using var whole = new JoinedObjectStream(objects, [.. parts.Select(p => p.ObjectId)]);
        var received = await intake.ReceiveAsync(whole, http.RequestAborted);
        // Somebody else has completed it meanwhile, and the parts are gone.
        if (whole.IsBroken) return await AnswerAsync(id, user, http, idempotency, uploads);
        if (received.IsRefused) return received.Refusal!.ToResult();
        using var file = received.Value;
        var kept = await intake.KeepAsync(file, upload.Sha256, http.RequestAborted);
        if (kept.IsRefused) return kept.Refusal!.ToResult();
        return await filing.FileAsync(http, user, new Filing.Paper(upload.Name, upload.ItemCode, upload.ConcernsMinor, upload.ReplacesId), kept.Value, new Filing.Alongside(
            async tx => await uploads.FindOwnAsync(tx, id, user.Id) is { } now ? now.MaterialId : CommonRefusals.NotFound,
            async (tx, materialId) =>
            {
                var now = (await uploads.FindOwnAsync(tx, id, user.Id))!;
                var completed = now.Complete(materialId);
                if (!completed.IsRefused) await uploads.SaveAsync(tx, now);
                return completed;
            }));
    }

    /// <summary>What has come of an upload that is over.</summary>
    private static Task<IResult> AnswerAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, UploadRepository uploads) =>
        idempotency.RunAsync<MaterialView>(http, StatusCodes.Status201Created, async tx =>
            await uploads.FindOwnAsync(tx, id, user.Id) is { MaterialId: { } made } ? MaterialView.Of((await MaterialQueries.FindAsync(tx, made))!) : MaterialRefusals.UploadOver);
}
