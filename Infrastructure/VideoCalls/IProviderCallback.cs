using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>What a provider sends us, in its own form, made into <see cref="ProviderEvent"/>s. Nothing of it is believed before its signature is.</summary>
public interface IProviderCallback
{
    /// <summary>Name of the provider.</summary>
    string Provider { get; }

    /// <summary>The header that proves who sends it: <c>Sign</c> or <c>Authorization</c>.</summary>
    string ProofHeader { get; }

    /// <param name="proof">Value of the header; null when it is not there.</param>
    /// <param name="body">Exactly as it came.</param>
    Outcome<ProviderNews> Read(string? proof, byte[] body, DateTimeOffset now);
}

/// <summary>What one callback tells. Most of what providers tell is of no use here, so it may well be nothing.</summary>
public sealed record ProviderNews(IReadOnlyList<ProviderEvent> Events);

internal static class ProviderCallbacks
{
    /// <summary>Without telling by its time how much of it was right.</summary>
    public static bool Same(string? given, string expected) => given is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    /// <summary>A key from what an event consists of, the same each time it is told.</summary>
    public static string KeyOf(params object?[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 20));

    /// <summary>Milliseconds since 1970 as an instant; null for what is none.</summary>
    public static DateTimeOffset? Instant(long? milliseconds) =>
        milliseconds is > 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value) : null;
}
