using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Registry;
using Microsoft.IdentityModel.JsonWebTokens;

namespace MicroPlatform.Api.Live;

/// <summary>Who is at a socket and what they may hear: the same answers that the HTTP routes give.</summary>
public sealed class LiveAccess(
    TokenReader tokens, SessionGate sessions, ConsultationQueries consultations, TransferQueries transfers, RegistryQueries registry)
{
    /// <summary>Messages in one frame.</summary>
    private const int Batch = 20;

    /// <summary>Null when the token is not good (any more).</summary>
    public async Task<(CurrentUser User, DateTimeOffset ExpiresAt)?> AuthenticateAsync(string? token, CancellationToken cancel)
    {
        var (claims, _) = await tokens.ReadAsync(token ?? "");
        if (claims is null || !await sessions.IsOpenAsync(claims.SessionId, cancel)) return null;
        return (CurrentUser.Of(BearerHandler.ToPrincipal(claims)), new DateTimeOffset(new JsonWebToken(token).ValidTo, TimeSpan.Zero));
    }

    public ValueTask<bool> IsStillSignedInAsync(CurrentUser user, CancellationToken cancel) => sessions.IsOpenAsync(user.SessionId, cancel);

    /// <summary>The topics whose hints concern a person.</summary>
    public async Task<IReadOnlyList<string>> TopicsAsync(CurrentUser user, CancellationToken cancel)
    {
        if (user.Kind == ActorKind.Citizen) return [LiveTopics.Citizen(user.Id)];
        var scope = await registry.ScopeAsync(user.Id, cancel);
        return [LiveTopics.Staff(user.Id), .. (await registry.UnitsAsync(scope, cancel)).Select(LiveTopics.Unit)];
    }

    /// <summary>What a hint means for a client.</summary>
    public static IReadOnlyList<string> Meaning(string topic) => topic.StartsWith("citizen:", StringComparison.Ordinal) ? ["matters", "notifications"] : ["inbox"];

    /// <summary>What is new in a thread for this person, or the refusal that HTTP would give. Rights are looked at each time: they may end.</summary>
    public async Task<Outcome<Reading>> ReadAsync(CurrentUser user, string consultationId, int after, CancellationToken cancel)
    {
        if (!await IsStillSignedInAsync(user, cancel) || !Id.IsWellFormed(consultationId) || await consultations.HeadAsync(consultationId, cancel) is not { } head || !await MayReadAsync(user, head, cancel)) return CommonRefusals.NotFound;
        var rows = await consultations.AfterAsync(consultationId, after, Batch + 1, withNotes: user.Kind == ActorKind.Staff, cancel);
        var more = rows.Count > Batch;
        if (more) rows.RemoveAt(Batch);
        return new Reading(head.Version, new ReadThread.Response(
            [.. rows.Select(m => MessageView.Of(m, user.Id))], rows.Count > 0 ? rows[^1].Seq : after, more, head.State, head.State.Label(), PollAfterSeconds: 5));
    }

    private async Task<bool> MayReadAsync(CurrentUser user, ConsultationHead head, CancellationToken cancel) => user.Kind switch
    {
        ActorKind.Citizen => head.CitizenId == user.Id,
        ActorKind.Staff => Policies.Table[Policies.Handler]!.Any(user.Is) && await StaffReading.MayReadAsync(head, user, transfers, registry, cancel),
        _ => false,
    };

    /// <param name="Version">Of the matter: the state may have changed although no message came.</param>
    public sealed record Reading(int Version, ReadThread.Response Thread);
}
