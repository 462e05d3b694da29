using MicroPlatform.Domain.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>A partner as an administrator sees it. Never a secret.</summary>
/// <param name="OrganisationId">The centre: takes what belongs to no unit, and decides about what units have sent back.</param>
/// <param name="PreviousSecretUntil">Until when the secret before the newest is good; null when only the newest is.</param>
public sealed record PartnerView(
    string AppId, string Name, string OrganisationId, IReadOnlyList<PartnerScope> Scopes, IReadOnlyList<string> ScopeTexts, IReadOnlyList<string> Networks, IReadOnlyList<string> RecordingHosts,
    int WindowSeconds, int PerMinute, bool Sandbox, bool Active, DateTimeOffset? PreviousSecretUntil, DateTimeOffset CreatedAt, int Version)
{
    public static PartnerView Of(HotlinePartner p, DateTimeOffset now) => new(
        p.AppId, p.Name, p.OrganisationId, p.Scopes, [.. p.Scopes.Select(s => s.Label())], p.Networks, p.RecordingHosts, p.WindowSeconds, p.PerMinute, p.Sandbox, p.Active,
        now < p.Secrets.PreviousUntil ? p.Secrets.PreviousUntil : null, p.CreatedAt, p.Version);
}

/// <summary>A partner with its newest secret.</summary>
/// <param name="Secret">Told in this answer and never again; null with <c>validateOnly=true</c>.</param>
public sealed record PartnerWithSecret(PartnerView Partner, string? Secret);
