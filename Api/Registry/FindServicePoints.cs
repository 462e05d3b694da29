using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Registry;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Registry;

/// <summary>
/// Where one can go, in the order of the tree; with <c>near</c> the nearest first and how far it is; with <c>circle=true</c> only what the city's
/// half hour or the village's hour reaches.
/// </summary>
public static class FindServicePoints
{
    private const string List = "service-points";

    /// <summary>A place where people are received.</summary>
    /// <param name="Latitude">GCJ-02, degrees; null where no position is registered.</param>
    /// <param name="Metres">In a straight line; null unless <c>near</c> was given.</param>
    /// <param name="Minutes">On the way, estimated; null unless <c>near</c> was given.</param>
    public sealed record ServicePointView(
        string Id, string Name, OrganisationKind Kind, string KindText, string RegionCode, string? RegionName, string? Address, string? Phone, double? Latitude, double? Longitude, string? OpeningHours,
        AreaKind? AreaKind, string? AreaKindText, int? Metres, int? Minutes)
    {
        public static ServicePointView Of(OrganisationRow o, double? metres, ServiceCircle circle)
        {
            var kind = OrganisationKinds.Parse(o.Kind);
            return new ServicePointView(
                o.Id, o.Name, kind, kind.Label(), o.RegionCode, o.RegionName, o.Address, o.Phone, o.Latitude / 1e6, o.Longitude / 1e6, o.OpeningHours, o.AreaKind, o.AreaKind?.Label(),
                metres is { } far ? (int)Math.Round(far) : null, metres is { } way ? circle.Minutes(way, o.AreaKind) : null);
        }
    }

    public static async Task<IResult> Handle(
        string? regionCode, string? townCode, string? serviceCode, string? text, string? near, bool? circle, string? cursor, int? limit, HttpContext http, ServicePointQueries points,
        ServiceRepository services, Cursors cursors, IOptions<RegistryOptions> options, TimeProvider time)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var position = Position.Read(near, "near");
        if (position.IsRefused) return position.Refusal!.ToResult();
        if (circle == true && position.Value is null) return CommonRefusals.Invalid.At("near", "按服务圈筛选须提供所在位置").ToResult();
        // The position is part of the list's name: a cursor is good for the place it was made at.
        var list = position.Value is { } at ? $"{List} {at.Latitude} {at.Longitude}" : List;
        var last = cursors.Read(list, cursor);
        if (last.IsRefused) return last.Refusal!.ToResult();
        var filter = await FilterAsync(regionCode, townCode, serviceCode, text, services, time, http.RequestAborted);
        if (filter.IsRefused) return filter.Refusal!.ToResult();

        if (position.Value is not { } here)
        {
            var rows = await points.ListAsync(filter.Value, last.Value, count.Value + 1, http.RequestAborted);
            return Results.Json(Paging.Of(rows, count.Value, o => ServicePointView.Of(o, null, options.Value.Circle), o => cursors.Write(list, o.Id)), WireJson.Options);
        }
        var found = await points.NearAsync(filter.Value, here, options.Value.FarthestKm * 1000, http.RequestAborted);
        IEnumerable<PointDistance> wanted = circle == true ? found.Where(p => options.Value.Circle.Holds(p.Metres, p.AreaKind)) : found;
        if (last.Value?.Split(' ', 2) is [var metres, var id] && double.Parse(metres, CultureInfo.InvariantCulture) is var edge)
            wanted = wanted.Where(p => p.Metres > edge || (p.Metres == edge && string.CompareOrdinal(p.Id, id) > 0));
        var page = wanted.Take(count.Value + 1).ToList();
        var details = await points.FindAsync([.. page.Select(p => p.Id)], http.RequestAborted);
        return Results.Json(
            Paging.Of([.. page.Where(p => details.ContainsKey(p.Id))], count.Value, p => ServicePointView.Of(details[p.Id], p.Metres, options.Value.Circle),
                p => cursors.Write(list, string.Create(CultureInfo.InvariantCulture, $"{p.Metres:R} {p.Id}"))),
            WireJson.Options);
    }

    private static async Task<Outcome<ServicePointFilter>> FilterAsync(
        string? regionCode, string? townCode, string? serviceCode, string? text, ServiceRepository services, TimeProvider time, CancellationToken cancel)
    {
        var region = RegionCodes.Read(regionCode, "regionCode");
        if (region.IsRefused) return region.Refusal!;
        var town = RegionCodes.Read(townCode, "townCode");
        if (town.IsRefused) return town.Refusal!;
        var words = Text.CleanOptional(text, "text", Organisation.MaxName);
        if (words.IsRefused) return words.Refusal!;
        ulong? mask = null;
        if (!string.IsNullOrEmpty(serviceCode))
        {
            if (await services.FindAsync(serviceCode, cancel) is not { } service) return AppointmentRefusals.UnknownService.At("serviceCode", "没有这个预约事项");
            mask = service.Mask;
        }
        return new ServicePointFilter(region.Value, town.Value, mask, words.Value, time.GetUtcNow().DateInChina());
    }
}
