namespace MicroPlatform.Domain.Identity;

/// <summary>Why a session ended before its time. Kept for the person to see, and for the audit trail.</summary>
public enum SessionEnd
{
    SignedOut,
    SignedOutEverywhere,
    /// <summary>The person ended it from another device.</summary>
    EndedElsewhere,
    /// <summary>A refresh token came back long after it had been replaced: it was copied.</summary>
    RefreshReused,
    /// <summary>Password or second factor changed.</summary>
    CredentialsChanged,
    /// <summary>Roles or units changed: the tokens would say what is no longer so.</summary>
    PostsChanged,
    /// <summary>An administrator ended it: a lost device, somebody who should not be in.</summary>
    EndedByAdministrator,
    AccountDisabled,
    AccountDeleted,
}
