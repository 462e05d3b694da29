namespace MicroPlatform.Domain.Appointments;

/// <summary>
/// Where an appointment stands. Before it there may be a hold (预占): five minutes in Redis while the form is filled in, without a row here.
/// A rescheduled appointment stays the same one under the same number; each move is a line of its history.
/// </summary>
public enum AppointmentState
{
    /// <summary>已预约: the time is taken.</summary>
    Booked,
    /// <summary>已签到: the citizen is there, or the visitor has arrived at the citizen's.</summary>
    CheckedIn,
    /// <summary>服务中</summary>
    InService,
    /// <summary>已完成</summary>
    Completed,
    /// <summary>未到: nobody came; counted, and the rest of the time is free again.</summary>
    NoShow,
    /// <summary>已取消, by whom and why stands beside it.</summary>
    Cancelled,
}

/// <summary>What can be done with an appointment.</summary>
public enum AppointmentAction
{
    /// <summary>确认: the unit says yes to what asks for it (a visit at home).</summary>
    Confirm,
    /// <summary>改期: another time, person or place; the number stays.</summary>
    Reschedule,
    /// <summary>取消</summary>
    Cancel,
    /// <summary>签到</summary>
    CheckIn,
    /// <summary>开始服务: called, rung up or begun at the door.</summary>
    Start,
    /// <summary>完成</summary>
    Complete,
    /// <summary>标记未到</summary>
    MarkNoShow,
    /// <summary>撤销未到: marked by mistake; the time is taken again if it is still free.</summary>
    Reinstate,
    /// <summary>转为留言: its video call went on as messages.</summary>
    HandOn,
    /// <summary>我方未到: the office did not come to its video call; the citizen chooses another time.</summary>
    OfficeMissed,
}

public static class AppointmentStateLabels
{
    public static string Label(this AppointmentState state) => state switch
    {
        AppointmentState.Booked => "已预约",
        AppointmentState.CheckedIn => "已签到",
        AppointmentState.InService => "服务中",
        AppointmentState.Completed => "已完成",
        AppointmentState.NoShow => "未到",
        AppointmentState.Cancelled => "已取消",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this AppointmentAction action) => action switch
    {
        AppointmentAction.Confirm => "确认",
        AppointmentAction.Reschedule => "改期",
        AppointmentAction.Cancel => "取消",
        AppointmentAction.CheckIn => "签到",
        AppointmentAction.Start => "开始服务",
        AppointmentAction.Complete => "完成",
        AppointmentAction.MarkNoShow => "标记未到",
        AppointmentAction.Reinstate => "撤销未到",
        AppointmentAction.HandOn => "转为留言",
        AppointmentAction.OfficeMissed => "我方未到",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static bool IsOver(this AppointmentState state) => state is AppointmentState.Completed or AppointmentState.NoShow or AppointmentState.Cancelled;
}
