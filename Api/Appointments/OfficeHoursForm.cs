using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>Hours of a day.</summary>
/// <param name="From">HH:mm in China, on a quarter of an hour.</param>
/// <param name="To">Later on the same day; 24:00 is its end.</param>
public sealed record IntervalRequest([property: Required, MaxLength(5)] string? From, [property: Required, MaxLength(5)] string? To);

/// <summary>Seats by who books: citizen ≤ hotline ≤ staff ≤ 16. A person has one.</summary>
public sealed record SeatsRequest(int Citizen, int Hotline, int Staff);

/// <summary>What can be booked in the hours, and how. What is absent has its usual value.</summary>
/// <param name="Services">Codes; all that the person's posts give when absent.</param>
/// <param name="Modes">In person, by phone and by video when absent.</param>
/// <param name="StepMinutes">A start is offered every so often; 30 when absent.</param>
/// <param name="BufferBefore">Minutes kept free before each booking; none when absent.</param>
/// <param name="BufferAfter">Minutes kept free after it; none when absent.</param>
/// <param name="MinNoticeMinutes">Citizens book at least so long before; 60 when absent.</param>
/// <param name="HorizonDays">Citizens book at most so many days ahead; 30 when absent.</param>
public sealed record TermsRequest(
    IReadOnlyList<string>? Services, IReadOnlyList<MeetingMode>? Modes, SeatsRequest? Seats, [property: Range(Raster.Minutes, 240)] int? StepMinutes, [property: Range(0, 180)] int? BufferBefore,
    [property: Range(0, 180)] int? BufferAfter, [property: Range(0, 43200)] int? MinNoticeMinutes, [property: Range(0, BookingTerms.StaffHorizonDays)] int? HorizonDays)
{
    public static readonly TermsRequest Usual = new(null, null, null, null, null, null, null, null);
}

/// <summary>Reads hours as they were typed, and shows them as they are kept.</summary>
internal static class OfficeHoursForm
{
    private const MeetingModes UsualModes = MeetingModes.InPerson | MeetingModes.Phone | MeetingModes.Video;

    /// <summary>How far ahead hours may begin, and how long they may be valid.</summary>
    private const int MostDays = 1830;

    /// <summary>A span of the day. Refused at the field when it is off the raster, empty, or goes over midnight.</summary>
    public static Outcome<(int From, int To)> Interval(IntervalRequest? interval, string field)
    {
        if (interval is null) return CommonRefusals.Invalid.At(field, "不能为空");
        if (Minute(interval.From) is not { } from) return CommonRefusals.Invalid.At($"{field}.from", "应为HH:mm，且为15分钟的整数倍");
        if (Minute(interval.To) is not { } to) return CommonRefusals.Invalid.At($"{field}.to", "应为HH:mm，且为15分钟的整数倍");
        return from < to ? (from, to) : CommonRefusals.Invalid.At($"{field}.to", "应晚于开始时间，且不能跨过零点");
    }

    /// <param name="today">Hours begin today at the earliest: what has been is not written anew.</param>
    public static Outcome<(DateOnly From, DateOnly? Until)> Validity(DateOnly? from, DateOnly? until, DateOnly today)
    {
        var begin = from ?? today;
        if (begin < today || begin > today.AddDays(MostDays)) return CommonRefusals.Invalid.At("validFrom", "应为今天或以后的日期");
        return until is { } end && (end < begin || end > begin.AddDays(MostDays)) ? CommonRefusals.Invalid.At("validUntil", "应不早于开始日期，且不超过五年") : (begin, until);
    }

    /// <summary>1 Monday to 7 Sunday (GB/T 7408).</summary>
    public static DayOfWeek? Weekday(int number) => number is >= 1 and <= 7 ? (DayOfWeek)(number % 7) : null;

    public static int Number(DayOfWeek day) => day == DayOfWeek.Sunday ? 7 : (int)day;

    public static async Task<Outcome<BookingTerms>> TermsAsync(UnitOfWork tx, TermsRequest? request, BookableResource resource)
    {
        var terms = request ?? TermsRequest.Usual;
        var services = await ServicesAsync(tx, terms.Services, resource);
        if (services.IsRefused) return services.Refusal!;
        if (terms.Modes is { Count: 0 or > 8 }) return CommonRefusals.Invalid.At("terms.modes", "请选择服务方式");
        var seats = terms.Seats is { } s ? new Seats(s.Citizen, s.Hotline, s.Staff) : Seats.One;
        if (!seats.IsValid) return CommonRefusals.Invalid.At("terms.seats", "应满足：0≤本人≤热线≤窗口，窗口为1至16");
        if (resource.Kind == ResourceKind.Person && seats.Staff != 1) return CommonRefusals.Invalid.At("terms.seats", "个人同一时间只能接待一位");
        var step = terms.StepMinutes ?? 30;
        if (!Raster.IsOn(step)) return CommonRefusals.Invalid.At("terms.stepMinutes", "应为15的倍数");
        return new BookingTerms(
            services.Value, terms.Modes?.Join() ?? UsualModes, seats, step, terms.BufferBefore ?? 0, terms.BufferAfter ?? 0, terms.MinNoticeMinutes ?? 60, terms.HorizonDays ?? 30);
    }

    private static async Task<Outcome<ulong>> ServicesAsync(UnitOfWork tx, IReadOnlyList<string>? codes, BookableResource resource)
    {
        IReadOnlyList<Role> roles = resource.StaffId is { } staffId ? await ResourceRepository.RolesAsync(tx, staffId) : [Role.Clerk];
        var all = (await ServiceRepository.ListAsync(tx)).Where(s => s.Active).ToList();
        if (codes is null) return all.Where(s => s.Roles.Intersect(roles).Any()).Aggregate(0UL, (mask, s) => mask | s.Mask);
        if (codes.Count is 0 or > ServiceKind.MostBits) return CommonRefusals.Invalid.At("terms.services", "请选择预约事项");
        ulong services = 0;
        foreach (var code in codes)
        {
            if (all.FirstOrDefault(s => s.Code == code) is not { } service) return AppointmentRefusals.UnknownService.At("terms.services", "没有这个预约事项");
            // A desk is manned by whoever the unit sends; a person gives what their posts give.
            if (resource.StaffId is not null && !service.Roles.Intersect(roles).Any()) return AppointmentRefusals.ServiceNotOfRole.At("terms.services", $"{service.Name}不由该人员的岗位提供");
            services |= service.Mask;
        }
        return services;
    }

    private static int? Minute(string? text)
    {
        if (text == "24:00") return Raster.MinutesPerDay;
        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && Raster.IsOn(time.Minute) ? (time.Hour * 60) + time.Minute : null;
    }
}

/// <summary>坐班 as kept.</summary>
/// <param name="Weekday">1 Monday to 7 Sunday.</param>
/// <param name="ValidUntil">Last day; null for no end. The same as the first for a single shift.</param>
public sealed record OfficeHoursView(
    string Id, string OrganisationId, int Weekday, string WeekdayText, string From, string To, int EveryWeeks, DateOnly ValidFrom, DateOnly? ValidUntil, bool OnHolidays, TermsView Terms)
{
    internal static OfficeHoursView Of(OfficeHours h, IReadOnlyList<ServiceKind> services) => new(
        h.Id, h.OrganisationId, OfficeHoursForm.Number(h.Weekday), DayNames.Of(h.Weekday), HoursEditing.Clock(h.FromMinute), HoursEditing.Clock(h.ToMinute), h.EveryWeeks, h.ValidFrom,
        h.ValidUntil, h.OnHolidays, TermsView.Of(h.Terms, services));
}

/// <summary>What can be booked in the hours, and how.</summary>
public sealed record TermsView(
    IReadOnlyList<string> Services, IReadOnlyList<MeetingMode> Modes, SeatsRequest Seats, int StepMinutes, int BufferBefore, int BufferAfter, int MinNoticeMinutes, int HorizonDays)
{
    internal static TermsView Of(BookingTerms t, IReadOnlyList<ServiceKind> services) => new(
        [.. services.Where(s => (s.Mask & t.Services) != 0).Select(s => s.Code)], t.Modes.Split(), new SeatsRequest(t.Seats.Citizen, t.Seats.Hotline, t.Seats.Staff), t.StepMinutes,
        t.BufferBefore, t.BufferAfter, t.MinNoticeMinutes, t.HorizonDays);
}
