using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>A staff account as an administrator sees it. Never a password, a hash or a secret.</summary>
/// <param name="LockedUntil">Too many failed sign-ins; null when not locked.</param>
/// <param name="PasswordTemporary">The first password has not been changed yet.</param>
public sealed record StaffAccountView(
    string Id, string UserName, string Name, bool Active, bool PasswordTemporary, bool TotpEnrolled, DateTimeOffset? LockedUntil, IReadOnlyList<RoleView> Roles, IReadOnlyList<PostView> Posts)
{
    internal static async Task<Outcome<StaffAccountView>> ReadAsync(UnitOfWork tx, StaffAccountQueries queries, string id) =>
        await queries.FindAsync(tx, id) is { } row ? Of(row) : CommonRefusals.NotFound;

    internal static StaffAccountView Of(StaffAccountRow r) => new(
        r.Id, r.Username, r.Name, r.Active, r.PasswordTemporary, r.TotpEnrolled, r.LockedUntil, [.. r.Posts.Select(p => p.Role).Distinct().Order().Select(RoleView.Of)],
        [.. r.Posts.Select(p => new PostView(p.OrganisationId, p.OrganisationName, p.Role, p.Role.Label()))]);
}

public sealed record PostView(string OrganisationId, string OrganisationName, Role Role, string RoleText);

/// <summary>All staff accounts, by user name.</summary>
public static class ListStaffAccounts
{
    private const string List = "staff-accounts";

    public static async Task<IResult> Handle(string? cursor, int? limit, HttpContext http, StaffAccountQueries queries, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var after = cursors.Read(List, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        var rows = await queries.ListAsync(after.Value, count.Value + 1, http.RequestAborted);
        return Replies.Of(Paging.Of(rows, count.Value, StaffAccountView.Of, r => cursors.Write(List, r.Username)));
    }
}

/// <summary>Makes a staff account. The password is told in this answer and never again; the person must change it at the first sign-in.</summary>
public static class CreateStaffAccount
{
    public sealed record Post([property: Required, MaxLength(26)] string? OrganisationId, [property: Required] Role? Role);

    /// <param name="Posts">At least one: who serves nowhere cannot sign in.</param>
    public sealed record Request(
        [property: Required, MaxLength(UserName.MaxLength)] string? UserName, [property: Required, MaxLength(PersonName.MaxLength)] string? Name,
        [property: MaxLength(50)] string? Title, [property: Required, MinLength(1), MaxLength(20)] IReadOnlyList<Post>? Posts);

    /// <param name="TemporaryPassword">Null with <c>validateOnly=true</c>.</param>
    public sealed record Response(StaffAccountView Account, string? TemporaryPassword);

    public static async Task<IResult> Handle(
        Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, StaffAccountRepository accounts, StaffAccountQueries queries, PasswordGate passwords)
    {
        if (!UserName.TryParse(request.UserName, out var userName)) return CommonRefusals.Invalid.At("userName", "3到32位小写字母、数字或.-_，以字母开头").ToResult();
        if (!PersonName.TryParse(request.Name, out var name)) return CommonRefusals.Invalid.At("name", "请填写姓名").ToResult();
        var title = Text.CleanOptional(request.Title, "title", 50);
        if (title.IsRefused) return title.Refusal!.ToResult();
        var password = StaffAccountRepository.NewTemporaryPassword();
        var hash = validateOnly == true ? "" : await passwords.HashAsync(password, http.RequestAborted);
        return await runs.OnceAsync<Response>(http, StatusCodes.Status201Created, validateOnly, async tx =>
        {
            var added = await AddAsync(tx, user.Actor, accounts, userName, name, title.Value, request.Posts!, hash);
            if (added.IsRefused) return added.Refusal!;
            return new Response((await StaffAccountView.ReadAsync(tx, queries, added.Value)).Value, validateOnly == true ? null : password);
        });
    }

    /// <returns>The id.</returns>
    internal static async Task<Outcome<string>> AddAsync(
        UnitOfWork tx, Actor actor, StaffAccountRepository accounts, string userName, PersonName name, string? title, IReadOnlyList<Post> posts, string hash)
    {
        if (posts.Any(p => !Roles.OfStaff.Contains(p.Role!.Value))) return CommonRefusals.Invalid.At("posts", "该角色不能授予工作人员");
        var id = tx.NewId();
        foreach (var post in posts)
            if (!await accounts.TryAddPostAsync(tx, id, post.OrganisationId!, post.Role!.Value)) return CommonRefusals.Invalid.At("posts", "没有这个机构，或岗位重复");
        if (!await accounts.TryAddAsync(tx, id, userName, name.Reveal(), title, hash)) return IdentityRefusals.UserNameTaken;
        await tx.AuditAsync(actor, "identity.create_account", "staff", id, string.Join(',', posts.Select(p => p.Role)));
        return id;
    }
}

/// <summary>A new first password, told once; every session of the person ends. The second factor stays, so this alone lets nobody in.</summary>
public static class ResetStaffPassword
{
    public static async Task<IResult> Handle(
        string id, CurrentUser user, HttpContext http, Database database, StaffAccountRepository accounts, StaffAccountQueries queries, SessionRepository sessions, PasswordGate passwords)
    {
        var password = StaffAccountRepository.NewTemporaryPassword();
        var hash = await passwords.HashAsync(password, http.RequestAborted);
        return (await database.WriteAsync<CreateStaffAccount.Response>(async tx =>
        {
            if (!Id.IsWellFormed(id) || await accounts.FindAsync(tx, id) is not { } account) return CommonRefusals.NotFound;
            await StaffAccountRepository.SetPasswordAsync(tx, account, hash, temporary: true);
            await sessions.EndAllAsync(tx, id, SessionEnd.CredentialsChanged);
            await tx.AuditAsync(user.Actor, "identity.reset_password", "staff", id);
            return new CreateStaffAccount.Response((await StaffAccountView.ReadAsync(tx, queries, id)).Value, password);
        }, http.RequestAborted)).ToReply();
    }
}
