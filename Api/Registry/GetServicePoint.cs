using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Registry;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Registry;

/// <summary>One service point: who and what can be booked there, and when somebody sits there today.</summary>
public static class GetServicePoint
{
    /// <param name="TodayHours">Spans in which anybody sits there today, by the rosters; empty: nobody does.</param>
    public sealed record Response(FindServicePoints.ServicePointView Point, DateOnly Today, IReadOnlyList<Span> TodayHours, IReadOnlyList<ResourceView> Resources);

    /// <summary>Times of day in China.</summary>
    public sealed record Span(string From, string To);

    /// <param name="ResourceId">For <c>GET /v1/slots</c>.</param>
    /// <param name="StaffId">For <c>GET /v1/lawyers/{id}</c>; null for a desk.</param>
    /// <param name="ServiceCodes">What can be booked with them today; all that can be booked is in the slots.</param>
    public sealed record ResourceView(string ResourceId, ResourceKind Kind, string KindText, string Name, string? StaffId, string? Title, IReadOnlyList<string> ServiceCodes);

    public static async Task<IResult> Handle(
        string id, HttpContext http, ServicePointQueries points, AvailabilityProjection availability, ServiceRepository services, IOptions<RegistryOptions> options, TimeProvider time)
    {
        if (!Id.IsWellFormed(id) || !(await points.FindAsync([id], http.RequestAborted)).TryGetValue(id, out var point)) return CommonRefusals.NotFound.ToResult();
        var today = time.GetUtcNow().DateInChina();
        var resources = await points.ResourcesAsync(id, today, http.RequestAborted);
        var days = (await availability.ReadAsync([.. resources.Select(r => r.Id)], today, 1, http.RequestAborted)).Days;
        if (days.Values.Any(d => d.CalendarMissing)) return ClockRefusals.CalendarMissing.ToResult();
        var here = days.ToDictionary(d => d.Key.ResourceId, d => d.Value.Openings.Where(o => o.OrganisationId == id).ToList());
        var offered = (await services.ListAsync(http.RequestAborted)).Where(s => s.Active).ToList();
        return Results.Json(
            new Response(
                FindServicePoints.ServicePointView.Of(point, null, options.Value.Circle), today, Union(here.Values.SelectMany(o => o)),
                [.. resources.Select(r => new ResourceView(
                    r.Id, r.Kind, r.Kind.Label(), r.Name, r.StaffId, r.Title,
                    [.. offered.Where(s => here[r.Id].Any(o => (o.Terms.Services & s.Mask) != 0)).Select(s => s.Code)]))]),
            WireJson.Options);
    }

    private static List<Span> Union(IEnumerable<Opening> openings)
    {
        var spans = new List<(int From, int To)>();
        foreach (var o in openings.OrderBy(o => o.FromMinute))
        {
            if (spans.Count > 0 && o.FromMinute <= spans[^1].To) spans[^1] = (spans[^1].From, Math.Max(spans[^1].To, o.ToMinute));
            else spans.Add((o.FromMinute, o.ToMinute));
        }
        return [.. spans.Select(s => new Span(Clock(s.From), Clock(s.To)))];
    }

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}
