using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Hotline;

/// <summary>Why a partner's call is not let in, in the order in which it is looked at; and what an administrator may not set.</summary>
public static class PartnerRefusals
{
    public static readonly Refusal TlsRequired = new("tls_required", "请使用HTTPS调用", RefusalKind.Forbidden);

    /// <summary>Not one of the partner's networks. Behind a proxy, look at Deployment:TrustedProxies.</summary>
    public static readonly Refusal IpNotAllowed = new("ip_not_allowed", "来源地址不在白名单内", RefusalKind.Forbidden);

    /// <summary>No such app id, or it is suspended.</summary>
    public static readonly Refusal UnknownApp = new("unknown_app", "应用标识不存在或已停用", RefusalKind.Unauthenticated);

    /// <summary>The caller's clock is off by more than the window. The problem tells the server's time.</summary>
    public static readonly Refusal TimestampOutOfRange = new("timestamp_out_of_range", "时间戳超出允许范围，请校准时钟", RefusalKind.Unauthenticated);

    public static readonly Refusal AlgorithmUnknown = new("algorithm_unknown", "签名算法不支持", RefusalKind.Invalid);

    /// <summary>16 to 64 letters, digits, '-' and '_'.</summary>
    public static readonly Refusal NonceInvalid = new("nonce_invalid", "随机串应为16到64位字母、数字、-或_", RefusalKind.Invalid);

    public static readonly Refusal BadSignature = new("bad_signature", "签名错误", RefusalKind.Unauthenticated);

    /// <summary>The nonce has been seen: the very same request again, or a nonce used twice.</summary>
    public static readonly Refusal Replayed = new("replayed", "请求重复（随机串已使用）", RefusalKind.Conflict);

    /// <summary>For partners of the sandbox only.</summary>
    public static readonly Refusal SandboxOnly = new("sandbox_only", "仅限沙箱应用调用", RefusalKind.Forbidden);

    /// <summary>The body is not UTF-8: GBK most likely.</summary>
    public static readonly Refusal CharsetUnsupported = new("charset_unsupported", "请使用UTF-8编码提交，收到的内容不是UTF-8（可能是GBK）", RefusalKind.UnsupportedMedia);

    public static readonly Refusal AppIdTaken = new("app_id_taken", "应用标识已存在", RefusalKind.Conflict);

    /// <summary>An address that must not be called: not https, or inside our own networks.</summary>
    public static readonly Refusal AddressNotAllowed = new("address_not_allowed", "该地址不允许调用", RefusalKind.Unprocessable);

    /// <summary>No address to deliver to is set, or it is switched off.</summary>
    public static readonly Refusal NoWebhook = new("webhook_not_set", "尚未设置或已停用推送地址", RefusalKind.Conflict);
}
