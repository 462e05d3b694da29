using System.Net;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.Appointments;

/// <summary>People and desks that can be booked, in tests.</summary>
public static class Bookable
{
    public const MeetingModes AllModes = MeetingModes.InPerson | MeetingModes.Phone | MeetingModes.Video | MeetingModes.HomeVisit;

    /// <summary>Settings for tests that go through days: whoever signed in stays so.</summary>
    public static readonly string[] LongDays =
        ["Identity:Tokens:AccessLifetime=100.00:00:00", "Identity:Tokens:StaffIdle=100.00:00:00", "Identity:Tokens:StaffSession=100.00:00:00", "Identity:Tokens:CitizenIdle=100.00:00:00"];

    /// <summary>Every service, no buffers, a start every half hour, no notice, a month ahead.</summary>
    public static readonly BookingTerms Terms = new(ulong.MaxValue >> 1, AllModes, Seats.One, 30, 0, 0, 0, 30);

    /// <summary>A person with hours on every day of the week, holidays too.</summary>
    public static async Task<ApiClient> NewPersonAsync(this TestApi api, Role role = Role.Lawyer, string unit = DemoDistrict.TownA, int from = 9, int to = 17, BookingTerms? terms = null)
    {
        var person = await api.NewStaffAsync(role, unit);
        await api.AddResourceAsync(person.Id, unit, person.Id);
        foreach (var day in Enum.GetValues<DayOfWeek>()) await api.AddHoursAsync(person.Id, unit, day, from, to, terms: terms);
        return person;
    }

    /// <summary>A desk with as many seats as the terms say, on every day of the week.</summary>
    public static async Task<string> NewDeskAsync(this TestApi api, Seats seats, string unit = DemoDistrict.TownA, int from = 9, int to = 17)
    {
        var id = Id.New(api.Time);
        await api.AddResourceAsync(id, unit, null);
        foreach (var day in Enum.GetValues<DayOfWeek>()) await api.AddHoursAsync(id, unit, day, from, to, terms: Terms with { Seats = seats });
        return id;
    }

    public static async Task<int> AddResourceAsync(this TestApi api, string id, string unit, string? staffId)
    {
        // The copy that is made after the start reads what is there. Rows written by hand in the middle of it tell nobody, as the program's own do, and would stay unseen.
        var copy = api.Services.GetRequiredService<AvailabilityProjection>();
        for (var waits = 0; copy.IsBehind && waits < 40; waits++) await Task.Delay(50);
        return await api.ExecuteAsync("""
            INSERT INTO booking_resources (id, kind, staff_id, organisation_id, name, active, hours_version, version) VALUES (@id, @kind, @staffId, @unit, '测试窗口', 1, 1, 1)
            """, new { id, kind = staffId is null ? "Desk" : "Person", staffId, unit });
    }

    public static async Task<string> AddHoursAsync(
        this TestApi api, string resourceId, string unit, DayOfWeek day, int from, int to, int everyWeeks = 1, DateOnly? since = null, DateOnly? until = null, bool onHolidays = true, BookingTerms? terms = null)
    {
        var id = Id.New(api.Time);
        await api.Services.GetRequiredService<Database>().WriteAlwaysAsync(async tx =>
        {
            await HoursRepository.InsertAsync(tx, new OfficeHours(id, resourceId, unit, day, from * 60, to * 60, everyWeeks, since ?? new DateOnly(2025, 1, 1), until, onHolidays, terms ?? Terms));
            return await tx.ExecuteAsync("UPDATE booking_resources SET hours_version = hours_version + 1, version = version + 1 WHERE id = @resourceId", new { resourceId });
        });
        // As the node that changes something does; tests write the rows themselves.
        api.Services.GetRequiredService<BookableDirectory>().Forget();
        return id;
    }

    /// <summary>A quarter of an hour that is taken, without anybody's booking.</summary>
    public static Task<int> AddOneTakenAsync(this TestApi api, string resourceId, DateTimeOffset start) => api.ExecuteAsync(
        "INSERT INTO appointment_rasters (resource_id, raster_start, seat, owner_id, held_until) VALUES (@resourceId, @start, 0, @owner, NULL)", new { resourceId, start, owner = Id.New(api.Time) });

    /// <summary>A citizen who can book: consent given, phone bound.</summary>
    public static async Task<ApiClient> NewBookerAsync(this TestApi api)
    {
        var citizen = await api.NewCitizenAsync();
        await citizen.PostAsync("/v1/me/phone", new { code = $"test-phone:139{Interlocked.Increment(ref _phones):00000000}" }).Gives(HttpStatusCode.OK);
        return citizen;
    }

    private static int _phones = Random.Shared.Next(10_000_000);

    /// <summary>The body of a booking.</summary>
    public static object Order(string resourceId, DateTimeOffset startsAt, string service = ServiceSeed.Lawyer, MeetingMode mode = MeetingMode.InPerson, string? holdId = null) => new
    {
        serviceCode = service, mode, resourceId, startsAt, holdId, categoryCode = "0201", reason = "工资拖欠", address = mode == MeetingMode.HomeVisit ? "柳树村3组12号" : null,
    };

    /// <summary>An hour of a day from today on, in China.</summary>
    public static DateTimeOffset Day(this TestApi api, int days, int hour, int minute = 0) => Raster.At(api.Time.GetUtcNow().DateInChina().AddDays(days), (hour * 60) + minute);
}
