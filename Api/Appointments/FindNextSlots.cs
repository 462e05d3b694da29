using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Appointments;

/// <summary>Who can be had soonest: of each person or desk the first free start, the soonest ten.</summary>
public static class FindNextSlots
{
    private const int Most = 10;

    /// <summary>Most questions are answered by the nearest days; only when they are full the rest is read.</summary>
    private const int Near = 14;

    /// <param name="Items">Soonest first; fewer than ten when fewer can be booked.</param>
    public sealed record Response(IReadOnlyList<NextView> Items);

    /// <param name="Name">Of the person or the desk; null when it was added just now.</param>
    public sealed record NextView(string ResourceId, string OrganisationId, string? Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int FreeSeats);

    public static async Task<IResult> Handle(
        string? resourceId, string? organisationId, string? townCode, string? serviceCode, string? mode, string? speciality, string? language, HttpContext http, SlotSearch search, TimeProvider time)
    {
        var scope = await search.ReadAsync(new SlotQuestion(resourceId, organisationId, townCode, serviceCode, mode, speciality, language), http.RequestAborted);
        if (scope.IsRefused) return scope.Refusal!.ToResult();
        var today = time.GetUtcNow().DateInChina();
        var near = await search.FindAsync(scope.Value, today, Near, http.RequestAborted);
        var soonest = Soonest(near);
        if (soonest.Count < Math.Min(Most, scope.Value.ResourceIds.Count))
        {
            var seen = soonest.Select(f => f.Day.ResourceId).ToHashSet(StringComparer.Ordinal);
            var others = scope.Value with { ResourceIds = [.. scope.Value.ResourceIds.Where(id => !seen.Contains(id))] };
            soonest.AddRange(Soonest(await search.FindAsync(others, today.AddDays(Near), BookingTerms.StaffHorizonDays + 1 - Near, http.RequestAborted)));
        }
        return Results.Json(new Response([.. soonest.Take(Most).Select(f => ViewOf(f, scope.Value))]), WireJson.Options);
    }

    private static List<FoundStart> Soonest(SlotSearchResult found)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. found.Starts.SelectMany(day => day.OrderBy(f => f.Start.Minute).ThenBy(f => f.Day.Taken.Count)).Where(f => seen.Add(f.Day.ResourceId)).Take(Most)];
    }

    private static NextView ViewOf(FoundStart found, SlotScope scope)
    {
        var at = Raster.At(found.Day.Day, found.Start.Minute);
        var who = FindSlots.WhoView.Of(found, scope.Directory);
        return new NextView(who.ResourceId, who.OrganisationId, who.Name, at, at.AddMinutes(scope.Wish.Service.DurationMinutes), found.Start.FreeSeats);
    }
}
