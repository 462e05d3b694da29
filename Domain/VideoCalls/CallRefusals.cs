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

    /// <summary>At a desk a colleague was first.</summary>
    public static readonly Refusal TakenByOther = new("call_taken", "该通话已由其他同事接入", RefusalKind.Conflict);

    /// <summary>The same person has come in with another phone or window, which goes on; this one is out.</summary>
    public static readonly Refusal TakenOver = new("call_taken_over", "您已在其他设备上进入通话", RefusalKind.Conflict);

    /// <summary>The link has been used up, has run out, or was never ours. Not said which.</summary>
    public static readonly Refusal TicketInvalid = new("call_ticket_invalid", "链接已失效，请重新获取", RefusalKind.Unauthenticated);

    /// <summary>Somebody of the office writes down the last call before the next is taken from the queue.</summary>
    public static readonly Refusal SummaryOwed = new("call_summary_owed", "请先填写上一通话的小结", RefusalKind.Conflict);

    public static readonly Refusal Full = new("call_full", "通话人数已满", RefusalKind.Conflict);

    /// <summary>Both sides agree before anything is recorded (民法典 art. 1033, PIPL art. 13).</summary>
    public static readonly Refusal RecordingNotAgreed = new("recording_not_agreed", "双方都同意后才能录制", RefusalKind.Conflict);

    /// <summary>This video provider cannot record.</summary>
    public static readonly Refusal RecordingUnsupported = new("recording_unsupported", "当前视频服务不支持录制", RefusalKind.Unprocessable);

    public static readonly Refusal AlreadyRecording = new("recording_running", "正在录制中", RefusalKind.Conflict);

    /// <summary>Nothing is being recorded.</summary>
    public static readonly Refusal NotRecording = new("recording_not_running", "当前没有录制", RefusalKind.Conflict);

    /// <summary>Recordings are of what two people say to each other: they must both be there.</summary>
    public static readonly Refusal NotConnected = new("call_not_connected", "通话接通后才能进行此操作", RefusalKind.Conflict);

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
