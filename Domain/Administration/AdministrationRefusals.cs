using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Administration;

public static class AdministrationRefusals
{
    /// <summary>Wait for its end, then ask again.</summary>
    public static readonly Refusal JobRunning = new("job_running", "该任务正在运行", RefusalKind.Conflict);

    /// <summary>There are at least two administrators: ask by <c>POST /v1/admin/approvals</c>, and another approves.</summary>
    public static readonly Refusal SecondAdministratorRequired = new("second_administrator_required", "此操作须由另一名管理员批准，请先提出审批申请", RefusalKind.Conflict);

    public static readonly Refusal OwnApproval = new("approval_own", "不能批准自己提出的申请", RefusalKind.Conflict);

    /// <summary>Only who asked may withdraw.</summary>
    public static readonly Refusal NotYourApproval = new("approval_not_yours", "只能撤回自己提出的申请", RefusalKind.Conflict);

    /// <summary>Decided, withdrawn, expired or undone already.</summary>
    public static readonly Refusal ApprovalDecided = new("approval_decided", "该申请已处理", RefusalKind.Conflict);

    public static readonly Refusal ApprovalExpired = new("approval_expired", "该申请已过期，请重新提出", RefusalKind.Conflict);

    /// <summary>The same act on the same thing waits for a decision already.</summary>
    public static readonly Refusal ApprovalPending = new("approval_pending", "同一事项已有待批准的申请", RefusalKind.Conflict);

    public static readonly Refusal UndoOver = new("undo_over", "撤销期限已过", RefusalKind.Conflict);

    public static readonly Refusal UndoNotPossible = new("undo_not_possible", "此操作无法撤销", RefusalKind.Conflict);
}
