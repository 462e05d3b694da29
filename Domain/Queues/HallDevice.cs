namespace MicroPlatform.Domain.Queues;

/// <summary>What hangs or stands in a hall. It has a secret of its own and no person behind it.</summary>
public enum HallDeviceKind
{
    /// <summary>叫号屏: shows and says who is called.</summary>
    Display,
    /// <summary>取号机: prints numbers for whoever presses the button.</summary>
    Printer,
}

public static class HallDeviceLabels
{
    public static string Label(this HallDeviceKind kind) => kind switch
    {
        HallDeviceKind.Display => "叫号屏",
        HallDeviceKind.Printer => "取号机",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
