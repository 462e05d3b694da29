namespace MicroPlatform.Infrastructure.Identity;

/// <summary>How long proofs of identity live. Section <c>Identity:Tokens</c>.</summary>
public sealed class TokenOptions
{
    public string Issuer { get; set; } = "microplatform";

    public string Audience { get; set; } = "microplatform-api";

    public TimeSpan AccessLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the token lives that a half-finished staff sign-in gets to change a password or to enrol a second factor.</summary>
    public TimeSpan StepLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A refresh token not used for so long is dead: a citizen who does not open the mini-program signs in again, which costs nobody anything.</summary>
    public TimeSpan CitizenIdle { get; set; } = TimeSpan.FromDays(30);

    public TimeSpan CitizenSession { get; set; } = TimeSpan.FromDays(180);

    /// <summary>Idle time-out of staff (GB/T 22239 asks for one). Shorter than an access token makes no difference.</summary>
    public TimeSpan StaffIdle { get; set; } = TimeSpan.FromHours(1);

    /// <summary>One working day with its evening shift; then password and code again.</summary>
    public TimeSpan StaffSession { get; set; } = TimeSpan.FromHours(14);

    /// <summary>R30: ten parallel requests that all got 401 refresh ten times with one token and must all get the same new pair.</summary>
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a signing key signs before the next one takes over.</summary>
    public TimeSpan SigningKeyLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a new key is published before it signs, so that every node and every reader of the JWKS knows it by then.</summary>
    public TimeSpan SigningKeyLead { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a node believes what it last read of a session before it asks the database again: the longest a revoked token still works on another node.</summary>
    public TimeSpan SessionBelief { get; set; } = TimeSpan.FromSeconds(3);
}
