using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Hotline;

/// <summary>What a partner may do.</summary>
public enum PartnerScope
{
    /// <summary>工单</summary>
    Tickets,
    /// <summary>话单</summary>
    Calls,
    /// <summary>录音</summary>
    Recordings,
    /// <summary>来电弹屏</summary>
    ScreenPop,
    /// <summary>满意度</summary>
    Satisfaction,
    /// <summary>对账</summary>
    Reconciliation,
    /// <summary>个人信息: reads names and phones unmasked, and may send national ids.</summary>
    Pii,
}

/// <summary>合作系统: a hotline vendor's server, known by its app id and one or, while it changes over, two secrets.</summary>
public sealed partial record HotlinePartner
{
    public const string AppIdPattern = "^hl_[a-z0-9_]{3,20}$";
    public const int MaxName = 60;

    /// <summary>How far a partner's clock may be off, in seconds.</summary>
    public const int DefaultWindow = 300;
    public const int MaxWindow = 900;

    /// <summary>How long the old secret may go on beside the new one.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);

    public required string AppId { get; init; }
    public required string Name { get; init; }

    /// <summary>The centre: takes what belongs to no unit, and decides about what units have sent back.</summary>
    public required string OrganisationId { get; init; }
    public required IReadOnlyList<PartnerScope> Scopes { get; init; }

    /// <summary>Networks that it calls from, such as <c>10.20.0.0/16</c>.</summary>
    public required IReadOnlyList<string> Networks { get; init; }

    /// <summary>Hosts that recordings may be fetched from.</summary>
    public required IReadOnlyList<string> RecordingHosts { get; init; }
    public required int WindowSeconds { get; init; }

    /// <summary>Calls per minute and node.</summary>
    public required int PerMinute { get; init; }

    /// <summary>For trying: <c>debug/signature</c> answers.</summary>
    public required bool Sandbox { get; init; }
    public required bool Active { get; init; }
    public required PartnerSecrets Secrets { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required int Version { get; init; }

    public bool May(PartnerScope scope) => Scopes.Contains(scope);

    public bool Allows(IPAddress? address)
    {
        if (address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Networks.Any(n => IPNetwork.TryParse(n, out var network) && network.Contains(plain));
    }

    /// <summary>The written networks, each as a network; an address alone is a network of one.</summary>
    public static Outcome<IReadOnlyList<string>> CleanNetworks(IReadOnlyList<string> networks, string field)
    {
        var clean = new List<string>();
        foreach (var text in networks)
        {
            var whole = IPAddress.TryParse(text, out var address) ? $"{address}/{address.GetAddressBytes().Length * 8}" : text;
            if (!IPNetwork.TryParse(whole, out var network)) return CommonRefusals.Invalid.At(field, "应为网段，如10.20.0.0/16");
            if (!clean.Contains(network.ToString())) clean.Add(network.ToString());
        }
        return clean;
    }

    /// <summary>Host names as they stand in addresses, with a port where it is not the usual one.</summary>
    public static Outcome<IReadOnlyList<string>> CleanHosts(IReadOnlyList<string> hosts)
    {
        var clean = new List<string>();
        foreach (var host in hosts.Select(h => (h ?? "").Trim().ToLowerInvariant()))
        {
            if (!Host().IsMatch(host)) return CommonRefusals.Invalid.At("recordingHosts", "应为主机名，如rec.example.cn");
            if (!clean.Contains(host)) clean.Add(host);
        }
        return clean;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9.-]{0,120}[a-z0-9])?(:[0-9]{1,5})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}

/// <summary>One secret, and for a while the one before.</summary>
public sealed record PartnerSecrets(string Current, string? Previous, DateTimeOffset? PreviousUntil)
{
    /// <summary>64 hex digits: 32 random bytes, and nothing that a vendor's configuration file could trip over.</summary>
    public static PartnerSecrets New() => new(RandomNumberGenerator.GetHexString(64, lowercase: true), null, null);

    /// <param name="overlap">How long the old one stays good; none: it ends now.</param>
    public PartnerSecrets Rotate(TimeSpan overlap, DateTimeOffset now) => overlap > TimeSpan.Zero ? new(New().Current, Current, now + overlap) : New();

    /// <summary>Those that are good now, the newest first.</summary>
    public IEnumerable<string> GoodAt(DateTimeOffset now) => Previous is not null && now < PreviousUntil ? [Current, Previous] : [Current];
}
