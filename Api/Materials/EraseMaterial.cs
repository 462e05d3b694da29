using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;

namespace MicroPlatform.Api.Materials;

/// <summary>
/// Takes back what nobody has used, for good: the key of its bytes is destroyed with it. The answer is a proof, which can be read again. What a matter relies on
/// stays until its time of keeping is over (PIPL art. 47).
/// </summary>
public static class EraseMaterial
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Idempotency idempotency, MaterialRepository materials, Erasures erasures) =>
        idempotency.RunAsync<ErasureView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (await materials.FindOwnAsync(tx, id, user.Id) is not { State: not MaterialState.Quarantined } material) return CommonRefusals.NotFound;
            if (material.State == MaterialState.Erased) return ErasureView.Of((await Erasures.FindAsync(tx, id))!, erasures);
            var deleted = material.Delete(tx.Now);
            if (deleted.IsRefused) return deleted.Refusal!;
            return ErasureView.Of(await erasures.EraseAsync(tx, material, ErasureReason.Requested, user.Actor), erasures);
        });

    public static async Task<IResult> ProofAsync(string id, CurrentUser user, HttpContext http, Erasures erasures) =>
        Id.IsWellFormed(id) && await erasures.FindAsync(id, http.RequestAborted) is { } proof && proof.OwnerId == user.Id ? Replies.Of(ErasureView.Of(proof, erasures)) : CommonRefusals.NotFound.ToResult();
}
