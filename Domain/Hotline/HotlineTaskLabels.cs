namespace MicroPlatform.Domain.Hotline;

public static class HotlineTaskLabels
{
    public static string Label(this CallResult result) => result switch
    {
        CallResult.Answered => "已接通",
        CallResult.Missed => "未接通",
        CallResult.Abandoned => "主叫放弃",
        CallResult.Voicemail => "语音留言",
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    public static string Label(this HotlineTaskKind kind) => kind switch
    {
        HotlineTaskKind.CallBack => "漏接回拨",
        HotlineTaskKind.ReturnVisit => "办结回访",
        HotlineTaskKind.DissatisfiedVisit => "不满意回访",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Label(this HotlineTaskState state) => state switch
    {
        HotlineTaskState.Open => "待办",
        HotlineTaskState.Done => "已完成",
        HotlineTaskState.Unreached => "未接通",
        HotlineTaskState.CalledAgain => "已再次来电",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
