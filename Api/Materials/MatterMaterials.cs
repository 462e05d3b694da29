using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Materials;

/// <summary>The checklist of a matter with what was handed in, what is missing and what was sent back; the same for the citizen and the office.</summary>
public static class MatterMaterials
{
    public static async Task<IResult> MineAsync(string id, CurrentUser user, HttpContext http, Database database, Infrastructure.Matters.MatterRepository matters, NoticeRepository notices) =>
        (await database.WriteAsync<MatterMaterialsView>(async tx =>
            Id.IsWellFormed(id) && await matters.FindAsync(tx, id) is { } matter && matter.CitizenId == user.Id ? await ReadAsync(tx, id, matter.CategoryCode, notices) : CommonRefusals.NotFound, http.RequestAborted)).ToReply();

    public static async Task<IResult> StaffAsync(string id, CurrentUser user, HttpContext http, Database database, MaterialScope scope, NoticeRepository notices) =>
        (await database.WriteAsync<MatterMaterialsView>(async tx =>
            await scope.MatterForAsync(tx, id, user) is { } found ? await ReadAsync(tx, id, found.Matter.CategoryCode, notices) : CommonRefusals.NotFound, http.RequestAborted)).ToReply();

    /// <summary>After a write the whole comes back (R27).</summary>
    internal static async Task<MatterMaterialsView> ReadAsync(UnitOfWork tx, string matterId, string categoryCode, NoticeRepository notices) => MatterMaterialsView.Of(
        matterId, await ChecklistRepository.ForAsync(tx, categoryCode), await MaterialQueries.OfMatterAsync(tx, matterId), await notices.OpenOfAsync(tx, matterId));
}
