using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hosting;

/// <summary>
/// A district to try the platform in: invented people and units in a region code that is real. Applied when the database has no units
/// yet; never in Production unless asked for. Rosters are renewed at every start, so that somebody is always on duty.
/// </summary>
public static class DemoDistrict
{
    // Ids are fixed so that the README and the examples can name them.
    public const string Bureau = "01DEMZ0RG00000000000000001";
    public const string AidCentre = "01DEMZ0RG00000000000000002";
    public const string TownA = "01DEMZ0RG00000000000000003";
    public const string TownB = "01DEMZ0RG00000000000000004";
    internal const string VillageA1 = "01DEMZ0RG00000000000000005";
    internal const string VillageA2 = "01DEMZ0RG00000000000000006";
    internal const string VillageB1 = "01DEMZ0RG00000000000000007";
    internal const string VillageB2 = "01DEMZ0RG00000000000000008";
    private const string LawFirm = "01DEMZ0RG00000000000000009";

    /// <summary>The first password of every demo account; it must be changed at the first sign-in.</summary>
    public const string FirstPassword = "demo-2026-Fuwu";

    /// <summary>How far ahead the roster is filled.</summary>
    private const int RosterDays = 60;

    private static readonly (string Code, string? Parent, string Name)[] Regions =
    [
        ("341602", null, "示范区"), ("341602101", "341602", "东河镇"), ("341602102", "341602", "西山镇"), ("341602101201", "341602101", "柳树村"),
        ("341602101202", "341602101", "石桥村"), ("341602102201", "341602102", "枣园村"), ("341602102202", "341602102", "梨花村"),
    ];

    private static readonly (string Id, string? Parent, string Kind, string Name, string Region, string Phone, bool Takes)[] Units =
    [
        (Bureau, null, "bureau", "示范区司法局", "341602", "0558-5550100", false),
        (AidCentre, Bureau, "aid_centre", "示范区法律援助中心", "341602", "0558-5550148", true),
        (TownA, Bureau, "town_station", "东河镇公共法律服务工作站", "341602101", "0558-5550201", true),
        (TownB, Bureau, "town_station", "西山镇公共法律服务工作站", "341602102", "0558-5550202", true),
        (VillageA1, TownA, "village_room", "柳树村公共法律服务工作室", "341602101201", "0558-5550211", false),
        (VillageA2, TownA, "village_room", "石桥村公共法律服务工作室", "341602101202", "0558-5550212", false),
        (VillageB1, TownB, "village_room", "枣园村公共法律服务工作室", "341602102201", "0558-5550221", false),
        (VillageB2, TownB, "village_room", "梨花村公共法律服务工作室", "341602102202", "0558-5550222", false),
        (LawFirm, Bureau, "law_firm", "明理律师事务所", "341602", "0558-5550300", false),
    ];

    /// <summary>Specialities are top-level category codes. Duty: hours of every day, Asia/Shanghai; null for those who keep no message duty.</summary>
    private static readonly (string Username, string Name, string Title, string Specialities, (int From, int To)? Duty, (string Unit, Role Role)[] Posts)[] People =
    [
        ("zhang.min", "张敏", "执业律师", "02,08", (0, 24), [(TownA, Role.Lawyer), (AidCentre, Role.Lawyer), (LawFirm, Role.Lawyer)]),
        ("li.qiang", "李强", "执业律师", "01,07", (8, 18), [(AidCentre, Role.Lawyer), (LawFirm, Role.Lawyer)]),
        ("wang.fang", "王芳", "执业律师", "03,05", (18, 24), [(TownB, Role.Lawyer), (LawFirm, Role.Lawyer)]),
        ("zhao.jun", "赵军", "人民调解员", "04,10", null, [(TownA, Role.Mediator)]),
        ("sun.li", "孙丽", "公证员", "15", null, [(Bureau, Role.Notary)]),
        ("chen.jing", "陈静", "窗口人员", "", null, [(TownA, Role.Clerk)]),
        ("liu.yang", "刘洋", "窗口人员", "", null, [(AidCentre, Role.Clerk)]),
        ("zhou.ping", "周平", "中心主任", "", null, [(Bureau, Role.CentreHead)]),
        ("admin", "吴管理", "系统管理员", "", null, [(Bureau, Role.Administrator)]),
        ("auditor", "郑审计", "审计员", "", null, [(Bureau, Role.Auditor)]),
    ];

    /// <summary>The lawyer on duty all day in the first town.</summary>
    public static string Lawyer => PersonId(0);

    public static async Task ApplyAsync(IServiceProvider services, bool withPeople, CancellationToken cancel)
    {
        var database = services.GetRequiredService<Database>();
        // Costs a tenth of a second: once, outside the transaction.
        var password = withPeople ? services.GetRequiredService<PasswordHasher>().Hash(FirstPassword) : "";
        await database.WriteAlwaysAsync(async tx =>
        {
            if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM organisations") == 0) await AddUnitsAsync(tx);
            if (await tx.ScalarAsync<string>("SELECT id FROM organisations WHERE id = @Bureau", new { Bureau }) is not null) await DemoQueues.ApplyAsync(tx, services.GetRequiredService<QueueRepository>());
            if (!withPeople || await tx.ScalarAsync<string>("SELECT id FROM organisations WHERE id = @Bureau", new { Bureau }) is null) return 0;
            if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM staff_members") == 0) await AddPeopleAsync(tx, password);
            return await FillRosterAsync(tx) + await DemoHours.ApplyAsync(tx);
        }, cancel);
    }

    private static string PersonId(int n) => $"01DEMZ0ST{n + 1:00000000000000000}";

    private static async Task AddUnitsAsync(UnitOfWork tx)
    {
        foreach (var r in Regions)
            await tx.ExecuteAsync("INSERT INTO regions (code, parent_code, name, active) VALUES (@Code, @Parent, @Name, 1)", new { r.Code, r.Parent, r.Name });
        var paths = new Dictionary<string, string>();
        foreach (var u in Units)
        {
            paths[u.Id] = $"{(u.Parent is null ? "/" : paths[u.Parent])}{u.Id}/";
            await tx.ExecuteAsync("""
                INSERT INTO organisations (id, parent_id, path, kind, name, region_code, phone, takes_consultations, active, version)
                VALUES (@Id, @Parent, @path, @Kind, @Name, @Region, @Phone, @Takes, 1, 1)
                """, new { u.Id, u.Parent, path = paths[u.Id], u.Kind, u.Name, u.Region, u.Phone, u.Takes });
        }
        await DemoHours.AddPointsAsync(tx);
    }

    private static async Task AddPeopleAsync(UnitOfWork tx, string password)
    {
        foreach (var (n, p) in People.Index())
        {
            var id = PersonId(n);
            await tx.ExecuteAsync("""
                INSERT INTO staff_members (id, username, name, title, specialities, active, password_hash, password_temporary, totp_sealed, totp_last_step,
                                           last_assigned_at, created_at, version)
                VALUES (@id, @Username, @Name, @Title, @Specialities, 1, @password, 1, NULL, 0, 0, @Now, 1)
                """, new { id, p.Username, p.Name, p.Title, p.Specialities, password, tx.Now });
            foreach (var (unit, role) in p.Posts)
                await tx.ExecuteAsync("INSERT INTO posts (id, staff_id, organisation_id, role) VALUES (@post, @id, @unit, @role)",
                    new { post = tx.NewId(), id, unit, role = role.ToString() });
        }
    }

    /// <summary>Adds the days that are missing, so that a demo left alone for months works again after a restart.</summary>
    private static async Task<int> FillRosterAsync(UnitOfWork tx)
    {
        var added = 0;
        var today = new DateTimeOffset(tx.Now.InChina().Date, ChinaTime.Offset);
        foreach (var p in People)
        {
            if (p.Duty is not { } hours) continue;
            var staffId = await tx.ScalarAsync<string>("SELECT id FROM staff_members WHERE username = @Username", new { p.Username });
            var last = DateTimeOffset.FromUnixTimeMilliseconds(await tx.ScalarAsync<long?>("SELECT MAX(ends_at) FROM duty_shifts WHERE staff_id = @staffId", new { staffId }) ?? 0);
            for (var day = today; day < today.AddDays(RosterDays); day = day.AddDays(1))
            {
                if (day.AddHours(hours.From) < last) continue;
                await tx.ExecuteAsync("INSERT INTO duty_shifts (id, staff_id, organisation_id, starts_at, ends_at) VALUES (@id, @staffId, @Unit, @from, @to)",
                    new { id = tx.NewId(), staffId, p.Posts[0].Unit, from = day.AddHours(hours.From), to = day.AddHours(hours.To) });
                added++;
            }
        }
        return added;
    }
}
