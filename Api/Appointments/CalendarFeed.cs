using System.Security.Cryptography;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// One's appointments in one's own calendar program (RFC 5545), by a secret address. Without names or reasons: service, mode, place, and the last four digits
/// of the number, because the address may end up in other hands than its owner's.
/// </summary>
public static class CalendarFeed
{
    private const string Type = "text/calendar; charset=utf-8";

    /// <summary>How much of the past a feed shows.</summary>
    private static readonly TimeSpan Past = TimeSpan.FromDays(30);

    /// <param name="Path">To be put behind the platform's address. Shown once; a new one ends it.</param>
    public sealed record Made(string Path);

    public sealed record Ended(bool Existed);

    public static Task<IResult> MakeAsync(CurrentUser user, HttpContext http, Idempotency idempotency) => idempotency.RunAsync<Made>(http, StatusCodes.Status201Created, async tx =>
    {
        var secret = RandomNumberGenerator.GetHexString(48, lowercase: true);
        await FeedRepository.PutAsync(tx, user.Id, secret);
        await tx.AuditAsync(user.Actor, "feeds.make", "staff", user.Id);
        return new Made($"/v1/calendar-feeds/{secret}.ics");
    });

    public static Task<IResult> EndAsync(CurrentUser user, HttpContext http, Idempotency idempotency) => idempotency.RunAsync<Ended>(http, StatusCodes.Status200OK, async tx =>
    {
        var existed = await FeedRepository.DeleteAsync(tx, user.Id) == 1;
        await tx.AuditAsync(user.Actor, "feeds.end", "staff", user.Id);
        return new Ended(existed);
    });

    /// <summary>A wrong secret and one that has ended are both not there.</summary>
    public static async Task<IResult> ReadAsync(string secret, HttpContext http, FeedRepository feeds, TimeProvider time)
    {
        if (secret.Length != 48 || !secret.All(char.IsAsciiHexDigitLower) || await feeds.OwnerAsync(secret, http.RequestAborted) is not { } staffId) return CommonRefusals.NotFound.ToResult();
        var today = Raster.At(time.GetUtcNow().DateInChina(), 0);
        var items = await feeds.ItemsAsync(staffId, today - Past, today.AddDays(BookingTerms.StaffHorizonDays + 1), http.RequestAborted);
        return Etags.Text(http, Write(items), Type);
    }

    private static string Write(IReadOnlyList<FeedItem> items)
    {
        var calendar = new Calendar { ProductId = "-//MicroPlatform//Appointments//ZH" };
        calendar.AddProperty("X-WR-CALNAME", "法律服务预约");
        foreach (var item in items)
        {
            calendar.Events.Add(new CalendarEvent
            {
                Uid = $"{item.Id}@microplatform",
                // Of the booking and not of this reading: the same appointments give the same text, and its ETag holds.
                DtStamp = Utc(item.BookedAt),
                Sequence = item.Version,
                Start = Utc(item.StartsAt),
                End = Utc(item.EndsAt),
                Summary = $"{item.ServiceName}（{item.Mode.Label()}）{item.Number[^4..]}",
                Location = item.Mode == MeetingMode.HomeVisit ? null : item.OrganisationAddress is { } address ? $"{item.OrganisationName} {address}" : item.OrganisationName,
            });
        }
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    private static CalDateTime Utc(DateTimeOffset at) => new(at.UtcDateTime);
}
