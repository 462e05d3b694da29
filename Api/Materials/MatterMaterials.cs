using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Materials;

/// <summary>The checklist of a matter with what was handed in, what is missing and what was sent back; the same for the citizen and the office.</summary>
public static class MatterMaterials
{
    public static async Task<IResult> MineAsync(string id, CurrentUser user, HttpContext http, MatterQueries matters, ChecklistRepository lists, MaterialQueries materials, NoticeRepository notices) =>
        Id.IsWellFormed(id) && await matters.FindAsync(id, http.RequestAborted) is { } matter && matter.CitizenId == user.Id
            ? await ReadAsync(matter, http, lists, materials, notices)
            : CommonRefusals.NotFound.ToResult();

    public static async Task<IResult> StaffAsync(
        string id, CurrentUser user, HttpContext http, MatterQueries matters, ChecklistRepository lists, MaterialQueries materials, NoticeRepository notices, RegistryQueries registry) =>
        Id.IsWellFormed(id) && await matters.FindAsync(id, http.RequestAborted) is { } matter
            && (matter.HandlerId == user.Id || (await registry.ScopeAsync(user.Id, http.RequestAborted)).Covers(matter.OrganisationPath))
            ? await ReadAsync(matter, http, lists, materials, notices)
            : CommonRefusals.NotFound.ToResult();

    /// <summary>After a write the whole comes back (R27).</summary>
    internal static async Task<MatterMaterialsView> ReadAsync(UnitOfWork tx, string matterId, string categoryCode, NoticeRepository notices) => MatterMaterialsView.Of(
        matterId, await ChecklistRepository.ForAsync(tx, categoryCode), await MaterialQueries.OfMatterAsync(tx, matterId), await notices.OpenOfAsync(tx, matterId));

    private static async Task<IResult> ReadAsync(MatterRow matter, HttpContext http, ChecklistRepository lists, MaterialQueries materials, NoticeRepository notices) => Replies.Of(MatterMaterialsView.Of(
        matter.Id, await lists.ForAsync(matter.CategoryCode, http.RequestAborted), await materials.OfMatterAsync(matter.Id, http.RequestAborted),
        (await notices.OfAsync(matter.Id, http.RequestAborted)).FirstOrDefault(n => n.State == NoticeState.Open)));
}
