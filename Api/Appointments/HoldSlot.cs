using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// Keeps a slot for the minutes it takes to fill in the form, before signing in, too. A courtesy and not a promise: with Redis gone it is
/// lost, and the unique key of the raster decides all the same.
/// </summary>
public static class HoldSlot
{
    /// <param name="StartsAt">One of the starts of <c>GET /v1/slots</c>.</param>
    public sealed record Request(
        [property: Required, MaxLength(96)] string? ServiceCode, [property: Required] MeetingMode? Mode, [property: Required, MaxLength(Id.Length)] string? ResourceId,
        [property: Required] DateTimeOffset? StartsAt);

    /// <param name="HoldId">A secret; give it back when booking.</param>
    public sealed record Response(string HoldId, string ResourceId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset ExpiresAt);

    public static async Task<IResult> Handle(
        Request request, HttpContext http, AvailabilityProjection availability, IAvailabilityStore store, ServiceRepository services, IOptions<AppointmentsOptions> options, TimeProvider time)
    {
        var (startsAt, now) = (request.StartsAt!.Value, time.GetUtcNow());
        if (!Id.IsWellFormed(request.ResourceId)) return AppointmentRefusals.UnknownResource.At("resourceId", "没有这个服务人员或窗口").ToResult();
        if (startsAt.Year is < 2000 or > 2100) return AppointmentRefusals.SlotOutsideHours.At("startsAt", "日期不正确").ToResult();
        if (await services.FindAsync(request.ServiceCode, http.RequestAborted) is not { } service) return AppointmentRefusals.UnknownService.At("serviceCode", "没有这个预约事项").ToResult();
        var reading = await availability.ReadAsync([request.ResourceId!], startsAt.DateInChina(), 1, http.RequestAborted);
        var day = reading.Days[(request.ResourceId!, startsAt.DateInChina())];
        var place = Availability.Judge(day, new SlotWish(service, request.Mode!.Value, BookingSide.Citizen), startsAt, reading.Holds, null, now);
        if (place.IsRefused) return place.Refusal!.ToResult();
        var free = place.Value.Seats.Where(s => (day.TakenIn(place.Value.Span) & (1 << s)) == 0).ToList();
        if (free.Count == 0) return AppointmentRefusals.SlotTaken.ToResult();

        var expires = DateTimeOffset.FromUnixTimeMilliseconds((now + options.Value.HoldFor).ToUnixTimeMilliseconds());
        try
        {
            var held = await store.TryHoldAsync(
                new HoldWish(RandomNumberGenerator.GetHexString(32, lowercase: true), day.ResourceId, day.Day, place.Value.Span, free, expires, HolderOf(http), options.Value.MaxHolds), now, http.RequestAborted);
            if (held.TooMany) return AppointmentRefusals.TooManyHolds.ToResult();
            return held.Hold is { } hold
                ? Results.Json(new Response(hold.Id, hold.ResourceId, startsAt, startsAt.AddMinutes(service.DurationMinutes), hold.ExpiresAt), WireJson.Options, statusCode: StatusCodes.Status201Created)
                : AppointmentRefusals.SlotHeld.ToResult();
        }
        catch (AvailabilityStoreException)
        {
            return AppointmentRefusals.HoldUnavailable.ToResult();
        }
    }

    /// <summary>Whoever has the secret may let go; what is not there is let go already.</summary>
    public static async Task<IResult> ReleaseAsync(string id, HttpContext http, IAvailabilityStore store)
    {
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower)) return CommonRefusals.NotFound.ToResult();
        try
        {
            await store.ReleaseHoldAsync(id, http.RequestAborted);
        }
        catch (AvailabilityStoreException)
        {
            return AppointmentRefusals.HoldUnavailable.ToResult();
        }
        return Results.Json(new Released(id), WireJson.Options);
    }

    public sealed record Released(string HoldId);

    private static string HolderOf(HttpContext http) =>
        http.User.Identity?.IsAuthenticated == true ? CurrentUser.Of(http.User).Id : $"address-{http.Connection.RemoteIpAddress}";
}
