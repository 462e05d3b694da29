using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>The units for the administrator, also those that are closed, in the order of the tree.</summary>
public static class ListOrganisations
{
    private const string List = "organisations";

    public static async Task<IResult> Handle(
        string? parentId, string? kind, string? text, bool? active, string? cursor, int? limit, HttpContext http, OrganisationQueries organisations, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var position = cursors.Read(List, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        if (!string.IsNullOrEmpty(parentId) && !Id.IsWellFormed(parentId)) return CommonRefusals.Invalid.At("parentId", "没有这个机构").ToResult();
        var wanted = QueryWords.Read(kind, "kind", OrganisationKind.Bureau);
        if (wanted.IsRefused) return wanted.Refusal!.ToResult();
        var name = Text.CleanOptional(text, "text", Organisation.MaxName);
        if (name.IsRefused) return name.Refusal!.ToResult();
        var filter = new OrganisationFilter(string.IsNullOrEmpty(parentId) ? null : parentId, string.IsNullOrEmpty(kind) ? null : wanted.Value, name.Value, active);
        var rows = await organisations.ListAsync(filter, position.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, OrganisationView.Of, o => cursors.Write(List, o.Id)), WireJson.Options);
    }

    public static async Task<IResult> GetAsync(string id, HttpContext http, OrganisationQueries organisations) =>
        Id.IsWellFormed(id) && await organisations.FindAsync(id, http.RequestAborted) is { } found
            ? Etags.Conditional(http, $"{found.Version}", OrganisationView.Of(found))
            : CommonRefusals.NotFound.ToResult();
}
