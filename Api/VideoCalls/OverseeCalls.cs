using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>Whether all calls are as they must be, and how many there were: from what happened. Days are China's; a call counts on the day it was over.</summary>
public static class OverseeCalls
{
    private const int MostDays = 400;

    /// <param name="Calls">All that were over in that time.</param>
    /// <param name="Connected">In which the two have talked.</param>
    /// <param name="TalkedMinutes">Together, rounded down over all.</param>
    /// <param name="MissedByCitizen">The citizen did not come.</param>
    /// <param name="MissedByOffice">The office did not come.</param>
    /// <param name="MissedByBoth">Neither came.</param>
    /// <param name="PlatformFailed">The video service failed.</param>
    /// <param name="NetworkLost">One side did not come back.</param>
    /// <param name="WentToMessages">Went on as messages.</param>
    /// <param name="ByPhone">Ended on the telephone.</param>
    /// <param name="WithoutSummary">The obligatory words are missing.</param>
    public sealed record Statistics(
        DateOnly From, DateOnly Until, int Calls, int Connected, long TalkedMinutes, int MissedByCitizen, int MissedByOffice, int MissedByBoth, int Cancelled, int PlatformFailed, int NetworkLost,
        int WentToMessages, int ByPhone, int WithoutSummary);

    public static async Task<IResult> CheckAsync(HttpContext http, CallOversight oversight, TimeProvider time) =>
        Results.Json(await oversight.CheckAsync(time.GetUtcNow(), http.RequestAborted), WireJson.Options);

    public static async Task<IResult> CountAsync(DateOnly? from, int? days, string? organisationId, HttpContext http, CallOversight oversight, RegistryQueries registry, TimeProvider time)
    {
        if (days is < 1 or > MostDays) return CommonRefusals.Invalid.At("days", $"应为1到{MostDays}").ToResult();
        var first = from ?? time.GetUtcNow().DateInChina().AddDays(1 - (days ?? 30));
        if (first.Year is < 2000 or > 2100) return CommonRefusals.Invalid.At("from", "日期不正确").ToResult();
        string? path = null;
        if (!string.IsNullOrEmpty(organisationId) && (!Id.IsWellFormed(organisationId) || (path = await registry.PathAsync(organisationId, http.RequestAborted)) is null)) return CommonRefusals.NotFound.ToResult();
        var until = first.AddDays(days ?? 30);
        var figures = await oversight.FiguresAsync(Begin(first), Begin(until), path, http.RequestAborted);
        int Count(Func<CallFigure, bool> which) => figures.Where(which).Sum(f => f.N);
        return Results.Json(new Statistics(
            first, until.AddDays(-1), figures.Sum(f => f.N), figures.Sum(f => f.Connected), figures.Sum(f => f.TalkedMs) / 60_000, Count(f => f.Absent == CallAbsence.Citizen),
            Count(f => f.Absent == CallAbsence.Staff), Count(f => f.Absent == CallAbsence.Both), Count(f => f.State == CallState.Cancelled), Count(f => f.How == CallEnd.PlatformFailed),
            Count(f => f.How == CallEnd.NetworkLost), Count(f => f.How == CallEnd.WentToMessages), Count(f => f.Medium == CallMedium.Phone && f.State == CallState.Ended), figures.Sum(f => f.Owed)),
            WireJson.Options);
    }

    private static DateTimeOffset Begin(DateOnly day) => new(day, TimeOnly.MinValue, ChinaTime.Offset);
}
