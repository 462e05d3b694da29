using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Clocks;

namespace MicroPlatform.Api.Appointments;

/// <summary>Makes the copy of availability anew: all of it, one resource's, or one day of one. Harmless at any time: bookings never trust the copy.</summary>
public static class RebuildAvailability
{
    /// <param name="ResourceId">Absent: everything is thrown away and made anew.</param>
    /// <param name="Date">With <paramref name="ResourceId"/> only. Absent: all days that can be booked.</param>
    public sealed record Request([property: MaxLength(Id.Length)] string? ResourceId, DateOnly? Date);

    /// <param name="Days">Days of resources that were made anew.</param>
    public sealed record Response(int Days);

    public static async Task<IResult> Handle(
        Request request, CurrentUser user, HttpContext http, Idempotency idempotency, AvailabilityProjection availability, BookableDirectory directory, TimeProvider time)
    {
        var today = time.GetUtcNow().DateInChina();
        if (request.ResourceId is null && request.Date is not null) return CommonRefusals.Invalid.At("resourceId", "按日期重建时请指定人员或窗口").ToResult();
        if (request.ResourceId is not null && !Id.IsWellFormed(request.ResourceId)) return AppointmentRefusals.UnknownResource.At("resourceId", "没有这个服务人员或窗口").ToResult();
        if (request.Date is { } date && (date < today || date >= today.AddDays(AvailabilityProjection.Days)))
            return CommonRefusals.Invalid.At("date", $"应为今天起{AvailabilityProjection.Days}天以内").ToResult();
        directory.Forget();
        int days;
        try
        {
            // Outside the transaction: no row is locked while a store is waited for. Doing it twice does no harm.
            days = request.ResourceId is not { } one ? await availability.RebuildFromNothingAsync(http.RequestAborted)
                : request.Date is { } day ? await availability.RefreshAsync([one], day, 1, http.RequestAborted)
                : await availability.RefreshAsync([one], today, AvailabilityProjection.Days, http.RequestAborted);
        }
        catch (AvailabilityStoreException)
        {
            return AppointmentRefusals.CopyUnavailable.ToResult();
        }
        return await idempotency.RunAsync<Response>(http, StatusCodes.Status200OK, async tx =>
        {
            await tx.AuditAsync(user.Actor, "availability.rebuild", "availability", request.ResourceId ?? "all", DayCode.Of(request.Date));
            return new Response(days);
        });
    }
}
