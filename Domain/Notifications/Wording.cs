using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Domain.Notifications;

/// <summary>The matter a notification is about, as far as its wording needs it.</summary>
public sealed record MatterFacts(string MatterId, string Number, string? CategoryName, string OrganisationName)
{
    /// <summary>The appointment it is about; null where it is about none.</summary>
    public AppointmentFacts? Appointment { get; init; }
}

/// <summary>The appointment a notification is about, as it stands when the words are chosen: whoever reads late reads the time that holds.</summary>
/// <param name="PlaceName">The unit where it is held; a visit at home names none.</param>
public sealed record AppointmentFacts(string Id, DateTimeOffset StartsAt, MeetingMode Mode, string PlaceName, string ServiceName, AppointmentState State);

/// <summary>
/// The words of a notification. They are chosen when it is shown or sent, never stored: somebody who asks to be spoken to neutrally
/// is spoken to neutrally about what happened before, too.
/// </summary>
/// <param name="Title">One line.</param>
/// <param name="Text">What it is about.</param>
/// <param name="Status">At most five Chinese characters, for a <c>phrase</c> field.</param>
/// <param name="Number">受理编号, or a dash.</param>
public sealed record Wording(string Title, string Text, string Status, string Number, string Category, string Unit)
{
    /// <summary>When the appointment is; null where there is none, or nothing is to be said of it.</summary>
    public DateTimeOffset? When { get; init; }

    /// <summary>Says that there is something, and nothing of what. Also fits a glance over the shoulder.</summary>
    public static readonly Wording Neutral = new("您有一条新消息", "请进入小程序查看", "有新消息", "-", "-", "-");

    public static Wording Of(NotificationKind kind, ContactPreference preference, MatterFacts matter)
    {
        if (preference != ContactPreference.Visible) return Neutral;
        var (title, status) = kind switch
        {
            NotificationKind.ConsultationAssigned => ("您的咨询已受理", "已受理"),
            NotificationKind.ConsultationAnswered => ("您的咨询有新的答复", "已答复"),
            NotificationKind.ConsultationMoved => ("您的咨询已转办", "已转办"),
            NotificationKind.ConsultationClosed => ("您的咨询已自动结束", "已结束"),
            NotificationKind.ConsultationRejected => ("您的咨询未予受理，请查看原因", "已退回"),
            NotificationKind.ConsultationMerged => ("您的咨询已与另一事项合并办理", "已并案"),
            NotificationKind.WaitlistOffer => ("候补有空位，请在十分钟内确认", "待确认"),
            NotificationKind.HotlineAnswered => ("您的热线诉求已有答复", "已答复"),
            NotificationKind.AppointmentBooked => ("已为您登记预约", "已预约"),
            NotificationKind.AppointmentConfirmed => ("您的预约已确认", "已确认"),
            NotificationKind.AppointmentMoved => ("您的预约时间已调整，请查看", "已改期"),
            NotificationKind.AppointmentCancelled => ("您的预约已取消，请查看原因", "已取消"),
            NotificationKind.AppointmentReminder => ("您的预约即将开始", "待参加"),
            NotificationKind.AppointmentMissed => ("您未按时到达，预约已结束", "未到"),
            NotificationKind.TicketPassedOver => ("轮到您时未接通，位置暂时保留", "请返回"),
            NotificationKind.TicketMissed => ("排队号已失效，可改为回电或改约时段", "已过号"),
            NotificationKind.TicketHeldOver => ("值班已结束，位置保留，可改为回电或改约", "已保留"),
            NotificationKind.TicketClosed => ("排队已关闭，请改约时段或留言", "已关闭"),
            NotificationKind.CallRinging => ("工作人员正在等您，请尽快进入视频", "呼叫中"),
            NotificationKind.CallMissed => ("刚才呼叫您未接通，可重新预约或留言", "未接通"),
            NotificationKind.CallMissedByOffice => ("未能按时接待您，非常抱歉，请重新选择时间", "请改期"),
            NotificationKind.CallFailed => ("视频服务故障，抱歉，可改用电话或改期", "请改期"),
            NotificationKind.MaterialsMissing => ("您的材料需要补正，请一次备齐", "待补正"),
            NotificationKind.MaterialRejected => ("您提交的材料需要重新上传，请查看原因", "待补正"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        var (number, category) = (MatterNumber.Display(matter.Number), matter.CategoryName ?? "法律咨询");
        return matter.Appointment is { } appointment
            ? new Wording(title, $"{Appointment.Spoken(appointment.StartsAt)}，{PlaceOf(appointment)}（编号{number}）", status, number, appointment.ServiceName, appointment.PlaceName) { When = appointment.StartsAt }
            : new Wording(title, $"{category}（编号{number}），{matter.OrganisationName}", status, number, category, matter.OrganisationName);
    }

    private static string PlaceOf(AppointmentFacts a) => a.Mode == MeetingMode.HomeVisit ? $"{a.PlaceName}上门" : $"{a.PlaceName}，{a.Mode.Label()}";

    /// <summary>Of a person's own setting and the setting of one matter, the more careful one holds.</summary>
    public static ContactPreference Stricter(ContactPreference one, ContactPreference other) => one > other ? one : other;
}
