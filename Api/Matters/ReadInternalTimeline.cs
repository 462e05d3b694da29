using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Matters;

/// <summary>What has happened to a matter in the caller's scope, oldest first; also what the citizen is not shown.</summary>
public static class ReadInternalTimeline
{
    public sealed record Response(IReadOnlyList<Entry> Items);

    /// <param name="Kind">Stable word for programs.</param>
    /// <param name="Text">Chinese, to be shown.</param>
    /// <param name="IsPublic">Whether the citizen sees it too.</param>
    /// <param name="ActorName">Name of the staff member; null where it was the citizen or the platform.</param>
    public sealed record Entry(string Kind, string Text, bool IsPublic, ActorKind ActorKind, string? ActorName, DateTimeOffset At);

    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, MatterQueries queries, RegistryQueries registry)
    {
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } matter) return CommonRefusals.NotFound.ToResult();
        if (matter.HandlerId != user.Id && !(await registry.ScopeAsync(user.Id, http.RequestAborted)).Covers(matter.OrganisationPath)) return CommonRefusals.NotFound.ToResult();
        var rows = await queries.InternalTimelineAsync(id, http.RequestAborted);
        return Etags.Conditional(http, $"{id}-{matter.Version}-i", new Response([.. rows.Select(r => new Entry(r.Kind, r.Text, r.IsPublic, r.ActorKind, r.ActorName, r.At))]));
    }
}
