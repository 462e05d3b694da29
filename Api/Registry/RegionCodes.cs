using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Registry;

/// <summary>Codes of regions in queries (GB/T 2260, GB/T 10114): two digits for a province up to twelve for a village; a lower one begins with the upper one's.</summary>
internal static class RegionCodes
{
    public static Outcome<string?> Read(string? code, string field)
    {
        if (string.IsNullOrEmpty(code)) return (string?)null;
        return code.Length is >= 2 and <= 12 && code.All(char.IsAsciiDigit) ? code : CommonRefusals.Invalid.At(field, "应为2到12位数字的区划代码");
    }
}
