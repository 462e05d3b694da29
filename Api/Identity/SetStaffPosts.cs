using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>Where somebody serves from now on, and as what; the whole list. Their sessions end, because tokens say what they were. Never the last administrator.</summary>
public static class SetStaffPosts
{
    public sealed record Request([property: Required, MaxLength(20)] IReadOnlyList<CreateStaffAccount.Post>? Posts);

    public static Task<IResult> Handle(
        string id, Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, StaffAccountRepository accounts, StaffAccountQueries queries, SessionRepository sessions,
        AvailabilityProjection availability) =>
        runs.OnceAsync<StaffAccountView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var set = await CarryOutAsync(tx, user.Actor, id, request.Posts!, accounts, sessions, availability);
            return set.IsRefused ? set.Refusal! : await StaffAccountView.ReadAsync(tx, queries, id);
        });

    internal static async Task<Outcome<Done>> CarryOutAsync(
        UnitOfWork tx, Actor actor, string id, IReadOnlyList<CreateStaffAccount.Post> posts, StaffAccountRepository accounts, SessionRepository sessions, AvailabilityProjection availability)
    {
        // First in the transaction, before anything is read: see there.
        var others = await StaffAccountRepository.AnotherAdministratorAsync(tx, id);
        if (!Id.IsWellFormed(id) || await accounts.FindAsync(tx, id) is not { } account) return CommonRefusals.NotFound;
        if (posts.Any(p => !Roles.OfStaff.Contains(p.Role!.Value))) return CommonRefusals.Invalid.At("posts", "该角色不能授予工作人员");
        var stays = posts.Any(p => p.Role == Role.Administrator);
        if (account.Roles.Contains(Role.Administrator) && !stays && !others) return IdentityRefusals.LastAdministrator;
        await StaffAccountRepository.RemovePostsAsync(tx, id);
        foreach (var post in posts)
            if (!await accounts.TryAddPostAsync(tx, id, post.OrganisationId!, post.Role!.Value)) return CommonRefusals.Invalid.At("posts", "没有这个机构，或岗位重复");
        // Raises the version: a sign-in under way with the old roles is refused.
        await StaffAccountRepository.SetActiveAsync(tx, account, account.Active);
        await availability.PersonChangedAsync(tx, id);
        await sessions.EndAllAsync(tx, id, SessionEnd.PostsChanged);
        await tx.AuditAsync(actor, "identity.set_posts", "staff", id, string.Join(',', posts.Select(p => p.Role)));
        return Done.It;
    }
}
