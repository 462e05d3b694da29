using System.Text;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>
/// One's own appointment as a calendar entry (RFC 5545, METHOD PUBLISH). Fetched again after a move or a cancellation it replaces the entry: the UID stays and the
/// sequence rises. Whoever asked to be spoken to neutrally has an entry that names nothing, because calendars are shared.
/// </summary>
public static class DownloadCalendar
{
    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, AppointmentQueries queries, TimeProvider time)
    {
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } row || row.CitizenId != user.Id) return CommonRefusals.NotFound.ToResult();
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"appointment.ics\"";
        return Results.Text(Write(row, time.GetUtcNow()), "text/calendar", Encoding.UTF8);
    }

    private static string Write(AppointmentRow a, DateTimeOffset now)
    {
        var open = Wording.Stricter(a.ContactPreference, a.OwnPreference ?? ContactPreference.Visible) == ContactPreference.Visible;
        var cancelled = a.State == AppointmentState.Cancelled;
        var calendar = new Calendar { Method = "PUBLISH", ProductId = "-//MicroPlatform//Appointments//ZH" };
        calendar.Events.Add(new CalendarEvent
        {
            Uid = $"{a.Id}@microplatform",
            // A cancellation comes after the last move, so it must not carry its number.
            Sequence = cancelled ? a.Moves + 1 : a.Moves,
            DtStamp = Utc(now),
            Start = Utc(a.StartsAt),
            End = Utc(a.EndsAt),
            Summary = open ? $"{a.ServiceName}（{a.Mode.Label()}）" : "日程",
            Location = open && a.Mode == MeetingMode.InPerson ? string.Join('，', new[] { a.OrganisationName, a.OrganisationAddress }.OfType<string>()) : null,
            Status = cancelled ? EventStatus.Cancelled : a.ConfirmDueOn is not null && a.ConfirmedAt is null ? EventStatus.Tentative : EventStatus.Confirmed,
        });
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    private static CalDateTime Utc(DateTimeOffset at) => new(at.UtcDateTime, "UTC");
}
