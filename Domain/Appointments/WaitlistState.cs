namespace MicroPlatform.Domain.Appointments;

/// <summary>Where somebody on the waiting list stands.</summary>
public enum WaitlistState
{
    /// <summary>候补中</summary>
    Waiting,
    /// <summary>待确认: a time is kept for them for some minutes.</summary>
    Offered,
    /// <summary>已约到: by accepting an offer, or by booking in another way.</summary>
    Booked,
    /// <summary>已退出 by themselves.</summary>
    Left,
    /// <summary>已结束: the last day has passed, or the appointment that should have been earlier is over.</summary>
    Over,
}

/// <summary>What can happen to somebody on the waiting list. Each is a verb of <see cref="WaitlistEntry"/>.</summary>
public enum WaitlistAction
{
    Offer,
    /// <summary>The offer was rejected or ran out; the place in the line stays.</summary>
    Decline,
    Book,
    Leave,
    /// <summary>By the platform.</summary>
    End,
}

/// <summary>What became of an offer.</summary>
public enum WaitlistOfferState
{
    /// <summary>待确认: the time is theirs until it runs out.</summary>
    Open,
    /// <summary>已接受</summary>
    Accepted,
    /// <summary>已放弃</summary>
    Rejected,
    /// <summary>已过期</summary>
    Expired,
    /// <summary>已撤回: they left the list.</summary>
    Withdrawn,
}

/// <summary>What can be done with an offer. Each is a verb of <see cref="WaitlistOffer"/>.</summary>
public enum WaitlistOfferAction
{
    Accept,
    Reject,
    /// <summary>By the platform, when its time is over.</summary>
    Expire,
    /// <summary>By the platform, when the person leaves the list.</summary>
    Withdraw,
}

public static class WaitlistLabels
{
    public static string Label(this WaitlistState state) => state switch
    {
        WaitlistState.Waiting => "候补中",
        WaitlistState.Offered => "待确认",
        WaitlistState.Booked => "已约到",
        WaitlistState.Left => "已退出",
        WaitlistState.Over => "已结束",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this WaitlistAction action) => action switch
    {
        WaitlistAction.Offer => "保留时段",
        WaitlistAction.Decline => "未接受",
        WaitlistAction.Book => "约到",
        WaitlistAction.Leave => "退出",
        WaitlistAction.End => "结束",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static string Label(this WaitlistOfferState state) => state switch
    {
        WaitlistOfferState.Open => "待确认",
        WaitlistOfferState.Accepted => "已接受",
        WaitlistOfferState.Rejected => "已放弃",
        WaitlistOfferState.Expired => "已过期",
        WaitlistOfferState.Withdrawn => "已撤回",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this WaitlistOfferAction action) => action switch
    {
        WaitlistOfferAction.Accept => "接受",
        WaitlistOfferAction.Reject => "放弃",
        WaitlistOfferAction.Expire => "过期",
        WaitlistOfferAction.Withdraw => "撤回（已退出候补）",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
