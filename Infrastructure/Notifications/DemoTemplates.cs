using MicroPlatform.Domain.Notifications;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>What a bureau would have at WeChat, for trying the platform with the fake one. Development only, and only while none are configured.</summary>
internal static class DemoTemplates
{
    public static IEnumerable<MessageTemplate> All =>
    [
        new()
        {
            Id = "demo-progress", Kinds = Enum.GetValues<NotificationKind>(),
            Fields = new Dictionary<string, string> { ["thing1"] = "title", ["character_string2"] = "number", ["phrase3"] = "status", ["time4"] = "at" },
        },
        new()
        {
            Id = "demo-neutral", Kinds = Enum.GetValues<NotificationKind>(), Neutral = true,
            Fields = new Dictionary<string, string> { ["thing1"] = "title", ["time2"] = "at" },
        },
    ];
}
