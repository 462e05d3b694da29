namespace MicroPlatform.Domain.Appointments;

/// <summary>How citizen and office meet.</summary>
[Flags]
public enum MeetingModes
{
    None = 0,
    /// <summary>到场</summary>
    InPerson = 1,
    /// <summary>电话</summary>
    Phone = 2,
    /// <summary>视频</summary>
    Video = 4,
    /// <summary>上门: somebody comes to the citizen.</summary>
    HomeVisit = 8,
}

/// <summary>How one appointment is held: exactly one of <see cref="MeetingModes"/>.</summary>
public enum MeetingMode
{
    /// <summary>到场: at the service point.</summary>
    InPerson = MeetingModes.InPerson,
    /// <summary>电话: the office calls.</summary>
    Phone = MeetingModes.Phone,
    /// <summary>视频: through the mini-program.</summary>
    Video = MeetingModes.Video,
    /// <summary>上门: somebody comes to the address given.</summary>
    HomeVisit = MeetingModes.HomeVisit,
}

/// <summary>Who books. Each has seats of its own, so that the phone lines do not take all that the mini-program offers.</summary>
public enum BookingSide
{
    /// <summary>小程序: the citizen.</summary>
    Citizen,
    /// <summary>12348 热线</summary>
    Hotline,
    /// <summary>工作人员: at the window or in the office.</summary>
    Staff,
}

/// <summary>What a bookable resource is.</summary>
public enum ResourceKind
{
    /// <summary>One person; one seat.</summary>
    Person,
    /// <summary>Equal desks of a unit; who serves is decided when the citizen is called.</summary>
    Desk,
}

public static class AppointmentLabels
{
    public static string Label(this MeetingMode mode) => mode switch
    {
        MeetingMode.InPerson => "到场",
        MeetingMode.Phone => "电话",
        MeetingMode.Video => "视频",
        MeetingMode.HomeVisit => "上门",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    public static string Label(this BookingSide side) => side switch
    {
        BookingSide.Citizen => "本人预约",
        BookingSide.Hotline => "热线代约",
        BookingSide.Staff => "窗口代约",
        _ => throw new ArgumentOutOfRangeException(nameof(side)),
    };

    public static string Label(this ResourceKind kind) => kind switch
    {
        ResourceKind.Person => "人员",
        ResourceKind.Desk => "窗口",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static bool Includes(this MeetingModes modes, MeetingMode mode) => ((int)modes & (int)mode) != 0;

    /// <summary>The single modes of a set, in order.</summary>
    public static IReadOnlyList<MeetingMode> Split(this MeetingModes modes) => [.. Enum.GetValues<MeetingMode>().Where(m => modes.Includes(m))];

    public static MeetingModes Join(this IEnumerable<MeetingMode> modes) => modes.Aggregate(MeetingModes.None, (all, one) => all | (MeetingModes)(int)one);
}
