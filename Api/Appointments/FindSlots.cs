using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>Free starts of one person or desk on one day. Open to all: one looks before one signs in.</summary>
public static class FindSlots
{
    /// <param name="Items">In order of time; empty when nothing is free.</param>
    public sealed record Response(DateOnly Date, IReadOnlyList<SlotView> Items);

    public static async Task<IResult> Handle(
        string? resourceId, string? serviceCode, string? mode, DateOnly? date, HttpContext http, AvailabilityProjection availability, ServiceRepository services, TimeProvider time)
    {
        if (!Id.IsWellFormed(resourceId)) return CommonRefusals.Invalid.At("resourceId", "请选择服务人员或窗口").ToResult();
        if (date is null || date.Value.Year is < 2000 or > 2100) return CommonRefusals.Invalid.At("date", "请选择日期").ToResult();
        var meeting = QueryWords.Read(mode, "mode", MeetingMode.InPerson);
        if (meeting.IsRefused) return meeting.Refusal!.ToResult();
        if (await services.FindAsync(serviceCode, http.RequestAborted) is not { } service) return AppointmentRefusals.UnknownService.At("serviceCode", "没有这个预约事项").ToResult();
        var reading = await availability.ReadAsync([resourceId!], date.Value, 1, http.RequestAborted);
        var wish = new SlotWish(service, meeting.Value, BookingSide.Citizen);
        var day = reading.Days[(resourceId!, date.Value)];
        if (day.CalendarMissing) return Domain.Clocks.ClockRefusals.CalendarMissing.ToResult();
        return Results.Json(new Response(date.Value, [.. Availability.FreeSlots(day, wish, reading.Holds, time.GetUtcNow()).Select(SlotView.Of)]), WireJson.Options);
    }
}
