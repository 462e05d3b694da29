namespace MicroPlatform.Domain.Identity;

public static class ContactPreferenceLabels
{
    public static string Label(this ContactPreference preference) => preference switch
    {
        ContactPreference.Visible => "正常提醒",
        ContactPreference.Neutral => "只提示有新消息",
        ContactPreference.Hidden => "不发送提醒",
        _ => throw new ArgumentOutOfRangeException(nameof(preference)),
    };
}
