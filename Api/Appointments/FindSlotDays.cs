using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>On which days something is free: the dots of a month.</summary>
public static class FindSlotDays
{
    public const int MaxDays = BookingTerms.StaffHorizonDays;

    /// <param name="Items">One for each day asked for, in order.</param>
    public sealed record Response(IReadOnlyList<DayView> Items);

    /// <param name="Starts">How many different starts are free.</param>
    /// <param name="Holiday">Name of the public holiday, such as 春节; null on other days.</param>
    /// <param name="CalendarMissing">The holidays of that year are not known yet: nothing is offered until they are.</param>
    public sealed record DayView(DateOnly Date, bool Free, int Starts, string? Holiday, bool CalendarMissing);

    public static async Task<IResult> Handle(
        string? resourceId, string? organisationId, string? townCode, string? serviceCode, string? mode, string? speciality, string? language, DateOnly? from, int? days, HttpContext http, SlotSearch search,
        TimeProvider time)
    {
        var first = from ?? time.GetUtcNow().DateInChina();
        if (first.Year is < 2000 or > 2100) return CommonRefusals.Invalid.At("from", "请选择日期").ToResult();
        if (days is < 1 or > MaxDays) return CommonRefusals.Invalid.At("days", $"应为1到{MaxDays}").ToResult();
        var scope = await search.ReadAsync(new SlotQuestion(resourceId, organisationId, townCode, serviceCode, mode, speciality, language), http.RequestAborted);
        if (scope.IsRefused) return scope.Refusal!.ToResult();
        var found = await search.FindAsync(scope.Value, first, days ?? 31, http.RequestAborted);
        return Results.Json(new Response([.. found.Starts.Select((starts, n) => ViewOf(first.AddDays(n), starts, found.CalendarMissing[n], scope.Value.Directory))]), WireJson.Options);
    }

    private static DayView ViewOf(DateOnly day, IReadOnlyList<FoundStart> starts, bool missing, BookableSnapshot directory)
    {
        var different = UInt128.Zero;
        foreach (var found in starts) different |= UInt128.One << (found.Start.Minute / Raster.Minutes);
        var holiday = directory.Calendar.Knows(day.Year) && directory.Calendar.IsHoliday(day) ? directory.Calendar.Named(day)!.Name : null;
        return new DayView(day, starts.Count > 0, (int)UInt128.PopCount(different), holiday, missing);
    }
}
