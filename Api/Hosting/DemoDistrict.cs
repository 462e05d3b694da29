using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hosting;

/// <summary>A district to try the platform in: synthetic people and units. Applied once; never in Production unless asked for.</summary>
public static class DemoDistrict
{
    // Ids are fixed so that the README and Swagger examples can name them.
    public const string Bureau = "01DEMZ0RG00000000000000001";
    public const string AidCentre = "01DEMZ0RG00000000000000002";
    public const string TownA = "01DEMZ0RG00000000000000003";
    public const string TownB = "01DEMZ0RG00000000000000004";

    public static async Task ApplyAsync(IServiceProvider services, CancellationToken cancel)
    {
        await services.GetRequiredService<Database>().WriteAlwaysAsync(async tx =>
        {
            if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM organisations") > 0) return 0;
            (string Code, string? Parent, string Name)[] regions =
            [
                ("341602", null, "示范区"), ("341602101", "341602", "东河镇"), ("341602102", "341602", "西山镇"),
                ("341602101201", "341602101", "柳树村"), ("341602101202", "341602101", "石桥村"), ("341602102201", "341602102", "枣园村"), ("341602102202", "341602102", "梨花村"),
            ];
            foreach (var r in regions) await tx.ExecuteAsync("INSERT INTO regions (code, parent_code, name, active) VALUES (@Code, @Parent, @Name, 1)", new { r.Code, r.Parent, r.Name });
            (string Id, string? Parent, string Path, string Kind, string Name, string Region, bool Takes)[] units =
            [
                (Bureau, null, $"/{Bureau}/", "bureau", "示范区司法局", "341602", false),
                (AidCentre, Bureau, $"/{Bureau}/{AidCentre}/", "aid_centre", "示范区法律援助中心", "341602", true),
                (TownA, Bureau, $"/{Bureau}/{TownA}/", "town_station", "东河镇公共法律服务工作站", "341602101", true),
                (TownB, Bureau, $"/{Bureau}/{TownB}/", "town_station", "西山镇公共法律服务工作站", "341602102", true),
            ];
            foreach (var u in units)
                await tx.ExecuteAsync("""
                    INSERT INTO organisations (id, parent_id, path, kind, name, region_code, phone, takes_consultations, active, version)
                    VALUES (@Id, @Parent, @Path, @Kind, @Name, @Region, NULL, @Takes, 1, 1)
                    """, new { u.Id, u.Parent, u.Path, u.Kind, u.Name, u.Region, u.Takes });
            return units.Length;
        }, cancel);
    }
}
