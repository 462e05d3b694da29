namespace MicroPlatform.Domain.Matters;

/// <summary>What sort of service a matter began as.</summary>
public enum MatterKind
{
    /// <summary>留言咨询: a message thread.</summary>
    Consultation,
    /// <summary>预约: a place in somebody's time.</summary>
    Appointment,
    /// <summary>视频咨询: a talk face to face through the phone.</summary>
    VideoConsultation,
    /// <summary>来访咨询: somebody has come to a service point without an appointment.</summary>
    Visit,
    /// <summary>热线工单: handed over by the 12348 or 12345 hotline.</summary>
    HotlineTicket,
}

/// <summary>The door a matter came through.</summary>
public enum Channel
{
    /// <summary>微信小程序</summary>
    MiniProgram,
    /// <summary>12348 热线</summary>
    Hotline12348,
    /// <summary>12345 热线</summary>
    Hotline12345,
    /// <summary>窗口</summary>
    Window,
    /// <summary>自助机</summary>
    Kiosk,
    /// <summary>网页</summary>
    Web,
    /// <summary>工作人员代为登记</summary>
    StaffProxy,
}

/// <summary>Where a matter stands, whatever service is working on it.</summary>
public enum MatterStatus
{
    /// <summary>待受理: registered; no person is responsible yet.</summary>
    Received,
    /// <summary>办理中: somebody is responsible and it is the office's turn.</summary>
    InProgress,
    /// <summary>已答复: the office has answered; the citizen may ask on or close.</summary>
    AwaitingCitizen,
    /// <summary>已办结</summary>
    Closed,
    /// <summary>已撤回 by the citizen before any answer.</summary>
    Withdrawn,
    /// <summary>已退回: not a matter for this office; the reason is told.</summary>
    Rejected,
    /// <summary>已并入 another matter of the same person; that one goes on.</summary>
    Merged,
}

public static class MatterLabels
{
    public static string Label(this MatterStatus status) => status switch
    {
        MatterStatus.Received => "待受理",
        MatterStatus.InProgress => "办理中",
        MatterStatus.AwaitingCitizen => "已答复",
        MatterStatus.Closed => "已办结",
        MatterStatus.Withdrawn => "已撤回",
        MatterStatus.Rejected => "已退回",
        MatterStatus.Merged => "已并案",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static string Label(this MatterKind kind) => kind switch
    {
        MatterKind.Consultation => "留言咨询",
        MatterKind.Appointment => "预约服务",
        MatterKind.VideoConsultation => "视频咨询",
        MatterKind.Visit => "来访咨询",
        MatterKind.HotlineTicket => "热线工单",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Label(this Channel channel) => channel switch
    {
        Channel.MiniProgram => "微信小程序",
        Channel.Hotline12348 => "12348热线",
        Channel.Hotline12345 => "12345热线",
        Channel.Window => "窗口",
        Channel.Kiosk => "自助机",
        Channel.Web => "网页",
        Channel.StaffProxy => "代为登记",
        _ => throw new ArgumentOutOfRangeException(nameof(channel)),
    };

    /// <summary>Whether the matter has ended and takes no further work.</summary>
    public static bool IsOver(this MatterStatus status) =>
        status is MatterStatus.Closed or MatterStatus.Withdrawn or MatterStatus.Rejected or MatterStatus.Merged;
}
