using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// Free starts of one day: of one person or desk, or of anybody in a unit, a town, or the district, by service, speciality and language. Open to
/// all: one looks before one signs in.
/// </summary>
public static class FindSlots
{
    /// <summary>Whoever is free at a start is named up to so many; more is a number.</summary>
    public const int Named = 3;

    /// <param name="Items">In order of time; empty when nothing is free.</param>
    public sealed record Response(DateOnly Date, IReadOnlyList<StartView> Items);

    /// <summary>号源: a start that can be booked, with whoever can be booked then.</summary>
    /// <param name="FreeSeats">How many people can still book it, with all of them together.</param>
    /// <param name="Who">Those who have least that day first, at most three.</param>
    /// <param name="WhoCount">How many people and desks are free then.</param>
    public sealed record StartView(DateTimeOffset StartsAt, DateTimeOffset EndsAt, int FreeSeats, IReadOnlyList<WhoView> Who, int WhoCount);

    /// <param name="ResourceId">To be passed on when holding and booking.</param>
    /// <param name="OrganisationId">Where it would be.</param>
    /// <param name="Name">Of the person or the desk; null when it was added just now.</param>
    public sealed record WhoView(string ResourceId, string OrganisationId, string? Name)
    {
        public static WhoView Of(FoundStart found, BookableSnapshot directory) =>
            new(found.Day.ResourceId, found.Start.Opening.OrganisationId, directory.Find(found.Day.ResourceId)?.Name);
    }

    public static async Task<IResult> Handle(
        string? resourceId, string? organisationId, string? townCode, string? serviceCode, string? mode, string? speciality, string? language, DateOnly? date, HttpContext http, SlotSearch search)
    {
        if (date is null || date.Value.Year is < 2000 or > 2100) return CommonRefusals.Invalid.At("date", "请选择日期").ToResult();
        var scope = await search.ReadAsync(new SlotQuestion(resourceId, organisationId, townCode, serviceCode, mode, speciality, language), http.RequestAborted);
        if (scope.IsRefused) return scope.Refusal!.ToResult();
        var found = await search.FindAsync(scope.Value, date.Value, 1, http.RequestAborted);
        if (found.CalendarMissing[0] && found.Starts[0].Count == 0) return Domain.Clocks.ClockRefusals.CalendarMissing.ToResult();
        return Results.Json(new Response(date.Value, Group(found.Starts[0], date.Value, scope.Value)), WireJson.Options);
    }

    private static List<StartView> Group(IReadOnlyList<FoundStart> starts, DateOnly date, SlotScope scope)
    {
        var views = new List<StartView>();
        foreach (var same in starts.GroupBy(s => s.Start.Minute).OrderBy(g => g.Key))
        {
            var who = same.OrderBy(s => s.Day.Taken.Count).ToList();
            var at = Raster.At(date, same.Key);
            views.Add(new StartView(
                at, at.AddMinutes(scope.Wish.Service.DurationMinutes), who.Sum(s => s.Start.FreeSeats), [.. who.Take(Named).Select(s => WhoView.Of(s, scope.Directory))], who.Count));
        }
        return views;
    }
}
