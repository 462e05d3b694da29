namespace MicroPlatform.Domain.Notifications;

/// <summary>How long one permission lasts. A property of the template, set at WeChat.</summary>
public enum GrantKind
{
    /// <summary>一次性订阅: each acceptance is one message, without expiry.</summary>
    OneOff,
    /// <summary>长期订阅: one acceptance is any number of messages.</summary>
    LongTerm,
}

/// <summary>What <c>wx.requestSubscribeMessage</c> answers for one template.</summary>
public enum SubscribeResult
{
    Accept,
    Reject,
    /// <summary>The template was banned by WeChat.</summary>
    Ban,
    /// <summary>WeChat dropped it because another template of the same call has the same title.</summary>
    Filter,
    /// <summary>Accepted, with a spoken reminder.</summary>
    AcceptWithAudio,
}

/// <summary>Who says that a person gave a permission.</summary>
public enum GrantSource
{
    /// <summary>The mini-program, right after the tap.</summary>
    Client,
    /// <summary>WeChat's push. The truth, some seconds later.</summary>
    Push,
}

public static class Subscription
{
    /// <summary>The mini-program and WeChat's push both tell of one tap. Within this time they are taken for the same.</summary>
    public static readonly TimeSpan SameTap = TimeSpan.FromMinutes(10);

    /// <summary>More permissions than anybody gathers; a client that reports more is not believed.</summary>
    public const int MaxBalance = 50;

    public static bool Grants(this SubscribeResult result) => result is SubscribeResult.Accept or SubscribeResult.AcceptWithAudio;
}
