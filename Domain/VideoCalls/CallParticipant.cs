namespace MicroPlatform.Domain.VideoCalls;

/// <summary>Somebody who may be in a call, and when they were. <see cref="Id"/> is what the video provider knows them by: it tells nothing of the person.</summary>
public sealed class CallParticipant
{
    public required string Id { get; init; }
    public required CallSide Side { get; init; }

    /// <summary>The citizen's or staff member's id; null for a guest without an account.</summary>
    public string? PersonId { get; init; }

    /// <summary>Shown under the picture: 张律师, 群众, 翻译. Never a citizen's whole name.</summary>
    public required string DisplayName { get; init; }
    public required DateTimeOffset InvitedAt { get; init; }

    public DateTimeOffset? FirstJoinedAt { get; private set; }

    /// <summary>When they were last seen to come or go; older news changes nothing.</summary>
    public DateTimeOffset? SeenAt { get; private set; }
    public bool IsPresent { get; private set; }

    /// <summary>They said goodbye, so that their absence is no break of the network.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>When they agreed to be recorded; null while they have not, or no longer.</summary>
    public DateTimeOffset? AgreedToRecordingAt { get; private set; }

    public static CallParticipant Restore(CallParticipant bare, ParticipantState state)
    {
        (bare.FirstJoinedAt, bare.SeenAt, bare.IsPresent, bare.HasLeft, bare.AgreedToRecordingAt) = (state.FirstJoinedAt, state.SeenAt, state.IsPresent, state.HasLeft, state.AgreedToRecordingAt);
        return bare;
    }

    public ParticipantState State => new(FirstJoinedAt, SeenAt, IsPresent, HasLeft, AgreedToRecordingAt);

    /// <returns>Whether this was news: what is older than what is known is not, so the order of arrival does not matter.</returns>
    internal bool See(bool present, DateTimeOffset at, bool goodbye)
    {
        if (SeenAt is { } seen && at < seen) return false;
        if (present) FirstJoinedAt ??= at;
        var news = IsPresent != present || (goodbye && !HasLeft);
        (SeenAt, IsPresent, HasLeft) = (at, present, goodbye);
        return news;
    }

    internal void Agree(DateTimeOffset? at) => AgreedToRecordingAt = at;
}

/// <summary>The parts of a participant that change, as stored.</summary>
public sealed record ParticipantState(DateTimeOffset? FirstJoinedAt, DateTimeOffset? SeenAt, bool IsPresent, bool HasLeft, DateTimeOffset? AgreedToRecordingAt);
