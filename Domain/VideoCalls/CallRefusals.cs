using System.Globalization;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.VideoCalls;

public static class CallRefusals
{
    public static readonly Refusal WrongState = new("call_state", "通话当前状态不能这样操作", RefusalKind.Conflict);

    public static readonly Refusal Over = new("call_over", "通话已结束", RefusalKind.Conflict);

    /// <summary>The time to come has passed and nobody came.</summary>
    public static readonly Refusal TooLate = new("call_too_late", "已过进入时间，请重新预约或留言", RefusalKind.Conflict);

    /// <summary>Somebody of the office talks to one citizen at a time.</summary>
    public static readonly Refusal StaffBusy = new("call_staff_busy", "该工作人员正在通话中", RefusalKind.Conflict);

    /// <summary>A citizen is in one call at a time.</summary>
    public static readonly Refusal CitizenBusy = new("call_citizen_busy", "您正在另一个通话中", RefusalKind.Conflict);

    public static readonly Refusal Full = new("call_full", "通话人数已满", RefusalKind.Conflict);

    /// <summary>Both sides agree before anything is recorded (民法典 art. 1033, PIPL art. 13).</summary>
    public static readonly Refusal RecordingNotAgreed = new("recording_not_agreed", "双方都同意后才能录制", RefusalKind.Conflict);

    /// <summary>The call is still going on, or there was none.</summary>
    public static readonly Refusal NothingToSummarise = new("call_not_ended", "通话结束后填写小结", RefusalKind.Conflict);

    /// <summary>Written once; what is to be added is a note.</summary>
    public static readonly Refusal AlreadySummarised = new("call_summarised", "小结已填写", RefusalKind.Conflict);

    /// <summary>The door opens a quarter of an hour before.</summary>
    public static Refusal TooEarly(DateTimeOffset opensAt) => new("call_too_early", $"{Appointments.Appointment.Spoken(opensAt)}起可以进入", RefusalKind.Conflict)
    {
        Members = new Dictionary<string, string> { ["opensAt"] = opensAt.ToOffset(ChinaTime.Offset).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) },
    };
}
