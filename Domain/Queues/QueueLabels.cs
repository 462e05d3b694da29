namespace MicroPlatform.Domain.Queues;

public static class QueueLabels
{
    public static string Label(this QueueKind kind) => kind switch
    {
        QueueKind.Video => "视频咨询",
        QueueKind.Window => "窗口",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Label(this TicketState state) => state switch
    {
        TicketState.Waiting => "排队中",
        TicketState.Called => "已叫号",
        TicketState.InService => "服务中",
        TicketState.Parked => "暂留",
        TicketState.Finishing => "待填小结",
        TicketState.Done => "已完成",
        TicketState.Left => "已离开",
        TicketState.Missed => "已过号",
        TicketState.Closed => "已关闭",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this TicketAction action) => action switch
    {
        TicketAction.Join => "取号",
        TicketAction.Ring => "通知接待",
        TicketAction.Decline => "婉拒",
        TicketAction.Call => "叫号",
        TicketAction.Pick => "叫指定的号",
        TicketAction.Recall => "再次叫号",
        TicketAction.Start => "开始服务",
        TicketAction.PassOver => "过号",
        TicketAction.Park => "挂起",
        TicketAction.Return => "回到队列",
        TicketAction.Requeue => "退回队首",
        TicketAction.SwapForCallback => "改为回电",
        TicketAction.Prioritise => "调整优先级",
        TicketAction.Transfer => "转到其他队列",
        TicketAction.Finish => "服务结束，待小结",
        TicketAction.Complete => "完成",
        TicketAction.Leave => "离开",
        TicketAction.Lapse => "过号失效",
        TicketAction.Close => "关闭",
        TicketAction.TellClosed => "告知停办",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Label(this PriorityClass priority) => priority switch
    {
        PriorityClass.Ordinary => "普通",
        PriorityClass.Elderly => "老年人",
        PriorityClass.Disabled => "残疾人",
        PriorityClass.Soldier => "军人军属",
        PriorityClass.Emergency => "紧急",
        _ => throw new ArgumentOutOfRangeException(nameof(priority)),
    };

    public static string Label(this TicketWish wish) => wish switch
    {
        TicketWish.Video => "视频",
        TicketWish.Callback => "回电",
        TicketWish.AtTheWindow => "到窗口",
        _ => throw new ArgumentOutOfRangeException(nameof(wish)),
    };

    public static string Label(this PresenceState state) => state switch
    {
        PresenceState.On => "在线",
        PresenceState.Away => "离开",
        PresenceState.Off => "离线",
        PresenceState.Busy => "接待中",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>Whether nothing more can happen to the place.</summary>
    public static bool IsOver(this TicketState state) => state is TicketState.Done or TicketState.Left or TicketState.Missed or TicketState.Closed;

    /// <summary>Whether the citizen still has a place: one per person and kind of queue.</summary>
    public static bool HoldsPlace(this TicketState state) => !state.IsOver() && state != TicketState.Finishing;

    /// <summary>Whether somebody of the office is bound by it: one ticket per person.</summary>
    public static bool BindsStaff(this TicketState state) => state is TicketState.Called or TicketState.InService or TicketState.Finishing;
}
