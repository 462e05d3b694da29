using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Domain.Notifications;

/// <summary>The matter a notification is about, as far as its wording needs it.</summary>
public sealed record MatterFacts(string MatterId, string Number, string? CategoryName, string OrganisationName);

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
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        var (number, category) = (MatterNumber.Display(matter.Number), matter.CategoryName ?? "法律咨询");
        return new Wording(title, $"{category}（编号{number}），{matter.OrganisationName}", status, number, category, matter.OrganisationName);
    }

    /// <summary>Of a person's own setting and the setting of one matter, the more careful one holds.</summary>
    public static ContactPreference Stricter(ContactPreference one, ContactPreference other) => one > other ? one : other;
}
