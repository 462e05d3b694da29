using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Administration;

/// <summary>Where a staff member or citizen is signed in now.</summary>
public static class ListSessions
{
    public sealed record Response(IReadOnlyList<SessionView> Items);

    /// <param name="Client">What the device called itself.</param>
    public sealed record SessionView(string Id, string? Client, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt);

    public static async Task<IResult> Handle(string? accountId, HttpContext http, SessionQueries sessions) => Id.IsWellFormed(accountId)
        ? Results.Json(new Response([.. (await sessions.OpenOfAsync(accountId!, http.RequestAborted)).Select(s => new SessionView(s.Id, s.Client, s.CreatedAt, s.LastUsedAt, s.ExpiresAt))]), WireJson.Options)
        : CommonRefusals.Invalid.At("accountId", "请填写工作人员或群众账号的编号").ToResult();
}

/// <summary>Ends one session, or all of an account, at once: a lost device, somebody who should not be in. One administrator is enough, as the person can sign in again.</summary>
public static class RevokeSessions
{
    public sealed record Request([property: Required, MaxLength(Id.Length)] string? AccountId);

    public static Task<IResult> Handle(Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, SessionRepository sessions) =>
        runs.RunAsync<SignedOut>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            if (!Id.IsWellFormed(request.AccountId)) return CommonRefusals.Invalid.At("accountId", "请填写工作人员或群众账号的编号");
            var ended = await sessions.EndAllAsync(tx, request.AccountId!, SessionEnd.EndedByAdministrator);
            await tx.AuditAsync(user.Actor, "identity.revoke_sessions", "account", request.AccountId!, $"{ended}");
            return new SignedOut(ended);
        });

    public static Task<IResult> OneAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, SessionRepository sessions) =>
        idempotency.RunAsync<SignedOut>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Id.IsWellFormed(id) || await SessionQueries.SubjectAsync(tx, id) is not { } subject || !await sessions.EndOwnAsync(tx, subject, id, SessionEnd.EndedByAdministrator))
                return CommonRefusals.NotFound;
            await tx.AuditAsync(user.Actor, "identity.revoke_session", "session", id, subject);
            return new SignedOut(1);
        });
}
