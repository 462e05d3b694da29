namespace MicroPlatform.Infrastructure.Identity;

/// <summary>How hard it is made to try out passwords. Section <c>Identity:Passwords</c>.</summary>
public sealed class PasswordOptions
{
    /// <summary>Rounds of PBKDF2-HMAC-SHA-512. 210,000 is what OWASP asks for this function; Production refuses to start with fewer than 100,000.</summary>
    public int Iterations { get; set; } = 210_000;
}
