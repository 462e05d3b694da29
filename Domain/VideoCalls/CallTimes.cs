namespace MicroPlatform.Domain.VideoCalls;

/// <summary>The booked time of a call.</summary>
public sealed record CallTime(DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>What has happened to a call, as stored.</summary>
public sealed record CallTimes
{
    public DateTimeOffset? RungAt { get; init; }

    /// <summary>The first time that both were there.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>Since when both are there now; null while they are not.</summary>
    public DateTimeOffset? TalkingSince { get; init; }

    /// <summary>Since when one is missing, after both had been there.</summary>
    public DateTimeOffset? LostAt { get; init; }

    /// <summary>Together, without the time in which one was missing and without what runs since <see cref="TalkingSince"/>.</summary>
    public TimeSpan Talked { get; init; }
    /// <summary>When the way of talking was last changed; the telephone has its own patience.</summary>
    public DateTimeOffset? MediumAt { get; init; }

    /// <summary>When the video provider last failed somebody who wanted to come in; null once the two were connected.</summary>
    public DateTimeOffset? FaultAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public CallEnd? How { get; init; }
    public CallAbsence? Absent { get; init; }

    /// <summary>The office's words on what was asked and answered; the citizen reads them.</summary>
    public string? Summary { get; init; }
    public DateTimeOffset? SummarisedAt { get; init; }
}
