using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.VideoCalls;

/// <summary>What the providers of picture and voice refuse, and what is refused to those who call in their name.</summary>
public static class VideoRefusals
{
    /// <summary>The server that carries picture and voice does not answer: go on by voice, by telephone or by message.</summary>
    public static readonly Refusal ProviderDown = new("video_provider_down", "视频服务暂时不可用，可改用语音、电话或留言", RefusalKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>The call was begun with a provider that this installation no longer has.</summary>
    public static readonly Refusal ProviderGone = new("video_provider_gone", "原视频服务已停用，可改用电话或留言", RefusalKind.Conflict);

    /// <summary>WeChat's own calls are for those who have signed in through the mini-program.</summary>
    public static readonly Refusal NeedsWeChat = new("video_needs_wechat", "请在微信小程序中重新登录后进入", RefusalKind.Conflict);

    /// <summary>Not signed with our key, or not by who may call here.</summary>
    public static readonly Refusal CallbackForged = new("callback_signature_invalid", "回调签名无效", RefusalKind.Forbidden);

    /// <summary>Not what the provider sends.</summary>
    public static readonly Refusal CallbackMalformed = new("callback_malformed", "回调内容格式有误", RefusalKind.Invalid);

    /// <summary>Sent too long ago, or by a clock that is far ahead: what was caught on the way cannot be played again for ever.</summary>
    public static readonly Refusal CallbackOutOfTime = new("callback_out_of_time", "回调时间与平台时间相差过大", RefusalKind.Forbidden);

    /// <summary>No call of this provider has such a room.</summary>
    public static readonly Refusal CallbackRoomUnknown = new("callback_room_unknown", "没有对应的通话", RefusalKind.NotFound);
}
