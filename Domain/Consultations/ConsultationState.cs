namespace MicroPlatform.Domain.Consultations;

/// <summary>States of a message consultation (留言咨询, <c>docs/states.md</c>).</summary>
public enum ConsultationState
{
    /// <summary>待受理: asked; in the unit's inbox. Also the state after a handler has let it go unanswered.</summary>
    Submitted,
    /// <summary>已受理: a person has it and has not answered yet.</summary>
    Assigned,
    /// <summary>已答复: the citizen's turn. Not closed: the citizen may ask on.</summary>
    Answered,
    /// <summary>追问中: the citizen has asked on after an answer; the office's turn again.</summary>
    FollowUp,
    /// <summary>已结束, by the citizen, or by the platform after days of silence.</summary>
    Closed,
    /// <summary>已撤回 by the citizen before the first answer.</summary>
    Withdrawn,
    /// <summary>已退回 by the office, with a reason.</summary>
    Rejected,
    /// <summary>已并入 another consultation of the same citizen.</summary>
    Merged,
}

/// <summary>What can be done to a consultation. Each is a verb of <see cref="Consultation"/>.</summary>
public enum ConsultationAction
{
    /// <summary>Take it or give it to a person; also moves it from one person to another.</summary>
    Assign,
    /// <summary>Back to the unit's inbox.</summary>
    Release,
    /// <summary>To another unit, once that unit has accepted.</summary>
    MoveUnit,
    /// <summary>The office writes to the citizen.</summary>
    Answer,
    /// <summary>The citizen writes: adds to the question, or asks on.</summary>
    Ask,
    /// <summary>The office writes for itself; the citizen never sees it.</summary>
    Note,
    Close,
    Withdraw,
    Reject,
    Merge,
}

public static class ConsultationLabels
{
    public static string Label(this ConsultationState state) => state switch
    {
        ConsultationState.Submitted => "待受理",
        ConsultationState.Assigned => "已受理",
        ConsultationState.Answered => "已答复",
        ConsultationState.FollowUp => "追问中",
        ConsultationState.Closed => "已结束",
        ConsultationState.Withdrawn => "已撤回",
        ConsultationState.Rejected => "已退回",
        ConsultationState.Merged => "已并案",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this ConsultationAction action) => action switch
    {
        ConsultationAction.Assign => "受理/指派",
        ConsultationAction.Release => "退回待办",
        ConsultationAction.MoveUnit => "转办",
        ConsultationAction.Answer => "答复",
        ConsultationAction.Ask => "补充/追问",
        ConsultationAction.Note => "内部备注",
        ConsultationAction.Close => "结束",
        ConsultationAction.Withdraw => "撤回",
        ConsultationAction.Reject => "不予受理",
        ConsultationAction.Merge => "并案",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
