namespace MicroPlatform.Infrastructure.WeChat;

/// <summary>What an <c>errcode</c> of WeChat means for us.</summary>
internal enum WeChatFault
{
    None,
    /// <summary>-1: WeChat is busy and has done nothing.</summary>
    SystemBusy,
    /// <summary>A single-use code that is too old, used or of somebody else.</summary>
    CodeInvalid,
    /// <summary>40226: a person WeChat holds to be a risk.</summary>
    UserBlocked,
    /// <summary>Calls per minute used up.</summary>
    MinuteQuota,
    /// <summary>Calls per day used up.</summary>
    DayQuota,
    /// <summary>The access token is not the valid one (any more).</summary>
    TokenInvalid,
    /// <summary>App id, secret, address list or account: only the operator can mend it.</summary>
    Misconfigured,
    /// <summary>The person gave no permission for this message, or none is left.</summary>
    NoPermission,
    UnknownRecipient,
    /// <summary>Template, page or a field of a message is wrong.</summary>
    MessageFaulty,
    /// <summary>61010: the person has not had the mini-program open within two hours.</summary>
    NotSeenRecently,
    /// <summary>Any other. Logged, treated as passing trouble.</summary>
    Unknown,
}

/// <summary>The errcodes of the endpoints that we call, from WeChat's public pages.</summary>
internal static class WeChatErrors
{
    public const int NoPermission = 43101;
    public const int FieldInvalid = 47003;

    public static WeChatFault Classify(int errcode) => errcode switch
    {
        0 => WeChatFault.None,
        -1 => WeChatFault.SystemBusy,
        40029 or 40163 => WeChatFault.CodeInvalid,
        40226 => WeChatFault.UserBlocked,
        45011 or 43108 => WeChatFault.MinuteQuota,
        45009 => WeChatFault.DayQuota,
        40001 or 40014 or 42001 => WeChatFault.TokenInvalid,
        40002 or 40013 or 40125 or 40164 or 40243 or 41002 or 41004 or 43002 or 43107 or 48001 or 50004 or 50007 or 89503 or 89506 or 89507 => WeChatFault.Misconfigured,
        NoPermission => WeChatFault.NoPermission,
        40003 => WeChatFault.UnknownRecipient,
        40037 or 41030 or 45168 or 47001 or FieldInvalid => WeChatFault.MessageFaulty,
        61010 => WeChatFault.NotSeenRecently,
        _ => WeChatFault.Unknown,
    };

    /// <summary>How long to keep away.</summary>
    public static TimeSpan RetryAfter(WeChatFault fault) => fault switch
    {
        WeChatFault.MinuteQuota => TimeSpan.FromSeconds(60),
        WeChatFault.DayQuota => TimeSpan.FromHours(1),
        WeChatFault.Misconfigured => TimeSpan.FromMinutes(5),
        _ => TimeSpan.FromSeconds(2),
    };

    /// <summary>The <c>rid</c> in an error message: what WeChat's support asks for.</summary>
    public static string? Rid(string? errmsg)
    {
        const string mark = "rid:";
        var at = errmsg?.IndexOf(mark, StringComparison.OrdinalIgnoreCase) ?? -1;
        if (at < 0) return null;
        var rest = errmsg!.AsSpan(at + mark.Length).TrimStart();
        var end = 0;
        while (end < rest.Length && end < 64 && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] == '-')) end++;
        return end == 0 ? null : rest[..end].ToString();
    }
}
