using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Registry;

public static class RegistryRefusals
{
    /// <summary>The person has a shift in that time already, in whatever unit.</summary>
    public static readonly Refusal ShiftOverlaps = new("shift_overlaps", "该人员此时段已有班次", RefusalKind.Conflict);

    /// <summary>What has been stays on the roster.</summary>
    public static readonly Refusal ShiftOver = new("shift_over", "班次已结束", RefusalKind.Conflict);

    public static readonly Refusal NotOnDuty = new("not_on_duty", "您当前不在值班", RefusalKind.Conflict);

    /// <summary>Who is to be on duty has no post that works on matters in the unit or above it.</summary>
    public static readonly Refusal NotOfUnit = new("staff_not_of_unit", "该人员不在此单位任职", RefusalKind.Unprocessable);

    public static readonly Refusal ParentUnknown = new("organisation_parent_unknown", "没有这个上级机构", RefusalKind.Unprocessable);

    public static readonly Refusal ParentClosed = new("organisation_parent_closed", "上级机构已停用", RefusalKind.Conflict);

    /// <summary>A unit cannot hang under itself or under what hangs under it.</summary>
    public static readonly Refusal Cycle = new("organisation_cycle", "不能移动到本机构或其下级机构之下", RefusalKind.Conflict);

    public static readonly Refusal TooDeep = new("organisation_too_deep", "机构层级过深，最多九级", RefusalKind.Unprocessable);

    /// <summary>A bureau under a village.</summary>
    public static readonly Refusal LevelUpsideDown = new("organisation_level", "下级机构的层级不能高于上级机构", RefusalKind.Unprocessable);

    /// <summary>Posts are still held there.</summary>
    public static readonly Refusal HasPeople = new("organisation_has_people", "该机构仍有人员任职，请先调整岗位", RefusalKind.Conflict);

    public static readonly Refusal HasChildren = new("organisation_has_children", "该机构仍有在用的下级机构", RefusalKind.Conflict);

    public static readonly Refusal HasBookings = new("organisation_has_bookings", "该机构仍有未完成的预约，请先改期或取消", RefusalKind.Conflict);

    public static readonly Refusal AlreadyClosed = new("organisation_closed", "该机构已停用", RefusalKind.Conflict);

    public static readonly Refusal NotClosed = new("organisation_not_closed", "该机构未停用", RefusalKind.Conflict);
}
