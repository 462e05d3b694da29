namespace MicroPlatform.Domain.Identity;

/// <summary>
/// What a staff password must be: long enough to matter, not one of those that everybody tries first, and not the user name. Length
/// counts for more than kinds of characters (NIST SP 800-63B §3.1.1); the shorter form with three kinds serves the complexity that GB/T 22239 asks for.
/// </summary>
public static class PasswordRules
{
    /// <summary>Enough whatever it is made of.</summary>
    public const int LongEnough = 12;

    /// <summary>Enough with three of the four kinds: small letters, capitals, digits, others.</summary>
    public const int ShortestMixed = 10;

    /// <summary>Longer ones are refused: hashing them costs work that an attacker could order.</summary>
    public const int MaxLength = 128;

    /// <summary>Why a password will not do, in Chinese and fit to show; null when it will.</summary>
    public static string? Problem(string? password, string userName)
    {
        if (string.IsNullOrEmpty(password)) return "请输入密码";
        if (password.Length > MaxLength) return $"密码最多{MaxLength}个字符";
        if (password.Any(char.IsControl)) return "密码不能含有控制字符";
        if (password.Length < ShortestMixed || (password.Length < LongEnough && Kinds(password) < 3))
            return $"密码至少{LongEnough}个字符，或至少{ShortestMixed}个字符并包含大写字母、小写字母、数字、符号中的三种";
        var plain = password.ToLowerInvariant();
        if (userName.Length > 0 && plain.Contains(userName.ToLowerInvariant(), StringComparison.Ordinal)) return "密码不能包含用户名";
        if (plain.Distinct().Count() < 5) return "密码重复的字符过多";
        if (IsRun(plain)) return "密码不能是连续的字符";
        return IsCommon(plain) ? "密码过于常见，请换一个" : null;
    }

    private static int Kinds(string password) =>
        (password.Any(char.IsAsciiLetterLower) ? 1 : 0) + (password.Any(char.IsAsciiLetterUpper) ? 1 : 0)
        + (password.Any(char.IsAsciiDigit) ? 1 : 0) + (password.Any(c => !char.IsAsciiLetterOrDigit(c)) ? 1 : 0);

    /// <summary>abcdefghijkl, 987654321098: every step the same (9→0 counts as a step).</summary>
    private static bool IsRun(string plain)
    {
        static int Step(char a, char b) => char.IsAsciiDigit(a) && char.IsAsciiDigit(b) ? (b - a + 10) % 10 : b - a;
        var step = Step(plain[0], plain[1]);
        return step is 1 or -1 or 9 && Enumerable.Range(1, plain.Length - 1).All(i => Step(plain[i - 1], plain[i]) == step);
    }

    /// <summary>As written, and with the usual disguises taken off (<c>P@ssw0rd2024!</c> is "password").</summary>
    private static bool IsCommon(string plain)
    {
        if (Common.Contains(plain)) return true;
        var core = plain.TrimStart([.. "0123456789"]).TrimEnd([.. "0123456789!@#$%^&*()._-+=?~ "]);
        var undisguised = string.Concat(core.Select(c => c switch { '@' => 'a', '0' => 'o', '1' => 'i', '3' => 'e', '$' or '5' => 's', _ => c }));
        return CommonWords.Contains(undisguised);
    }

    /// <summary>Ten characters and more from published lists of leaked passwords, and what Chinese offices hand out.</summary>
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "1234567890", "12345678910", "123456789012", "0123456789", "1234567891", "0987654321", "1122334455", "112233445566", "1qaz2wsx3edc", "1qaz2wsx3edc4rfv",
        "1q2w3e4r5t", "1q2w3e4r5t6y", "q1w2e3r4t5", "qwertyuiop", "qwertyuiop123", "qwerty123456", "qwer12345678", "asdfghjkl123", "zxcvbnm12345", "1qazxsw23edc",
        "qazwsxedcrfv", "qazwsx123456", "!qaz2wsx3edc", "1qaz@wsx3edc", "1qaz!qaz1qaz", "abcd12345678", "abc123456789", "abcdef123456", "a1234567890", "aa123456789",
        "123456789a", "123456789q", "a123456789", "aa12345678", "q123456789", "z123456789", "123456abcd", "abc1234567", "qq123456789", "wo123456789",
        "woaini1314", "woaini520520", "woaini521521", "woaini5201314", "5201314520", "520131452013", "1314520520", "iloveyou123", "iloveyou1314", "13145201314",
        "p@ssw0rd123", "passw0rd1234", "password1234", "password12345", "administrator", "administrator1", "admin123456", "admin1234567", "admin12345678", "admin@123456",
        "admin@12348", "root123456789", "abcabc123123", "123123123123", "147258369000", "1472583690", "changeme1234", "letmein12345", "welcome12345", "welcome@2024",
        "sfj123456789", "sfj@12348.com", "bozhou123456", "qiaocheng123", "12348@12348", "123481234812", "huawei@123456", "aliyun123456", "wechat123456", "china1234567",
    };

    private static readonly HashSet<string> CommonWords = new(StringComparer.Ordinal)
    {
        "password", "passwd", "admin", "administrator", "root", "welcome", "qwerty", "qwertyuiop", "letmein", "changeme", "test", "guest", "iloveyou", "woaini", "abc", "abcd", "abcdef", "huawei", "china", "sifaju",
    };
}
