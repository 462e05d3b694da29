using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Domain.Hotline;

/// <summary>What the hotline has written down of a call for help, cleaned.</summary>
/// <param name="Source">12348, 12345 or other.</param>
/// <param name="CallerPhone">As given; <see cref="Phone"/> is what is looked up by.</param>
/// <param name="AcceptedAt">When the hotline took it.</param>
/// <param name="Attachments">JSON array of name, address and hash.</param>
/// <param name="Ext">JSON object of what we have no field for.</param>
/// <param name="Hash">SHA-256 of the body as it was sent, hex: what reconciliation compares.</param>
public sealed record HotlineContent(
    string Source, HotlineDoor Door, HotlineDemand? Demand, string? CategoryCode, string? Title, string Content, PersonName? CallerName, string? CallerPhone, CallerGender Gender, NationalId? NationalId,
    string? AreaCode, string? Address, int? Longitude, int? Latitude, HotlineUrgency Urgency, bool Confidential, DateTimeOffset AcceptedAt, DateTimeOffset? DeadlineAt, string? AgentNo, string? CallId,
    string? DepartmentCode, string? Attachments, string? Ext, string Hash)
{
    public const int MaxTicketNo = 64;
    public const int MaxTitle = 100;
    public const int MaxContent = 5000;
    public const int MaxCode = 64;

    /// <summary>Of JSON that is only kept, in characters.</summary>
    public const int MaxKept = 20_000;

    /// <summary>Null where what was given is no number that can be called back.</summary>
    public PhoneNumber? Phone => PhoneNumber.TryParse(CallerPhone, out var number) ? number : null;
}

/// <summary>What one version of the hotline's content says of its age; either may be absent.</summary>
public sealed record HotlineAge(long? Version, DateTimeOffset? UpdatedAt)
{
    /// <summary>Whether it is older than what is stored.</summary>
    public bool IsBefore(HotlineAge stored) =>
        Version is { } mine && stored.Version is { } theirs ? mine < theirs : UpdatedAt is { } at && stored.UpdatedAt is { } known && at < known;
}

public static class HotlineRefusals
{
    /// <summary>A newer version of the ticket is stored.</summary>
    public static readonly Refusal StaleUpdate = new("stale_update", "已有更新的版本，本次更新已忽略", RefusalKind.Conflict);

    /// <summary>Cannot have happened to the ticket at that time. <c>allowed</c> tells what could.</summary>
    public static readonly Refusal IllegalTransition = new("illegal_transition", "工单当前状态不允许此操作", RefusalKind.Conflict);

    /// <summary>The id stands for another event of this ticket.</summary>
    public static readonly Refusal EventIdReused = new("event_id_reused", "事件编号已用于其他事件", RefusalKind.Conflict);

    /// <summary>Sending back is for the first working day.</summary>
    public static readonly Refusal RefusalTooLate = new("refusal_too_late", "已过退单时限，请办理或申请改派", RefusalKind.Conflict);

    /// <summary>After the third time the head of the centre has decided.</summary>
    public static readonly Refusal RefusalFinal = new("refusal_final", "中心主任已裁定，不能再次退单", RefusalKind.Conflict);

    /// <summary>Sent back three times: only the head of the centre dispatches it now.</summary>
    public static readonly Refusal HeadDecides = new("head_decides", "已三次退单，须由中心主任裁定", RefusalKind.Forbidden);

    /// <summary>Merging is for tickets of one caller.</summary>
    public static readonly Refusal NotSameCaller = new("not_same_caller", "不是同一来电人的工单，不能并单", RefusalKind.Unprocessable);

    public static readonly Refusal AlarmAcknowledged = new("alarm_acknowledged", "该警情已有人响应", RefusalKind.Conflict);

    public static readonly Refusal TaskOver = new("task_over", "该任务已完成", RefusalKind.Conflict);

    /// <summary>There is no number to be reached at.</summary>
    public static readonly Refusal NoPhone = new("caller_unknown", "来电人没有可用的号码", RefusalKind.Unprocessable);

    /// <summary>The day is not over, or its list is not made yet: at two in the morning.</summary>
    public static readonly Refusal ReconciliationNotReady = new("reconciliation_not_ready", "当日对账数据尚未生成（次日2时后可取）或已过保存期", RefusalKind.NotFound);

    /// <summary>A unit that takes no matters.</summary>
    public static readonly Refusal UnitUnsuitable = new("unit_unsuitable", "不能派给该单位", RefusalKind.Unprocessable);

    /// <summary>The code of the screen-pop has been used or is too old.</summary>
    public static readonly Refusal PopGone = new("pop_gone", "弹屏链接已使用或已过期", RefusalKind.NotFound);
}
