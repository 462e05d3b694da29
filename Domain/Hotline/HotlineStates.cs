namespace MicroPlatform.Domain.Hotline;

/// <summary>Where a hotline ticket (工单) stands.</summary>
public enum HotlineTicketState
{
    /// <summary>已受理 by the hotline; nobody has it yet.</summary>
    Received,
    /// <summary>已派单 to a unit.</summary>
    Dispatched,
    /// <summary>已签收: the unit has taken it.</summary>
    Accepted,
    /// <summary>办理中</summary>
    Processing,
    /// <summary>已挂起</summary>
    Suspended,
    /// <summary>待补充: the caller is asked for something.</summary>
    AwaitingInfo,
    /// <summary>已办结: answered.</summary>
    Resolved,
    /// <summary>已回访</summary>
    FollowedUp,
    /// <summary>已归档</summary>
    Closed,
    /// <summary>已退单: the unit has sent it back with a reason.</summary>
    Returned,
    /// <summary>已改派 to another unit.</summary>
    Reassigned,
    /// <summary>已撤单</summary>
    Withdrawn,
    /// <summary>已并单 into another ticket of the same caller.</summary>
    Merged,
}

/// <summary>What can happen to a hotline ticket. The first sixteen are the wire's; the rest happen in our house only.</summary>
public enum HotlineEventType
{
    /// <summary>派单</summary>
    Dispatched,
    /// <summary>改派</summary>
    Reassigned,
    /// <summary>签收</summary>
    Accepted,
    /// <summary>退单</summary>
    Returned,
    /// <summary>挂起</summary>
    Suspended,
    /// <summary>恢复办理</summary>
    Resumed,
    /// <summary>申请延期</summary>
    ExtensionRequested,
    /// <summary>同意延期</summary>
    ExtensionApproved,
    /// <summary>催办</summary>
    Urged,
    /// <summary>督办</summary>
    Supervised,
    /// <summary>办结</summary>
    Resolved,
    /// <summary>回访</summary>
    FollowedUp,
    /// <summary>重新办理</summary>
    Reopened,
    /// <summary>归档</summary>
    Closed,
    /// <summary>撤单</summary>
    Withdrawn,
    /// <summary>并单</summary>
    Merged,
    /// <summary>开始办理</summary>
    Started,
    /// <summary>请求补充</summary>
    InfoRequested,
}

/// <summary>What came of it (办理结果).</summary>
public enum HotlineResult
{
    /// <summary>已解决</summary>
    Solved,
    /// <summary>未解决</summary>
    Unsolved,
    /// <summary>部分解决</summary>
    PartiallySolved,
    /// <summary>不予受理</summary>
    Rejected,
}

/// <summary>How pressing a ticket is.</summary>
public enum HotlineUrgency
{
    /// <summary>一般</summary>
    Normal,
    /// <summary>紧急</summary>
    Urgent,
    /// <summary>特急: somebody is in danger; not queued, the duty phones ring.</summary>
    Critical,
}

/// <summary>What a caller wants (诉求类型).</summary>
public enum HotlineDemand
{
    /// <summary>咨询</summary>
    Consult,
    /// <summary>投诉</summary>
    Complaint,
    /// <summary>求助</summary>
    Help,
    /// <summary>建议</summary>
    Suggestion,
    /// <summary>法律援助</summary>
    LegalAid,
    /// <summary>人民调解</summary>
    Mediation,
    /// <summary>公证</summary>
    Notary,
}

/// <summary>How somebody turned to the hotline.</summary>
public enum HotlineDoor
{
    /// <summary>电话</summary>
    Phone,
    /// <summary>网站</summary>
    Web,
    /// <summary>微信</summary>
    Wechat,
    /// <summary>来访</summary>
    Visit,
}

/// <summary>As the hotline writes it down (GB/T 2261.1 without its rarer codes).</summary>
public enum CallerGender
{
    /// <summary>未知</summary>
    Unknown,
    /// <summary>男</summary>
    Male,
    /// <summary>女</summary>
    Female,
}

public static class HotlineLabels
{
    public static string Label(this HotlineTicketState state) => state switch
    {
        HotlineTicketState.Received => "已受理",
        HotlineTicketState.Dispatched => "已派单",
        HotlineTicketState.Accepted => "已签收",
        HotlineTicketState.Processing => "办理中",
        HotlineTicketState.Suspended => "已挂起",
        HotlineTicketState.AwaitingInfo => "待补充",
        HotlineTicketState.Resolved => "已办结",
        HotlineTicketState.FollowedUp => "已回访",
        HotlineTicketState.Closed => "已归档",
        HotlineTicketState.Returned => "已退单",
        HotlineTicketState.Reassigned => "已改派",
        HotlineTicketState.Withdrawn => "已撤单",
        HotlineTicketState.Merged => "已并单",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this HotlineEventType type) => type switch
    {
        HotlineEventType.Dispatched => "派单",
        HotlineEventType.Reassigned => "改派",
        HotlineEventType.Accepted => "签收",
        HotlineEventType.Returned => "退单",
        HotlineEventType.Suspended => "挂起",
        HotlineEventType.Resumed => "恢复办理",
        HotlineEventType.ExtensionRequested => "申请延期",
        HotlineEventType.ExtensionApproved => "同意延期",
        HotlineEventType.Urged => "催办",
        HotlineEventType.Supervised => "督办",
        HotlineEventType.Resolved => "办结",
        HotlineEventType.FollowedUp => "回访",
        HotlineEventType.Reopened => "重新办理",
        HotlineEventType.Closed => "归档",
        HotlineEventType.Withdrawn => "撤单",
        HotlineEventType.Merged => "并单",
        HotlineEventType.Started => "开始办理",
        HotlineEventType.InfoRequested => "请求补充",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static string Label(this HotlineResult result) => result switch
    {
        HotlineResult.Solved => "已解决",
        HotlineResult.Unsolved => "未解决",
        HotlineResult.PartiallySolved => "部分解决",
        HotlineResult.Rejected => "不予受理",
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    public static string Label(this HotlineUrgency urgency) => urgency switch
    {
        HotlineUrgency.Normal => "一般",
        HotlineUrgency.Urgent => "紧急",
        HotlineUrgency.Critical => "特急",
        _ => throw new ArgumentOutOfRangeException(nameof(urgency)),
    };

    public static string Label(this HotlineDemand demand) => demand switch
    {
        HotlineDemand.Consult => "咨询",
        HotlineDemand.Complaint => "投诉",
        HotlineDemand.Help => "求助",
        HotlineDemand.Suggestion => "建议",
        HotlineDemand.LegalAid => "法律援助",
        HotlineDemand.Mediation => "人民调解",
        HotlineDemand.Notary => "公证",
        _ => throw new ArgumentOutOfRangeException(nameof(demand)),
    };

    public static string Label(this HotlineDoor door) => door switch
    {
        HotlineDoor.Phone => "电话",
        HotlineDoor.Web => "网站",
        HotlineDoor.Wechat => "微信",
        HotlineDoor.Visit => "来访",
        _ => throw new ArgumentOutOfRangeException(nameof(door)),
    };

    public static string Label(this CallerGender gender) => gender switch
    {
        CallerGender.Unknown => "未知",
        CallerGender.Male => "男",
        CallerGender.Female => "女",
        _ => throw new ArgumentOutOfRangeException(nameof(gender)),
    };

    /// <summary>Whether nothing more is owed on it.</summary>
    public static bool IsOver(this HotlineTicketState state) => state is HotlineTicketState.Closed or HotlineTicketState.Withdrawn or HotlineTicketState.Merged;

    /// <summary>Whether the office owes the next step, so that it must lie in somebody's inbox.</summary>
    public static bool IsTheOffices(this HotlineTicketState state) =>
        !state.IsOver() && state is not (HotlineTicketState.AwaitingInfo or HotlineTicketState.Resolved or HotlineTicketState.FollowedUp);
}
