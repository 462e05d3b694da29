namespace MicroPlatform.Domain.Administration;

/// <summary>Acts that one administrator asks for and another approves: they take something away from others, or could be used to become somebody else.</summary>
public enum ApprovableAct
{
    /// <summary>停用机构</summary>
    CloseOrganisation,
    /// <summary>停用账号</summary>
    DisableAccount,
    /// <summary>重置动态验证码: together with a new password it lets somebody in as another.</summary>
    ResetTotp,
    /// <summary>停用问题类别</summary>
    DeactivateCategory,
    /// <summary>销毁被隔离的材料: a citizen's document, for good.</summary>
    DestroyMaterial,
}

/// <summary>States of a request for a second administrator's word.</summary>
public enum ApprovalState
{
    /// <summary>待批准</summary>
    Pending,
    /// <summary>已批准并执行</summary>
    CarriedOut,
    /// <summary>已驳回, with a reason.</summary>
    Refused,
    /// <summary>已撤回 by who asked.</summary>
    Withdrawn,
    /// <summary>已过期: nobody decided in time.</summary>
    Expired,
    /// <summary>已撤销: carried out, and taken back within the time for it.</summary>
    Undone,
}

/// <summary>What can be done to a request. Each is a verb of <see cref="Approval"/>.</summary>
public enum ApprovalAction
{
    /// <summary>And carry out, in one transaction.</summary>
    Approve,
    Refuse,
    Withdraw,
    /// <summary>By the platform.</summary>
    Expire,
    Undo,
}

public static class ApprovalLabels
{
    public static string Label(this ApprovableAct act) => act switch
    {
        ApprovableAct.CloseOrganisation => "停用机构",
        ApprovableAct.DisableAccount => "停用账号",
        ApprovableAct.ResetTotp => "重置动态验证码",
        ApprovableAct.DeactivateCategory => "停用问题类别",
        ApprovableAct.DestroyMaterial => "销毁被隔离的材料",
        _ => throw new ArgumentOutOfRangeException(nameof(act)),
    };

    public static string Label(this ApprovalState state) => state switch
    {
        ApprovalState.Pending => "待批准",
        ApprovalState.CarriedOut => "已批准并执行",
        ApprovalState.Refused => "已驳回",
        ApprovalState.Withdrawn => "已撤回",
        ApprovalState.Expired => "已过期",
        ApprovalState.Undone => "已撤销",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this ApprovalAction action) => action switch
    {
        ApprovalAction.Approve => "批准并执行",
        ApprovalAction.Refuse => "驳回",
        ApprovalAction.Withdraw => "撤回",
        ApprovalAction.Expire => "过期",
        ApprovalAction.Undo => "撤销",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
