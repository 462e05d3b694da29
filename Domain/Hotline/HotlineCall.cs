using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Domain.Hotline;

/// <summary>How a call ended.</summary>
public enum CallResult
{
    /// <summary>已接通: a person answered.</summary>
    Answered,
    /// <summary>未接通: nobody answered.</summary>
    Missed,
    /// <summary>主叫放弃: the caller hung up in the queue or in the menu.</summary>
    Abandoned,
    /// <summary>语音留言</summary>
    Voicemail,
}

/// <summary>话单: what the hotline's exchange has written down of a call.</summary>
/// <param name="AskedForPerson">Got beyond the menu: the calls that 接通率 is counted of.</param>
/// <param name="WaitSeconds">Until somebody answered, or until the end.</param>
/// <param name="Hash">SHA-256 of what was sent, hex.</param>
public sealed record HotlineCall(
    string CallId, bool Outbound, string? CallerPhone, string? AgentNo, bool AskedForPerson, CallResult Result, DateTimeOffset StartedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt,
    int WaitSeconds, int TalkSeconds, bool Emergency, string? TicketNo, string Hash)
{
    public PhoneNumber? Phone => PhoneNumber.TryParse(CallerPhone, out var number) ? number : null;

    /// <summary>Somebody wanted a person and got none: they are called back.</summary>
    public bool WantsCallBack => !Outbound && AskedForPerson && Result != CallResult.Answered && Phone is not null;

    public bool Reached => Result == CallResult.Answered;
}
