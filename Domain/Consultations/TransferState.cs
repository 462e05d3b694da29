namespace MicroPlatform.Domain.Consultations;

/// <summary>States of a transfer (转办): one unit asks another to take a matter over.</summary>
public enum TransferState
{
    /// <summary>待接收: the first unit stays responsible (首问负责).</summary>
    Pending,
    /// <summary>已接收: the other unit is responsible.</summary>
    Accepted,
    /// <summary>已退回, with a reason: the first unit keeps it.</summary>
    Refused,
    /// <summary>已撤回 by the unit that asked.</summary>
    Withdrawn,
    /// <summary>已失效: the matter ended before the other unit answered.</summary>
    Lapsed,
}

/// <summary>What can be done to a transfer. Each is a verb of <see cref="Transfer"/>.</summary>
public enum TransferAction
{
    Accept,
    Refuse,
    Withdraw,
    /// <summary>By the platform, when the matter has ended.</summary>
    Lapse,
}

public static class TransferLabels
{
    public static string Label(this TransferState state) => state switch
    {
        TransferState.Pending => "待接收",
        TransferState.Accepted => "已接收",
        TransferState.Refused => "已退回",
        TransferState.Withdrawn => "已撤回",
        TransferState.Lapsed => "已失效",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this TransferAction action) => action switch
    {
        TransferAction.Accept => "接收",
        TransferAction.Refuse => "退回",
        TransferAction.Withdraw => "撤回",
        TransferAction.Lapse => "失效（事项已结束）",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
