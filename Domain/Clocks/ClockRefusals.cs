using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Clocks;

public static class ClockRefusals
{
    /// <summary>The holidays of a needed year are not loaded: nothing is counted rather than counted wrongly.</summary>
    public static readonly Refusal CalendarMissing = new("calendar_missing", "该年度节假日安排尚未导入，暂时无法计算日期", RefusalKind.Unavailable);

    /// <summary>An imported year contradicts itself or the weekdays; <c>errors</c> names the lines.</summary>
    public static readonly Refusal CalendarInvalid = new("calendar_invalid", "节假日安排有误，请核对后再导入", RefusalKind.Unprocessable);
}
