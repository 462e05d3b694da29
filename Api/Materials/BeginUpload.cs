using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Materials;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Materials;

/// <summary>For a bad network: the file goes in parts of one mebibyte, in any order; what was lost is sent again, and the upload goes on where it was.</summary>
public static class BeginUpload
{
    /// <param name="FileName">As it is on the phone; taken for the name when <paramref name="Name"/> is absent.</param>
    /// <param name="Bytes">Length of the whole file.</param>
    /// <param name="Sha256">Of the whole file, hex.</param>
    /// <param name="ReplacesId">The material it is to be a new version of; absent: a new one.</param>
    public sealed record Request(
        [property: MaxLength(Material.MaxName)] string? Name, [property: Required, MaxLength(255)] string? FileName, [property: Required] long? Bytes,
        [property: Required, RegularExpression("^[0-9A-Fa-f]{64}$")] string? Sha256, [property: RegularExpression(ChecklistItem.CodePattern), MaxLength(40)] string? ItemCode, bool ConcernsMinor,
        [property: MaxLength(Id.Length)] string? ReplacesId);

    public static Task<IResult> Handle(
        Request request, CurrentUser user, HttpContext http, Idempotency idempotency, MaterialRepository materials, IOptions<MaterialsOptions> options) =>
        idempotency.RunAsync<UploadView>(http, StatusCodes.Status201Created, async tx =>
        {
            var name = UploadForm.NameOf(request.Name, request.FileName!);
            if (name.IsRefused) return name.Refusal!;
            if (request.Bytes is null or <= 0) return MaterialRefusals.Empty.At("bytes", "应大于0");
            if (request.Bytes > options.Value.MaxBytes) return MaterialRefusals.TooLarge.At("bytes", $"最多{options.Value.MaxBytes}字节");
            if (await CitizenRepository.EngageWhollyAsync(tx, user.Id) is not { } citizen) return IdentityRefusals.SessionRevoked;
            if (!citizen.HasConsented) return IdentityRefusals.ConsentRequired;
            if (request.ItemCode is not null && !await ChecklistRepository.ExistsAsync(tx, request.ItemCode)) return MaterialRefusals.UnknownItem.At("itemCode", "没有这个材料项目");
            if (request.ReplacesId is not null && await materials.FindOwnAsync(tx, request.ReplacesId, user.Id) is null) return CommonRefusals.NotFound.At("replacesId", "没有这份材料");
            if (await UploadRepository.CountOpenAsync(tx, user.Id) >= Upload.MaxOpen) return MaterialRefusals.TooManyUploads;
            if ((await MaterialRepository.UsedAsync(tx, user.Id)).Bytes + request.Bytes > options.Value.QuotaBytes) return MaterialRefusals.QuotaExceeded;
            var upload = new Upload
            {
                Id = tx.NewId(), OwnerId = user.Id, Name = name.Value, ItemCode = request.ItemCode, ConcernsMinor = request.ConcernsMinor, Bytes = request.Bytes.Value,
                Sha256 = request.Sha256!.ToLowerInvariant(), ReplacesId = request.ReplacesId, ExpiresAt = tx.Now + options.Value.UploadFor,
            };
            await UploadRepository.InsertAsync(tx, upload);
            await tx.AuditAsync(user.Actor, "materials.begin-upload", "upload", upload.Id);
            return UploadView.Of(upload, []);
        });

    public static async Task<IResult> GetAsync(string id, CurrentUser user, HttpContext http, UploadRepository uploads) =>
        await uploads.ReadOwnAsync(id, user.Id, http.RequestAborted) is { } found ? Replies.Of(UploadView.Of(found.Upload, found.Parts)) : CommonRefusals.NotFound.ToResult();

    public static Task<IResult> CancelAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, UploadRepository uploads) =>
        idempotency.RunAsync<UploadView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await uploads.FindOwnAsync(tx, id, user.Id) is not { } upload) return CommonRefusals.NotFound;
            var cancelled = upload.Cancel();
            if (cancelled.IsRefused) return cancelled.Refusal!;
            await uploads.SaveAsync(tx, upload);
            await tx.AuditAsync(user.Actor, "materials.cancel-upload", "upload", id);
            return UploadView.Of(upload, []);
        });
}
