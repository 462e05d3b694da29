using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Materials;

/// <summary>One part, as bare bytes (<c>wx.request</c> with an ArrayBuffer). Sent again it takes the place of the first; the answer says which parts are there.</summary>
public static class PutPart
{
    public static async Task<IResult> Handle(
        string id, int number, CurrentUser user, HttpContext http, Database database, UploadRepository uploads, MaterialIntake intake, MaterialObjects objects)
    {
        if (await uploads.ReadOwnAsync(id, user.Id, http.RequestAborted) is not { } looked) return CommonRefusals.NotFound.ToResult();
        // Before its bytes are taken in: a part that is too long is refused by its length.
        var early = looked.Upload.Put(number, http.Request.ContentLength ?? (number < 1 || number > looked.Upload.Parts ? 0 : looked.Upload.BytesOf(number)));
        if (early.IsRefused) return early.Refusal!.ToResult();
        var received = await intake.ReceiveAsync(http.Request.Body, http.RequestAborted);
        if (received.IsRefused) return received.Refusal!.ToResult();
        using var part = received.Value;
        var fits = looked.Upload.Put(number, part.Bytes);
        if (fits.IsRefused) return fits.Refusal!.ToResult();
        var made = await intake.KeepPartAsync(part, http.RequestAborted);
        try
        {
            return (await database.WriteAsync<UploadView>(async tx =>
            {
                if (await uploads.FindOwnAsync(tx, id, user.Id) is not { } upload) return CommonRefusals.NotFound;
                var put = upload.Put(number, made.Bytes);
                if (put.IsRefused) return put.Refusal!;
                await uploads.PutPartAsync(tx, upload, number, made);
                return UploadView.Of(upload, await UploadRepository.PartsAsync(tx, id));
            }, http.RequestAborted)).ToReply();
        }
        finally
        {
            await objects.DropUnlessKeptAsync([made]);
        }
    }
}
