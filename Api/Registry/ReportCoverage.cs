using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Clocks;
using MicroPlatform.Infrastructure.Registry;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Registry;

/// <summary>
/// Where the district has gaps: service points where nobody sits in the next two weeks or on some working day of them, and villages without a legal
/// adviser. Within the caller's units; an administrator sees all.
/// </summary>
public static class ReportCoverage
{
    /// <param name="Until">Last day looked at.</param>
    public sealed record Response(DateOnly From, DateOnly Until, PointsReport Points, VillagesReport Villages);

    /// <param name="Served">Points where somebody sits on at least one of the days.</param>
    /// <param name="Percent">Two decimals, half up; null where there are no points. 100 means all.</param>
    /// <param name="Gaps">Points with a working day without anybody.</param>
    public sealed record PointsReport(int Total, int Served, decimal? Percent, IReadOnlyList<PointGap> Gaps);

    /// <param name="Never">Nobody sits there at all in that time.</param>
    /// <param name="Days">The working days without anybody.</param>
    public sealed record PointGap(string OrganisationId, string Name, string RegionCode, bool Never, IReadOnlyList<DateOnly> Days);

    /// <param name="Advised">Villages where a lawyer has a post or keeps hours.</param>
    /// <param name="Percent">Two decimals, half up; null where there are no villages. 100 means all.</param>
    public sealed record VillagesReport(int Total, int Advised, decimal? Percent, IReadOnlyList<VillageGap> Without);

    public sealed record VillageGap(string OrganisationId, string Name, string RegionCode);

    public static async Task<IResult> Handle(
        CurrentUser user, HttpContext http, CoverageQueries coverage, RegistryQueries registry, AvailabilityProjection availability, CalendarStore calendars, IOptions<RegistryOptions> options,
        TimeProvider time)
    {
        var cancel = http.RequestAborted;
        var paths = user.Is(Role.Administrator) ? null : (await registry.ScopeAsync(user.Id, cancel)).DirectedPaths;
        var (from, days) = (time.GetUtcNow().DateInChina(), options.Value.CoverageDays);
        var calendar = await calendars.ReadAsync(cancel);
        if (!calendar.Knows(from.Year) || !calendar.Knows(from.AddDays(days - 1).Year)) return ClockRefusals.CalendarMissing.ToResult();

        var sat = new HashSet<(string Unit, DateOnly Day)>();
        var resources = (await coverage.SittingsAsync(paths, from, cancel)).Select(s => s.ResourceId).Distinct().ToList();
        foreach (var some in resources.Chunk(200))
            foreach (var day in (await availability.ReadAsync(some, from, days, cancel)).Days.Values)
                foreach (var opening in day.Openings) sat.Add((opening.OrganisationId, day.Day));

        var all = Enumerable.Range(0, days).Select(from.AddDays).ToList();
        var points = await coverage.PointsAsync(paths, cancel);
        var gaps = points.Select(p => new PointGap(
            p.Id, p.Name, p.RegionCode, !all.Any(d => sat.Contains((p.Id, d))), [.. all.Where(d => calendar.IsWorkingDay(d) && !sat.Contains((p.Id, d)))])).ToList();
        var served = gaps.Count(g => !g.Never);
        var villages = await coverage.VillagesAsync(paths, from, cancel);
        var advised = villages.Count(v => v.Advised);
        return Results.Json(
            new Response(
                from, all[^1], new PointsReport(points.Count, served, Rate.Percent(served, points.Count), [.. gaps.Where(g => g.Never || g.Days.Count > 0)]),
                new VillagesReport(villages.Count, advised, Rate.Percent(advised, villages.Count), [.. villages.Where(v => !v.Advised).Select(v => new VillageGap(v.Id, v.Name, v.RegionCode))])),
            WireJson.Options);
    }
}
