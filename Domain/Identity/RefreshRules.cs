namespace MicroPlatform.Domain.Identity;

/// <summary>What to do with a refresh token that somebody presents.</summary>
public enum RefreshVerdict
{
    /// <summary>Its first use: give a new pair.</summary>
    Rotate,
    /// <summary>Used a moment ago: give the same pair again (R30).</summary>
    Replay,
    /// <summary>Used long ago: it was copied. Whoever has it, the session ends.</summary>
    Reused,
    /// <summary>Not good any more, and no sign of theft.</summary>
    Expired,
    /// <summary>The session has ended.</summary>
    Revoked,
}

/// <summary>A refresh token as stored, with what matters of its session.</summary>
public sealed record RefreshState
{
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Whether the pair that replaced it can still be given again.</summary>
    public bool HasSuccessor { get; init; }
    public bool SuccessorUsed { get; init; }
    public DateTimeOffset SessionExpiresAt { get; init; }
    public DateTimeOffset? SessionRevokedAt { get; init; }
}

public static class RefreshRules
{
    public static RefreshVerdict Judge(RefreshState token, DateTimeOffset now, TimeSpan grace)
    {
        if (token.SessionRevokedAt is not null) return RefreshVerdict.Revoked;
        if (token.UsedAt is not { } usedAt)
            return now < token.ExpiresAt && now < token.SessionExpiresAt ? RefreshVerdict.Rotate : RefreshVerdict.Expired;
        // The clock has jumped back behind the first use, so time cannot tell; whether anybody went on with the new pair can.
        if (now < usedAt) return token is { HasSuccessor: true, SuccessorUsed: false } ? RefreshVerdict.Replay : RefreshVerdict.Expired;
        if (now - usedAt > grace) return RefreshVerdict.Reused;
        return token.HasSuccessor ? RefreshVerdict.Replay : RefreshVerdict.Expired;
    }
}
