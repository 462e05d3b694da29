using System.Text.RegularExpressions;

namespace MicroPlatform.Api.Http;

/// <summary>What the header <c>X-Client</c> says: <c>mp/1.4.2 (ios 17.5; wx 8.0.54; lib 3.8.12)</c> (R24).</summary>
/// <param name="App">Short name of the client program, e.g. <c>mp</c>.</param>
/// <param name="Platform">Operating system in lower case, e.g. <c>ios</c>; empty when not told.</param>
public sealed partial record ClientVersion(string App, Version Version, string Platform)
{
    public const string Header = "X-Client";

    public const int MaxLength = 200;

    /// <summary>For logs: made from what was understood, never the header itself.</summary>
    public override string ToString() => Platform.Length == 0 ? $"{App}/{Version}" : $"{App}/{Version} ({Platform})";

    /// <summary>Null when absent or not of this form; a client that says nothing useful is not refused for it.</summary>
    public static ClientVersion? Parse(string? header)
    {
        if (header is not { Length: > 0 and <= MaxLength } || Form().Match(header) is not { Success: true } match) return null;
        return Version.TryParse(match.Groups["version"].Value, out var version) ? new ClientVersion(match.Groups["app"].Value, version, match.Groups["os"].Value.ToLowerInvariant()) : null;
    }

    [GeneratedRegex(@"^(?<app>[a-z][a-z0-9-]{0,15})/(?<version>\d{1,5}(\.\d{1,5}){1,3})(\s*\((?<os>[A-Za-z]{1,16})[^)]*\))?\s*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
