namespace MicroPlatform.Domain.Notifications;

/// <summary>What a citizen is told of. What they did themselves is not told to them.</summary>
public enum NotificationKind
{
    /// <summary>A person has taken the consultation.</summary>
    ConsultationAssigned,
    /// <summary>There is a new answer.</summary>
    ConsultationAnswered,
    /// <summary>Another unit has taken it over.</summary>
    ConsultationMoved,
    /// <summary>The platform has closed it after days of silence.</summary>
    ConsultationClosed,
    /// <summary>The office does not take it, and says why.</summary>
    ConsultationRejected,
    /// <summary>It was a duplicate; another one goes on.</summary>
    ConsultationMerged,
    /// <summary>A time they wait for is kept for them for some minutes.</summary>
    WaitlistOffer,
    /// <summary>The office or the hotline has booked for the person.</summary>
    AppointmentBooked,
    /// <summary>The unit has said yes.</summary>
    AppointmentConfirmed,
    /// <summary>The office has set another time.</summary>
    AppointmentMoved,
    /// <summary>The office has cancelled, and says why.</summary>
    AppointmentCancelled,
    /// <summary>It is soon.</summary>
    AppointmentReminder,
    /// <summary>Nobody came; it counts.</summary>
    AppointmentMissed,
    /// <summary>The turn came and the person did not answer; the place is kept for some minutes.</summary>
    TicketPassedOver,
    /// <summary>The place is lost.</summary>
    TicketMissed,
    /// <summary>The duty has ended while the person waits; the place is kept.</summary>
    TicketHeldOver,
    /// <summary>The platform has closed the place.</summary>
    TicketClosed,
    /// <summary>Somebody of the office is in the call and waits.</summary>
    CallRinging,
    /// <summary>The person was called and did not come.</summary>
    CallMissed,
    /// <summary>The office did not come, and is sorry.</summary>
    CallMissedByOffice,
    /// <summary>The video service failed.</summary>
    CallFailed,
    /// <summary>What they asked over the hotline has been answered.</summary>
    HotlineAnswered,
    /// <summary>The office lists everything that is still missing, once.</summary>
    MaterialsMissing,
    /// <summary>The office sends a material back, and says why.</summary>
    MaterialRejected,
}

public static class NotificationLabels
{
    public static string Label(this NotificationKind kind) => kind switch
    {
        NotificationKind.ConsultationAssigned => "咨询已受理",
        NotificationKind.ConsultationAnswered => "咨询已答复",
        NotificationKind.ConsultationMoved => "咨询已转办",
        NotificationKind.ConsultationClosed => "咨询已自动结束",
        NotificationKind.ConsultationRejected => "咨询未予受理",
        NotificationKind.ConsultationMerged => "咨询已并案",
        NotificationKind.WaitlistOffer => "候补有空位",
        NotificationKind.AppointmentBooked => "已为您预约",
        NotificationKind.AppointmentConfirmed => "预约已确认",
        NotificationKind.AppointmentMoved => "预约已改期",
        NotificationKind.AppointmentCancelled => "预约已取消",
        NotificationKind.AppointmentReminder => "预约提醒",
        NotificationKind.AppointmentMissed => "预约未到",
        NotificationKind.TicketPassedOver => "排队过号",
        NotificationKind.TicketMissed => "排队号失效",
        NotificationKind.TicketHeldOver => "值班结束",
        NotificationKind.TicketClosed => "排队已关闭",
        NotificationKind.CallRinging => "视频呼叫",
        NotificationKind.CallMissed => "视频未接",
        NotificationKind.CallMissedByOffice => "视频未能接待",
        NotificationKind.CallFailed => "视频服务故障",
        NotificationKind.HotlineAnswered => "热线工单已答复",
        NotificationKind.MaterialsMissing => "材料需补正",
        NotificationKind.MaterialRejected => "材料被退回",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Label(this GrantKind kind) => kind switch
    {
        GrantKind.OneOff => "一次性订阅",
        GrantKind.LongTerm => "长期订阅",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Label(this SubscribeResult result) => result switch
    {
        SubscribeResult.Accept => "同意",
        SubscribeResult.Reject => "拒绝",
        SubscribeResult.Ban => "模板被封禁",
        SubscribeResult.Filter => "模板被过滤",
        SubscribeResult.AcceptWithAudio => "同意并语音提醒",
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };
}
