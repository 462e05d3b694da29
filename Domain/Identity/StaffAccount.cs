using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Identity;

/// <summary>What a half-finished staff sign-in must do before it is one.</summary>
public enum SignInStep
{
    /// <summary>Put a password of one's own in place of the one an administrator gave.</summary>
    ChangePassword,
    /// <summary>Bind an authenticator app.</summary>
    EnrolTotp,
}

/// <summary>How a staff member signs in. What they are and where they serve stands in the registry.</summary>
public sealed record StaffAccount
{
    public required string Id { get; init; }
    public required string UserName { get; init; }
    public required string Name { get; init; }
    public required bool Active { get; init; }
    public required string PasswordHash { get; init; }

    /// <summary>Given by an administrator: good for changing it, and for nothing else.</summary>
    public required bool PasswordTemporary { get; init; }

    /// <summary>The confirmed second factor, or null before one is enrolled.</summary>
    public byte[]? TotpSecret { get; init; }
    public required long TotpLastStep { get; init; }

    /// <summary>Rises with every change; a step token is good for one version only.</summary>
    public required int Version { get; init; }
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>
    /// What else is asked of somebody whose password was right, in this order: the code, where a second factor is enrolled (also before
    /// a password may be changed, or a reset would get round it); then a password of their own; then a second factor.
    /// </summary>
    /// <param name="usedStep">The step of the code given, to be stored; null when none was asked for.</param>
    public Refusal? Lacks(string? code, DateTimeOffset now, out long? usedStep, out SignInStep? step)
    {
        (usedStep, step) = (null, null);
        if (TotpSecret is not null)
        {
            if (string.IsNullOrWhiteSpace(code)) return IdentityRefusals.TotpRequired;
            usedStep = Totp.Match(TotpSecret, code, now, TotpLastStep);
            if (usedStep is null) return IdentityRefusals.TotpInvalid;
        }
        if (PasswordTemporary)
        {
            step = SignInStep.ChangePassword;
            return IdentityRefusals.PasswordChangeRequired;
        }
        if (TotpSecret is not null) return null;
        step = SignInStep.EnrolTotp;
        return IdentityRefusals.TotpEnrolmentRequired;
    }
}
