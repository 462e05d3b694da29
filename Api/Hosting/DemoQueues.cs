using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Hosting;

/// <summary>Queues of the demo district: a lawyer by video at the legal aid centre and in the towns, and a window in each.</summary>
public static class DemoQueues
{
    public const string AidVideo = "01DEM0QVEVE000000000000V01";
    public const string TownAVideo = "01DEM0QVEVE000000000000V02";
    public const string TownBVideo = "01DEM0QVEVE000000000000V03";
    public const string TownAWindow = "01DEM0QVEVE000000000000W01";
    public const string AidWindow = "01DEM0QVEVE000000000000W02";
    public const string TownBWindow = "01DEM0QVEVE000000000000W03";

    private static readonly (string Id, string Unit, QueueKind Kind, string Name, string Prefix, int Minutes)[] All =
    [
        (AidVideo, DemoDistrict.AidCentre, QueueKind.Video, "法律援助视频咨询", "V", 15),
        (TownAVideo, DemoDistrict.TownA, QueueKind.Video, "东河镇视频咨询", "V", 15),
        (TownBVideo, DemoDistrict.TownB, QueueKind.Video, "西山镇视频咨询", "V", 15),
        (TownAWindow, DemoDistrict.TownA, QueueKind.Window, "综合窗口", "A", 10),
        (AidWindow, DemoDistrict.AidCentre, QueueKind.Window, "法律援助窗口", "B", 20),
        (TownBWindow, DemoDistrict.TownB, QueueKind.Window, "综合窗口", "A", 10),
    ];

    public static async Task ApplyAsync(UnitOfWork tx, QueueRepository queues)
    {
        if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM queues") > 0) return;
        foreach (var q in All)
            await queues.InsertAsync(tx, new QueueSettings(
                q.Id, q.Unit, q.Kind, q.Name, q.Prefix, QueueSettings.UsualRings, TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(10), HeadStarts.Usual, 200, TimeSpan.FromMinutes(q.Minutes), true, 1));
    }
}
