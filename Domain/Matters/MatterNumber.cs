using System.Security.Cryptography;

namespace MicroPlatform.Domain.Matters;

/// <summary>
/// 受理编号: what people read out on the phone. Twelve digits: two of the year, nine random, one check digit by
/// ISO 7064 MOD 11,10 (GB/T 17710), shown as <c>2648-3029-5719</c>. Random, so nobody learns how many matters there are or
/// guesses their neighbour's; checked, so that one wrong digit is noticed at the window.
/// </summary>
public static class MatterNumber
{
    public const int Length = 12;

    public static string New(DateTimeOffset at)
    {
        var body = $"{at.ToOffset(TimeSpan.FromHours(8)).Year % 100:00}{RandomNumberGenerator.GetInt32(1_000_000_000):000000000}";
        return body + CheckDigit(body);
    }

    /// <summary>The number as it is stored, from what a person typed (spaces and dashes allowed), or null when the check digit says no.</summary>
    public static string? Parse(string? typed)
    {
        var digits = new string([.. (typed ?? "").Where(c => c is not (' ' or '-' or '\u3000' or '－'))]);
        return digits.Length == Length && digits.All(char.IsAsciiDigit) && CheckDigit(digits[..^1]) == digits[^1] ? digits : null;
    }

    public static string Display(string number) => $"{number[..4]}-{number[4..8]}-{number[8..]}";

    private static char CheckDigit(string body)
    {
        var product = 10;
        foreach (var c in body)
        {
            var sum = (product + (c - '0')) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (char)('0' + ((11 - product) % 10));
    }
}
