using System.Text;

namespace MicroPlatform.Domain.Identity;

/// <summary>
/// What the platform asks of WeChat. Nothing here throws for an answer WeChat can give: every one is a case of the result type.
/// None of the results prints a session key, an openid or a phone number.
/// </summary>
public interface IWeChat
{
    /// <summary>
    /// Exchanges the code of <c>wx.login</c> for the session. A code is good once and for five minutes, so this is never repeated
    /// after a lost answer: the client signs in again with a new code.
    /// </summary>
    Task<WeChatLogin> CodeToSessionAsync(string code, CancellationToken cancel = default);

    /// <summary>Exchanges the code of the phone button (<c>getPhoneNumber</c>, not the sign-in code) for the number.</summary>
    /// <param name="openid">Whose code it must be: WeChat refuses a code that belongs to somebody else.</param>
    Task<WeChatPhone> GetPhoneNumberAsync(string code, string openid, CancellationToken cancel = default);

    /// <summary>
    /// Asks whether a text is fit for public view. Only for people who had the mini-program open within two hours; never for hotline
    /// or batch texts. A citizen who describes a crime scores <see cref="TextSuggestion.Risky"/>: mark for review, never refuse the message.
    /// </summary>
    Task<TextVerdict> CheckTextAsync(string openid, TextScene scene, string text, CancellationToken cancel = default);

    /// <summary>Sends one subscribe message. Field values are brought within WeChat's limits first.</summary>
    Task<SendVerdict> SendSubscribeMessageAsync(SubscribeMessage message, CancellationToken cancel = default);
}

/// <summary>What came of a sign-in code.</summary>
public abstract record WeChatLogin
{
    private WeChatLogin()
    {
    }

    /// <param name="OpenId">The person within this mini-program.</param>
    /// <param name="UnionId">The person within the bureau's Open Platform account, where the mini-program is bound to one.</param>
    /// <param name="SessionKey">Base64 text. Kept sealed, replaced at each sign-in, never sent to a client.</param>
    public sealed record Session(string OpenId, string? UnionId, string SessionKey) : WeChatLogin
    {
        protected override bool PrintMembers(StringBuilder builder) => Printed.Nothing(builder);
    }

    /// <summary>Older than five minutes, used already, or never a code: the client runs <c>wx.login</c> again, once.</summary>
    public sealed record CodeInvalid : WeChatLogin;

    /// <summary>WeChat holds this person to be a risk. Trying again does not help.</summary>
    public sealed record UserBlocked : WeChatLogin;

    /// <summary>Too many sign-ins of this person, or WeChat is busy and said so. The code is spent or may be.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : WeChatLogin;

    /// <summary>No answer, or none that can be read. The code may have been spent.</summary>
    public sealed record Unavailable : WeChatLogin;

    /// <summary>The app id or secret is wrong: a fault of the installation, for the operator.</summary>
    public sealed record Misconfigured : WeChatLogin;
}

/// <summary>What came of a phone code.</summary>
public abstract record WeChatPhone
{
    private WeChatPhone()
    {
    }

    /// <param name="CountryCode">Digits, <c>86</c> for the mainland.</param>
    /// <param name="Number">Digits without country code.</param>
    public sealed record Found(string CountryCode, string Number) : WeChatPhone
    {
        protected override bool PrintMembers(StringBuilder builder) => Printed.Nothing(builder);
    }

    /// <summary>Too old, used, of another person or of another mini-program: the person presses the button again.</summary>
    public sealed record CodeInvalid : WeChatPhone;

    /// <summary>WeChat counts too many calls, or said it is busy.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : WeChatPhone;

    public sealed record Unavailable : WeChatPhone;

    public sealed record Misconfigured : WeChatPhone;
}

/// <summary>Where a checked text stands; WeChat judges more strictly in some places.</summary>
public enum TextScene
{
    /// <summary>资料: nicknames, profiles.</summary>
    Profile = 1,
    /// <summary>评论: ratings, and the messages of a consultation.</summary>
    Comment = 2,
    Forum = 3,
    SocialLog = 4,
}

/// <summary>WeChat's advice on a text, from mild to grave.</summary>
public enum TextSuggestion
{
    Pass,
    /// <summary>A person should look.</summary>
    Review,
    Risky,
}

public static class TextSuggestionLabels
{
    public static string Label(this TextSuggestion suggestion) => suggestion switch
    {
        TextSuggestion.Pass => "正常",
        TextSuggestion.Review => "建议复核",
        TextSuggestion.Risky => "可能敏感",
        _ => throw new ArgumentOutOfRangeException(nameof(suggestion)),
    };
}

/// <summary>What came of a text check. Whoever asks goes on when there is no verdict, and asks again later.</summary>
public abstract record TextVerdict
{
    private TextVerdict()
    {
    }

    /// <param name="Label">WeChat's reason: 100 none, 10001 advertising, 20001 politics, 20002 pornography, 20003 abuse, 20006 crime, 20008 fraud, 20012 vulgar, 20013 copyright, 21000 other.</param>
    public sealed record Judged(TextSuggestion Suggestion, int Label) : TextVerdict;

    /// <summary>The person has not had the mini-program open within two hours. Asking again before they return does not help.</summary>
    public sealed record NotCheckable : TextVerdict;

    /// <summary>WeChat is away, busy, or wrongly configured.</summary>
    public sealed record Unavailable : TextVerdict;
}

/// <summary>A subscribe message.</summary>
/// <param name="OpenId">To whom.</param>
/// <param name="TemplateId">The bureau's template at WeChat.</param>
/// <param name="Page">Where a tap leads, with query; null for a message that leads nowhere.</param>
/// <param name="Data">Values by WeChat's field key, such as <c>thing1</c>, <c>time2</c>, <c>phrase3</c>.</param>
public sealed record SubscribeMessage(string OpenId, string TemplateId, string? Page, IReadOnlyDictionary<string, string> Data)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("TemplateId = ").Append(TemplateId);
        return true;
    }
}

/// <summary>What came of sending a message.</summary>
public abstract record SendVerdict
{
    private SendVerdict()
    {
    }

    /// <summary>WeChat took it.</summary>
    /// <param name="MessageId">WeChat's number, where it gave one; the delivery event quotes it.</param>
    public sealed record Sent(string? MessageId) : SendVerdict;

    /// <summary>The person has no permission left for this template, or took it back (43101). Never tried again.</summary>
    public sealed record NoPermission(int ErrorCode) : SendVerdict;

    /// <summary>WeChat does not know the person any more (40003). Never tried again.</summary>
    public sealed record UnknownRecipient(int ErrorCode) : SendVerdict;

    /// <summary>The message is wrong: a field, the template or the page. Our fault, so never tried again as it is.</summary>
    /// <param name="Detail">Which field, where known. Holds no value of the message.</param>
    public sealed record Faulty(int ErrorCode, string Detail) : SendVerdict;

    /// <summary>Not sent, and may be sent later: WeChat busy, quota used up, unreachable, or the installation wrongly configured.</summary>
    /// <param name="ErrorCode">WeChat's code; null when WeChat was not reached.</param>
    public sealed record NotNow(int? ErrorCode, TimeSpan? RetryAfter) : SendVerdict;

    /// <summary>The answer was lost after the request had gone out: it may have been sent. Sending again could make two.</summary>
    public sealed record Uncertain : SendVerdict;
}

file static class Printed
{
    public static bool Nothing(StringBuilder text)
    {
        text.Append("***");
        return true;
    }
}
