using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hosting;

/// <summary>Who of the demo district can be booked when, and where its service points lie. Positions are invented, in a county that is real.</summary>
internal static class DemoHours
{
    /// <summary>The desks of the first town's window.</summary>
    public const string Desk = "01DEMZ0RES0000000000000001";

    private static readonly (string Unit, int Latitude, int Longitude, string Address, string Hours, string Area)[] Points =
    [
        (DemoDistrict.Bureau, 33_869_120, 115_778_460, "示范区政务服务中心二楼", "周一至周五 9:00-12:00，14:00-17:00", "City"),
        (DemoDistrict.AidCentre, 33_870_310, 115_780_020, "示范区和平路18号", "周一至周五 9:00-12:00，14:00-17:00", "City"),
        (DemoDistrict.TownA, 33_921_400, 115_842_700, "东河镇便民服务大厅", "周一至周五 9:00-12:00，14:00-17:00", "Village"),
        (DemoDistrict.TownB, 33_801_250, 115_690_330, "西山镇便民服务大厅", "周一至周五 9:00-12:00，14:00-17:00", "Village"),
        (DemoDistrict.VillageA1, 33_945_080, 115_861_120, "柳树村党群服务中心", "每月10日 9:00-11:00", "Village"),
        (DemoDistrict.VillageB1, 33_782_600, 115_668_940, "枣园村党群服务中心", "每月10日 9:00-11:00", "Village"),
    ];

    private static readonly DayOfWeek[] Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <summary>
    /// By user name: where, on which days, from and to which hour, which services, in which ways, and whether on public holidays, too: one person can be booked in
    /// a year whose calendar has not been imported yet.
    /// </summary>
    private static readonly (string Username, string Unit, DayOfWeek[] Days, (int From, int To)[] Hours, string[] Services, MeetingModes Modes, bool OnHolidays)[] People =
    [
        ("zhang.min", DemoDistrict.TownA, Weekdays, [(9, 12), (14, 17)], ["lawyer", "legal-aid"], MeetingModes.InPerson | MeetingModes.Phone | MeetingModes.Video, true),
        ("li.qiang", DemoDistrict.AidCentre, Weekdays, [(9, 12), (14, 17)], ["lawyer", "legal-aid"], MeetingModes.InPerson | MeetingModes.Phone | MeetingModes.Video, false),
        ("wang.fang", DemoDistrict.TownB, [DayOfWeek.Tuesday, DayOfWeek.Friday], [(9, 11)], ["lawyer"], MeetingModes.InPerson | MeetingModes.Video, false),
        ("wang.fang", DemoDistrict.TownB, [DayOfWeek.Saturday], [(9, 12)], ["lawyer"], MeetingModes.Video, false),
        ("zhao.jun", DemoDistrict.TownA, Weekdays, [(9, 12), (14, 20)], ["mediation", "home-visit"], MeetingModes.InPerson | MeetingModes.Video | MeetingModes.HomeVisit, false),
        ("sun.li", DemoDistrict.Bureau, Weekdays, [(9, 12), (14, 17)], ["notary"], MeetingModes.InPerson | MeetingModes.Video | MeetingModes.HomeVisit, false),
    ];

    public static async Task<int> ApplyAsync(UnitOfWork tx)
    {
        if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM booking_resources") > 0) return 0;
        var bits = (await ServiceRepository.ListAsync(tx)).ToDictionary(s => s.Code, s => s.Mask);
        var since = tx.Now.DateInChina().AddDays(-(int)tx.Now.DateInChina().DayOfWeek);
        foreach (var p in People)
        {
            var (id, name) = await PersonAsync(tx, p.Username);
            await AddResourceAsync(tx, id, ResourceKind.Person, id, p.Unit, name);
            foreach (var day in p.Days)
                foreach (var (from, to) in p.Hours)
                    await HoursRepository.InsertAsync(tx, new OfficeHours(tx.NewId(), id, p.Unit, day, from * 60, to * 60, 1, since, null, p.OnHolidays,
                        new BookingTerms(p.Services.Aggregate(0UL, (all, s) => all | bits[s]), p.Modes, Seats.One, 30, 0, 0, 60, 30)));
        }
        await AddResourceAsync(tx, Desk, ResourceKind.Desk, null, DemoDistrict.TownA, "东河镇综合窗口");
        foreach (var day in Weekdays)
            foreach (var (from, to) in new[] { (9, 12), (14, 17) })
                await HoursRepository.InsertAsync(tx, new OfficeHours(tx.NewId(), Desk, DemoDistrict.TownA, day, from * 60, to * 60, 1, since, null, OnHolidays: false,
                    new BookingTerms(bits["window"] | bits["legal-aid"], MeetingModes.InPerson, new Seats(2, 2, 3), 15, 0, 0, 0, 30)));
        return 1;
    }

    /// <summary>Part of the units, which exist before anybody is in them.</summary>
    public static async Task AddPointsAsync(UnitOfWork tx)
    {
        foreach (var p in Points)
            await tx.ExecuteAsync("""
                UPDATE organisations SET latitude = @Latitude, longitude = @Longitude, address = @Address, opening_hours = @Hours, area_kind = @Area, is_service_point = 1 WHERE id = @Unit
                """, new { p.Latitude, p.Longitude, p.Address, p.Hours, p.Area, p.Unit });
    }

    private static async Task<(string Id, string Name)> PersonAsync(UnitOfWork tx, string username) => (
        (await tx.ScalarAsync<string>("SELECT id FROM staff_members WHERE username = @username", new { username }))!,
        (await tx.ScalarAsync<string>("SELECT name FROM staff_members WHERE username = @username", new { username }))!);

    private static Task AddResourceAsync(UnitOfWork tx, string id, ResourceKind kind, string? staffId, string unit, string name) => tx.ExecuteAsync($"""
        {tx.Dialect.InsertIgnore} booking_resources (id, kind, staff_id, organisation_id, name, active, hours_version, version) VALUES (@id, @kind, @staffId, @unit, @name, 1, 1, 1)
        """, new { id, kind = kind.ToString(), staffId, unit, name });
}
