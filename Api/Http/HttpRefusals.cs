using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http;

/// <summary>Refusals that only the wire can give.</summary>
public static class HttpRefusals
{
    public static readonly Refusal JsonMalformed = new("json_malformed", "提交的内容格式有误", RefusalKind.Invalid);

    public static readonly Refusal BodyTooLarge = new("body_too_large", "提交的内容过大", RefusalKind.TooLarge);

    /// <summary>415: bodies are JSON.</summary>
    public static readonly Refusal UnsupportedMediaType = new("unsupported_media_type", "请使用JSON格式提交", RefusalKind.Invalid);

    /// <summary>404: no such address.</summary>
    public static readonly Refusal RouteNotFound = new("route_not_found", "请求的地址不存在", RefusalKind.NotFound);

    /// <summary>405: the address exists, the method does not.</summary>
    public static readonly Refusal MethodNotAllowed = new("method_not_allowed", "不支持此请求方式", RefusalKind.Invalid);

    public static readonly Refusal RateLimited = new("rate_limited", "操作太频繁，请稍后再试", RefusalKind.TooMany) { RetryAfter = TimeSpan.FromSeconds(10) };

    public static readonly Refusal ClientTooOld = new("client_too_old", "小程序版本过低，请更新后使用", RefusalKind.ClientTooOld);

    /// <summary>The address speaks WebSocket only.</summary>
    public static readonly Refusal WebSocketExpected = new("websocket_expected", "此地址仅支持WebSocket连接", RefusalKind.Invalid);

    /// <summary>500: a fault of ours; the trace id finds it.</summary>
    public static readonly Refusal InternalError = new("internal_error", "系统开小差了，请稍后再试", RefusalKind.Unavailable);

    /// <summary>The disk of the database is full. Nothing was written.</summary>
    public static readonly Refusal StorageFull = new("storage_full", "存储空间不足，请稍后再试", RefusalKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(60) };

    public static readonly Refusal IdempotencyKeyRequired = new("idempotency_key_required", "缺少请求编号，请升级客户端", RefusalKind.Invalid);

    /// <summary>More than 64 characters, or others than letters, digits, '-' and '_'.</summary>
    public static readonly Refusal IdempotencyKeyInvalid = new("idempotency_key_invalid", "请求编号格式有误", RefusalKind.Invalid);

    /// <summary>The key was used for another request.</summary>
    public static readonly Refusal IdempotencyKeyReused = new("idempotency_key_reused", "请求编号已用于其他请求", RefusalKind.Unprocessable);

    /// <summary>The same request is being carried out right now.</summary>
    public static readonly Refusal IdempotencyInFlight = new("idempotency_in_flight", "请求正在处理，请稍候", RefusalKind.Conflict) { RetryAfter = TimeSpan.FromSeconds(1) };
}
