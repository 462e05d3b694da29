using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Identity;

public static class IdentityRefusals
{
    public static readonly Refusal TokenMissing = new("token_missing", "请先登录", RefusalKind.Unauthenticated);

    public static readonly Refusal TokenExpired = new("token_expired", "登录已过期，请重新登录", RefusalKind.Unauthenticated);

    public static readonly Refusal TokenInvalid = new("token_invalid", "登录信息无效，请重新登录", RefusalKind.Unauthenticated);

    public static readonly Refusal SessionRevoked = new("session_revoked", "登录已失效，请重新登录", RefusalKind.Unauthenticated);
}
