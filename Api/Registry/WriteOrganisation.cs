using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Registry;

/// <summary>The administrator adds a unit, or edits what stands about one. With <c>validateOnly=true</c> it is only said what would come of it.</summary>
public static class WriteOrganisation
{
    /// <summary>What stands about a unit; an edit gives all of it.</summary>
    /// <param name="RegionCode">From <c>GET /v1/registry/regions</c>.</param>
    /// <param name="Latitude">GCJ-02, degrees; together with the longitude or not at all.</param>
    /// <param name="OpeningHours">As people read it, such as 周一至周五 9:00-12:00.</param>
    /// <param name="AreaKind">Needed where people can come to: how far counts as near.</param>
    public sealed record Facts(
        [property: Required] OrganisationKind? Kind, [property: Required, MaxLength(Organisation.MaxName)] string? Name, [property: Required, MaxLength(96)] string? RegionCode,
        [property: RegularExpression(Organisation.PhonePattern)] string? Phone, [property: MaxLength(Organisation.MaxAddress)] string? Address, double? Latitude, double? Longitude,
        [property: MaxLength(Organisation.MaxOpeningHours)] string? OpeningHours, bool IsServicePoint, AreaKind? AreaKind, bool TakesConsultations);

    /// <param name="ParentId">Null for the root of a tree of its own.</param>
    public sealed record AddRequest([property: MaxLength(Id.Length)] string? ParentId, [property: Required] Facts? Facts);

    public static Task<IResult> AddAsync(AddRequest request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        runs.RunAsync<OrganisationChange>(http, StatusCodes.Status201Created, validateOnly, async tx =>
        {
            var added = await CarryOutAddAsync(tx, user.Actor, request.ParentId, request.Facts!, "facts.");
            return added.IsRefused ? added.Refusal! : await ReplyAsync(tx, added.Value, validateOnly);
        });

    public static Task<IResult> EditAsync(string id, Facts request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        runs.RunAsync<OrganisationChange>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            var edited = await CarryOutEditAsync(tx, user.Actor, id, version.Value, request);
            return edited.IsRefused ? edited.Refusal! : await ReplyAsync(tx, id, validateOnly);
        });

    /// <param name="prefix">Where the facts stand in the request, for the <c>errors</c>.</param>
    /// <returns>The id.</returns>
    internal static async Task<Outcome<string>> CarryOutAddAsync(UnitOfWork tx, Actor actor, string? parentId, Facts request, string prefix)
    {
        await OrganisationRepository.LockTreeAsync(tx);
        var parent = await OrganisationRepository.FindAsync(tx, parentId);
        if (parentId is not null && parent is null) return RegistryRefusals.ParentUnknown.At("parentId", "没有这个机构");
        var facts = await ReadAsync(tx, request, prefix);
        if (facts.IsRefused) return facts.Refusal!;
        var added = Organisation.Add(tx.NewId(), parent, facts.Value);
        if (added.IsRefused) return added.Refusal!;
        await OrganisationRepository.InsertAsync(tx, added.Value);
        await tx.AuditAsync(actor, "organisations.add", "organisation", added.Value.Id, added.Value.ParentId);
        return added.Value.Id;
    }

    internal static async Task<Outcome<Done>> CarryOutEditAsync(UnitOfWork tx, Actor actor, string id, int version, Facts request)
    {
        var unit = await OpenAsync(tx, version, id);
        if (unit.IsRefused) return unit.Refusal!;
        var facts = await ReadAsync(tx, request, "");
        if (facts.IsRefused) return facts.Refusal!;
        var edited = unit.Value.Edit(facts.Value, await OrganisationRepository.FindAsync(tx, unit.Value.ParentId), await OrganisationRepository.ChildKindsAsync(tx, id));
        if (edited.IsRefused) return edited.Refusal!;
        await OrganisationRepository.SaveAsync(tx, edited.Value);
        await tx.AuditAsync(actor, "organisations.edit", "organisation", id);
        return Done.It;
    }

    /// <summary>The unit to be changed, in the version that the editor saw, with the tree held still. All writes come before the first read: what is read then is the latest.</summary>
    /// <param name="beforeReading">Further writes of that sort.</param>
    internal static async Task<Outcome<Organisation>> OpenAsync(UnitOfWork tx, int version, string id, Func<Task>? beforeReading = null)
    {
        if (!Id.IsWellFormed(id)) return CommonRefusals.NotFound;
        await OrganisationRepository.LockTreeAsync(tx);
        var raised = await OrganisationRepository.RaiseAsync(tx, id, version);
        if (raised && beforeReading is not null) await beforeReading();
        if (await OrganisationRepository.FindAsync(tx, id) is not { } unit) return CommonRefusals.NotFound;
        return raised ? unit : CommonRefusals.VersionMismatch;
    }

    internal static async Task<OrganisationChange> ReplyAsync(UnitOfWork tx, string id, bool? validateOnly, int unitsMoved = 0, int withoutHours = 0) =>
        new(OrganisationView.Of(await OrganisationQueries.FindAsync(tx, id)), validateOnly == true, unitsMoved, withoutHours);

    /// <param name="prefix">Where the fields stand in the request, for the <c>errors</c>.</param>
    private static async Task<Outcome<OrganisationFacts>> ReadAsync(UnitOfWork tx, Facts facts, string prefix)
    {
        var name = Text.Clean(facts.Name, prefix + "name", Organisation.MaxName);
        if (name.IsRefused) return name.Refusal!;
        var address = Text.CleanOptional(facts.Address, prefix + "address", Organisation.MaxAddress);
        if (address.IsRefused) return address.Refusal!;
        var hours = Text.CleanOptional(facts.OpeningHours, prefix + "openingHours", Organisation.MaxOpeningHours);
        if (hours.IsRefused) return hours.Refusal!;
        var position = Position.Read(facts.Latitude, facts.Longitude);
        if (position.IsRefused) return position.Refusal! with { Errors = position.Refusal.Errors.ToDictionary(e => prefix + e.Key, e => e.Value) };
        if (facts.IsServicePoint && facts.AreaKind is null) return CommonRefusals.Invalid.At(prefix + "areaKind", "服务点须注明城市或农村");
        if (await MatterCodes.RegionAsync(tx, facts.RegionCode) is not { } region) return MatterRefusals.UnknownRegion;
        return new OrganisationFacts(
            facts.Kind!.Value, name.Value, region.Code, string.IsNullOrEmpty(facts.Phone) ? null : facts.Phone, address.Value, position.Value, hours.Value, facts.IsServicePoint, facts.AreaKind,
            facts.TakesConsultations);
    }
}
