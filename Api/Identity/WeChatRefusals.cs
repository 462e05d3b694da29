using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Identity;

/// <summary>What each answer of WeChat means to the client.</summary>
internal static class WeChatRefusals
{
    public static Refusal Of(WeChatLogin login) => login switch
    {
        WeChatLogin.CodeInvalid => IdentityRefusals.WeChatCodeInvalid,
        WeChatLogin.UserBlocked => IdentityRefusals.WeChatUserBlocked,
        WeChatLogin.Busy busy => IdentityRefusals.WeChatTooMany with { RetryAfter = busy.RetryAfter },
        // Misconfigured is the operator's business and already in the log as critical; to the client WeChat is away.
        _ => IdentityRefusals.WeChatUnavailable,
    };

    public static Refusal Of(WeChatPhone phone) => phone switch
    {
        WeChatPhone.CodeInvalid => IdentityRefusals.PhoneCodeInvalid,
        WeChatPhone.Busy busy => IdentityRefusals.WeChatTooMany with { RetryAfter = busy.RetryAfter },
        _ => IdentityRefusals.WeChatUnavailable,
    };
}
