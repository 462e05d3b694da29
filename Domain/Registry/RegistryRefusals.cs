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
}
