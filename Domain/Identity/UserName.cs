using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace MicroPlatform.Domain.Identity;

/// <summary>The name a staff member signs in with: 3 to 32 small letters, digits, '.', '-' and '_', beginning with a letter. Capitals are taken as small.</summary>
public static partial class UserName
{
    public const int MaxLength = 32;

    public static bool TryParse(string? text, [NotNullWhen(true)] out string? userName)
    {
        userName = Normalise(text);
        if (Form().IsMatch(userName)) return true;
        userName = null;
        return false;
    }

    /// <summary>As it is looked up and counted, whatever was typed.</summary>
    public static string Normalise(string? text) => (text ?? "").Trim().ToLowerInvariant();

    [GeneratedRegex("^[a-z][a-z0-9._-]{2,31}$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
