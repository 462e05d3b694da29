namespace MicroPlatform.Domain.Common;

/// <summary>Asia/Shanghai: UTC+8 all year (no daylight saving since 1991), so no time zone data is needed.</summary>
public static class ChinaTime
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    public static DateTimeOffset InChina(this DateTimeOffset instant) => instant.ToOffset(Offset);

    public static DateOnly DateInChina(this DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime);
}
