namespace MicroPlatform.Domain.Identity;

/// <summary>How the platform may contact a person. Somebody at risk at home must not be betrayed by a message on a shared phone.</summary>
public enum ContactPreference
{
    /// <summary>Messages may name the matter.</summary>
    Visible,
    /// <summary>Messages say only that there is something new, never what about.</summary>
    Neutral,
    /// <summary>No message leaves the platform. What is new is seen in the mini-program only.</summary>
    Hidden,
}

public static class ContactPreferences
{
    public static string Label(this ContactPreference preference) => preference switch
    {
        ContactPreference.Visible => "消息可提及事项",
        ContactPreference.Neutral => "消息不显示内容",
        ContactPreference.Hidden => "不发消息",
        _ => throw new ArgumentOutOfRangeException(nameof(preference)),
    };
}
