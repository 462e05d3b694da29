using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>Where the caller is signed in.</summary>
public static class ListMySessions
{
    public sealed record Response(IReadOnlyList<SessionView> Items);

    /// <param name="Client">What the device called itself.</param>
    /// <param name="Current">The one this request came with.</param>
    public sealed record SessionView(string Id, string? Client, bool Current, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt);

    public static async Task<IResult> Handle(CurrentUser user, HttpContext http, SessionQueries sessions) =>
        Replies.Of(new Response([.. (await sessions.OpenOfAsync(user.Id, http.RequestAborted))
            .Select(s => new SessionView(s.Id, s.Client, s.Id == user.SessionId, s.CreatedAt, s.LastUsedAt, s.ExpiresAt))]));
}

/// <summary>Ends one of the caller's sessions, on whatever device.</summary>
public static class EndMySession
{
    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, Database database, SessionRepository sessions) =>
        (await database.WriteAsync<SignedOut>(async tx =>
        {
            if (!Id.IsWellFormed(id) || !await sessions.EndOwnAsync(tx, user.Id, id, SessionEnd.EndedElsewhere)) return CommonRefusals.NotFound;
            await tx.AuditAsync(user.Actor, "identity.end_session", "session", id);
            return new SignedOut(1);
        }, http.RequestAborted)).ToReply();
}
