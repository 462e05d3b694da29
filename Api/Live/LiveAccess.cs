using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Live;

/// <summary>Who is at a socket and what they may hear: the same answers that the HTTP routes give.</summary>
public sealed class LiveAccess(AccessTokens tokens, SigningKeyStore keys, ConsultationQueries consultations, RegistryQueries registry)
{
    /// <summary>Messages in one frame.</summary>
    private const int Batch = 20;

    /// <summary>Null when the token is not good (any more).</summary>
    public async Task<(CurrentUser User, DateTimeOffset ExpiresAt)?> AuthenticateAsync(string? token)
    {
        var (claims, expires, _) = await tokens.ReadAsync(token ?? "", keys.Current);
        return claims is null ? null : (CurrentUser.Of(BearerHandler.ToPrincipal(claims)), expires);
    }

    /// <summary>The topics whose hints concern a person.</summary>
    public async Task<IReadOnlyList<string>> TopicsAsync(CurrentUser user, CancellationToken cancel)
    {
        if (user.Kind == ActorKind.Citizen) return [LiveTopics.Citizen(user.Id)];
        var scope = await registry.ScopeAsync(user.Id, cancel);
        return [LiveTopics.Staff(user.Id), .. scope.Paths.Select(p => LiveTopics.Unit(p.TrimEnd('/').Split('/')[^1]))];
    }

    /// <summary>What a hint means for a client.</summary>
    public static IReadOnlyList<string> Meaning(string topic) => topic.StartsWith("citizen:", StringComparison.Ordinal) ? ["matters", "notifications"] : ["inbox"];

    /// <summary>What is new in a thread for this person, or the refusal that HTTP would give. Rights are looked at each time: they may end.</summary>
    public async Task<Outcome<Reading>> ReadAsync(CurrentUser user, string consultationId, int after, CancellationToken cancel)
    {
        if (!Id.IsWellFormed(consultationId) || await consultations.HeadAsync(consultationId, cancel) is not { } head || !await MayReadAsync(user, head, cancel)) return CommonRefusals.NotFound;
        var rows = await consultations.AfterAsync(consultationId, after, Batch + 1, withNotes: user.Kind == ActorKind.Staff, cancel);
        var more = rows.Count > Batch;
        if (more) rows.RemoveAt(Batch);
        return new Reading(head.Version, new ReadThread.Response(
            [.. rows.Select(m => MessageView.Of(m, user.Id))], rows.Count > 0 ? rows[^1].Seq : after, more, head.State, head.State.Label(), PollAfterSeconds: 5));
    }

    private async Task<bool> MayReadAsync(CurrentUser user, ConsultationHead head, CancellationToken cancel) => user.Kind switch
    {
        ActorKind.Citizen => head.CitizenId == user.Id,
        ActorKind.Staff => Policies.Table[Policies.Handler]!.Any(user.Is) && (head.HandlerId == user.Id || (await registry.ScopeAsync(user.Id, cancel)).Covers(head.OrganisationPath)),
        _ => false,
    };

    /// <param name="Version">Of the matter: the state may have changed although no message came.</param>
    public sealed record Reading(int Version, ReadThread.Response Thread);
}
