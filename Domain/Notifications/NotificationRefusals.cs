using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Notifications;

public static class NotificationRefusals
{
    /// <summary>Not one of the templates of <c>GET /v1/meta</c>.</summary>
    public static readonly Refusal UnknownTemplate = new("template_unknown", "未知的订阅消息模板", RefusalKind.Invalid);

    /// <summary>The push is not signed with our token, or not sealed with our key.</summary>
    public static readonly Refusal PushNotFromWeChat = new("push_signature_invalid", "签名无效", RefusalKind.Forbidden);

    /// <summary>The push is not what 安全模式 with JSON sends.</summary>
    public static readonly Refusal PushMalformed = new("push_malformed", "推送内容格式有误", RefusalKind.Invalid);
}
