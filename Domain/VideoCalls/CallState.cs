namespace MicroPlatform.Domain.VideoCalls;

/// <summary>Where a video call stands.</summary>
public enum CallState
{
    /// <summary>已安排: for a booked time; nobody has come yet.</summary>
    Scheduled,
    /// <summary>呼叫中: one side waits for the other.</summary>
    Ringing,
    /// <summary>通话中: the citizen and somebody of the office are both there.</summary>
    Connected,
    /// <summary>重新连接中: one side has gone without a word, most likely the network.</summary>
    Reconnecting,
    /// <summary>已结束</summary>
    Ended,
    /// <summary>未接通: one side, or both, did not come.</summary>
    Missed,
    /// <summary>已取消 before it began.</summary>
    Cancelled,
}

/// <summary>What can happen to a call.</summary>
public enum CallAction
{
    /// <summary>改期: its appointment has moved.</summary>
    Move,
    /// <summary>呼叫: one side is there.</summary>
    Ring,
    /// <summary>接通: both sides are there.</summary>
    Connect,
    /// <summary>断线</summary>
    Drop,
    /// <summary>更换方式: from picture to voice, from voice to the telephone, or back.</summary>
    ChangeMedium,
    /// <summary>结束</summary>
    End,
    /// <summary>未接通</summary>
    Miss,
    /// <summary>取消</summary>
    Cancel,
    /// <summary>转为其他方式: goes on as messages, or the platform has failed; also before it began.</summary>
    Divert,
    /// <summary>填写小结: what was asked and answered; obligatory after every call.</summary>
    Summarise,
}

/// <summary>How the two hear each other. Falls step by step when the network is bad; all in one record.</summary>
public enum CallMedium
{
    /// <summary>视频</summary>
    Video,
    /// <summary>语音</summary>
    Audio,
    /// <summary>电话: the office rings the citizen's telephone.</summary>
    Phone,
}

/// <summary>Why a call ended.</summary>
public enum CallEnd
{
    /// <summary>正常结束: somebody said goodbye.</summary>
    Finished,
    /// <summary>网络中断: one side did not come back in time.</summary>
    NetworkLost,
    /// <summary>转为留言: went on as messages.</summary>
    WentToMessages,
    /// <summary>平台故障: the platform or its video provider broke it off; whoever waited keeps the place.</summary>
    PlatformFailed,
    /// <summary>超过最长时间</summary>
    TooLong,
}

/// <summary>Which side of a call.</summary>
public enum CallSide
{
    /// <summary>群众</summary>
    Citizen,
    /// <summary>工作人员</summary>
    Staff,
    /// <summary>受邀人员: an interpreter, a relative, a village point.</summary>
    Guest,
}

/// <summary>Who did not come.</summary>
public enum CallAbsence
{
    /// <summary>群众未接</summary>
    Citizen,
    /// <summary>工作人员未到</summary>
    Staff,
    /// <summary>双方未到</summary>
    Both,
}

public static class CallLabels
{
    public static string Label(this CallState state) => state switch
    {
        CallState.Scheduled => "已安排",
        CallState.Ringing => "呼叫中",
        CallState.Connected => "通话中",
        CallState.Reconnecting => "重新连接中",
        CallState.Ended => "已结束",
        CallState.Missed => "未接通",
        CallState.Cancelled => "已取消",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this CallAction action) => action switch
    {
        CallAction.Move => "改期",
        CallAction.Ring => "呼叫",
        CallAction.Connect => "接通",
        CallAction.Drop => "断线",
        CallAction.ChangeMedium => "更换方式",
        CallAction.End => "结束",
        CallAction.Miss => "未接通",
        CallAction.Cancel => "取消",
        CallAction.Divert => "转为其他方式",
        CallAction.Summarise => "填写小结",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Label(this CallMedium medium) => medium switch
    {
        CallMedium.Video => "视频",
        CallMedium.Audio => "语音",
        CallMedium.Phone => "电话",
        _ => throw new ArgumentOutOfRangeException(nameof(medium)),
    };

    public static string Label(this CallEnd end) => end switch
    {
        CallEnd.Finished => "正常结束",
        CallEnd.NetworkLost => "网络中断",
        CallEnd.WentToMessages => "转为留言",
        CallEnd.PlatformFailed => "平台故障",
        CallEnd.TooLong => "超过最长时间",
        _ => throw new ArgumentOutOfRangeException(nameof(end)),
    };

    public static string Label(this CallSide side) => side switch
    {
        CallSide.Citizen => "群众",
        CallSide.Staff => "工作人员",
        CallSide.Guest => "受邀人员",
        _ => throw new ArgumentOutOfRangeException(nameof(side)),
    };

    public static string Label(this CallAbsence absence) => absence switch
    {
        CallAbsence.Citizen => "群众未接",
        CallAbsence.Staff => "工作人员未到",
        CallAbsence.Both => "双方未到",
        _ => throw new ArgumentOutOfRangeException(nameof(absence)),
    };

    /// <summary>Whether nothing but the summary can follow.</summary>
    public static bool IsOver(this CallState state) => state is CallState.Ended or CallState.Missed or CallState.Cancelled;

    /// <summary>Whether it takes the time of those in it now.</summary>
    public static bool IsLive(this CallState state) => state is CallState.Ringing or CallState.Connected or CallState.Reconnecting;
}
