using System.Security.Cryptography;
using System.Text;

namespace MicroPlatform.Domain.Hotline;

/// <summary>Where a pushed event stands.</summary>
public enum DeliveryState
{
    /// <summary>待推送</summary>
    Pending,
    /// <summary>已送达</summary>
    Delivered,
    /// <summary>已放弃: tried for three days.</summary>
    Dead,
}

/// <summary>Where a partner is told, and with which secret.</summary>
/// <param name="IdsOnly">Payloads name things and tell nothing of them.</param>
/// <param name="WithHl1">The HL1 headers stand on the same request.</param>
/// <param name="SuccessCodes">What <c>code</c> may be in an answer of status 200: many answer an error so.</param>
/// <param name="PrivateNetworks">Of 政务外网, where http and private addresses are allowed.</param>
/// <param name="FailingSince">The endpoint as such does not answer; then nothing passes anything.</param>
public sealed record Webhook(
    string AppId, string Url, bool Enabled, bool IdsOnly, bool WithHl1, IReadOnlyList<string> SuccessCodes, IReadOnlyList<string> PrivateNetworks, PartnerSecrets Secrets,
    DateTimeOffset? FailingSince, string? DisabledReason, int Version)
{
    public const int MaxUrl = 1000;

    private const string Prefix = "whsec_";

    /// <summary>Pauses before each further try (Standard Webhooks' example); with them about three days.</summary>
    public static readonly IReadOnlyList<TimeSpan> Schedule =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>How far a pause may be longer or shorter, so that what failed together is not tried together.</summary>
    public const double Jitter = 0.2;

    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public Webhook Rotate(TimeSpan overlap, DateTimeOffset now) =>
        this with { Secrets = overlap > TimeSpan.Zero ? new PartnerSecrets(NewSecret(), Secrets.Current, now + overlap) : new PartnerSecrets(NewSecret(), null, null) };

    /// <summary>When to try again after so many tries; null when it was the last.</summary>
    /// <param name="random">0 to 1.</param>
    /// <param name="atLeast">What the receiver asked for.</param>
    public static TimeSpan? PauseAfter(int attempts, double random, TimeSpan? atLeast)
    {
        if (attempts >= Schedule.Count) return null;
        var pause = Schedule[attempts] * (1 + (2 * random - 1) * Jitter);
        return atLeast > pause ? atLeast : pause;
    }

    /// <summary>The header <c>webhook-signature</c>: one for each secret that is good now.</summary>
    public string Sign(string id, long timestamp, string body, DateTimeOffset now) => string.Join(' ', Secrets.GoodAt(now).Select(secret => Sign(secret, id, timestamp, body)));

    public static string Sign(string secret, string id, long timestamp, string body)
    {
        var key = Convert.FromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"))));
    }
}

public static class WebhookLabels
{
    public static string Label(this DeliveryState state) => state switch
    {
        DeliveryState.Pending => "待推送",
        DeliveryState.Delivered => "已送达",
        DeliveryState.Dead => "已放弃",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
