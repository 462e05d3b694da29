using System.Text.Json;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http;

/// <summary>A word of a closed list in a query: camelCase as everywhere on the wire. The framework's own binding wants the C# spelling.</summary>
public static class QueryWords
{
    /// <param name="field">Name of the query value, for the <c>errors</c> of the problem.</param>
    public static Outcome<T> Read<T>(string? text, string field, T whenAbsent)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text)) return whenAbsent;
        foreach (var value in Enum.GetValues<T>())
            if (JsonNamingPolicy.CamelCase.ConvertName(value.ToString()) == text) return value;
        return CommonRefusals.Invalid.At(field, $"应为{string.Join("、", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}之一");
    }
}
