using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>The telephone numbers of the units, in the order of the tree.</summary>
public static class ReadPhoneBook
{
    private const string List = "phone-book";

    /// <param name="Depth">Level in the tree, 1 for the root: for indenting.</param>
    public sealed record Entry(string OrganisationId, string? ParentId, int Depth, string Name, OrganisationKind Kind, string KindText, string Phone, string? Address, string? OpeningHours)
    {
        public static Entry Of(OrganisationRow o)
        {
            var kind = OrganisationKinds.Parse(o.Kind);
            return new Entry(o.Id, o.ParentId, Organisation.DepthOf(o.Path), o.Name, kind, kind.Label(), o.Phone!, o.Address, o.OpeningHours);
        }
    }

    /// <param name="Items">By code: each region before those in it.</param>
    public sealed record RegionsResponse(IReadOnlyList<Region> Items);

    /// <param name="ParentCode">Null for the topmost.</param>
    public sealed record Region(string Code, string? ParentCode, string Name);

    public static async Task<IResult> Handle(string? cursor, int? limit, HttpContext http, OrganisationQueries organisations, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var position = cursors.Read(List, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        var rows = await organisations.WithPhoneAsync(position.Value, count.Value + 1, http.RequestAborted);
        return Etags.Public(http, Paging.Of(rows, count.Value, Entry.Of, o => cursors.Write(List, o.Id)), TimeSpan.FromMinutes(1));
    }

    /// <summary>Towns and villages of the district.</summary>
    public static async Task<IResult> RegionsAsync(HttpContext http, CodeQueries codes) => Etags.Public(
        http, new RegionsResponse([.. (await codes.RegionsAsync(http.RequestAborted)).Select(r => new Region(r.Code, r.ParentCode, r.Name))]), TimeSpan.FromMinutes(1));
}
