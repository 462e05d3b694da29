using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Administration;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Administration;
using MicroPlatform.Infrastructure.Audit;

namespace MicroPlatform.Api.Administration;

/// <summary>A request for a second administrator's word.</summary>
/// <param name="SubjectName">As it was called when it was asked.</param>
/// <param name="DecidedByName">Who approved, refused or withdrew.</param>
/// <param name="UndoUntil">Until then it can be taken back; null where it cannot.</param>
public sealed record ApprovalView(
    string Id, ApprovableAct Act, string ActText, string SubjectId, string SubjectName, string Reason, ApprovalState State, string StateText, string RequestedById, string? RequestedByName,
    DateTimeOffset RequestedAt, DateTimeOffset ExpiresAt, string? DecidedById, string? DecidedByName, DateTimeOffset? DecidedAt, string? DecisionReason, DateTimeOffset? UndoUntil,
    string? UndoneByName, DateTimeOffset? UndoneAt)
{
    internal static ApprovalView Of(ApprovalRow row)
    {
        var a = row.Approval;
        return new ApprovalView(
            a.Id, a.Act, a.Act.Label(), a.SubjectId, a.SubjectName, a.Reason, a.State, a.State.Label(), a.RequestedBy, row.RequestedByName, a.RequestedAt, a.ExpiresAt, a.DecidedBy, row.DecidedByName,
            a.DecidedAt, a.DecisionReason, a.UndoUntil, row.UndoneByName, a.UndoneAt);
    }
}

/// <summary>What was asked of a second administrator, newest first.</summary>
public static class ListApprovals
{
    private const string List = "approvals";

    public static async Task<IResult> Handle(string? state, string? cursor, int? limit, HttpContext http, ApprovalRepository approvals, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var wanted = QueryWords.Read(state, "state", ApprovalState.Pending);
        if (wanted.IsRefused) return wanted.Refusal!.ToResult();
        var after = cursors.Read(List, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        var rows = await approvals.ListAsync(string.IsNullOrEmpty(state) ? null : wanted.Value, after.Value, count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, ApprovalView.Of, r => cursors.Write(List, r.Approval.Id)), WireJson.Options);
    }

    public static async Task<IResult> GetAsync(string id, HttpContext http, ApprovalRepository approvals) =>
        Id.IsWellFormed(id) && await approvals.ViewAsync(id, http.RequestAborted) is { } found ? Results.Json(ApprovalView.Of(found), WireJson.Options) : CommonRefusals.NotFound.ToResult();
}

/// <summary>An administrator asks for a destructive act. It is tried out first, so that nothing is asked that could not be done now.</summary>
public static class RequestApproval
{
    /// <param name="SubjectId">Id of the unit, account or material, or code of the category.</param>
    /// <param name="Reason">For whoever decides, 2 to 200 characters.</param>
    public sealed record Request([property: Required] ApprovableAct? Act, [property: Required, MaxLength(96)] string? SubjectId, [property: Required, MaxLength(Approval.MaxReason)] string? Reason);

    public static async Task<IResult> Handle(Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, ApprovalRepository approvals, ApprovableActs acts)
    {
        var reason = Text.Clean(request.Reason, "reason", Approval.MaxReason, min: 2);
        if (reason.IsRefused) return reason.Refusal!.ToResult();
        var steps = acts.Of(request.Act!.Value);
        Approval? asked = null;
        var tried = await runs.TryAsync<Done>(async tx =>
        {
            if (await steps.FindAsync(tx, request.SubjectId!) is not { } subject) return CommonRefusals.NotFound.At("subjectId", "没有这个机构、账号、类别或材料");
            asked = Approval.Request(tx.NewId(), request.Act.Value, request.SubjectId!, subject.Name, subject.Version, reason.Value, user.Id, tx.Now);
            return await steps.DoAsync(tx, user.Actor, asked) is { } no ? no : Done.It;
        }, http.RequestAborted);
        if (tried is not null) return tried.ToResult();
        return await runs.RunAsync<ApprovalView>(http, StatusCodes.Status201Created, validateOnly, async tx =>
        {
            await ApprovalRepository.ExpireAsync(tx);
            if (!await approvals.TryInsertAsync(tx, asked!)) return AdministrationRefusals.ApprovalPending;
            await tx.AuditAsync(user.Actor, "approvals.request", "approval", asked!.Id, $"{asked.Act} {asked.SubjectId}");
            return ApprovalView.Of(await ApprovalRepository.ViewAsync(tx, asked.Id));
        });
    }
}

/// <summary>What becomes of a request: another administrator approves, and it is carried out in the same transaction, or refuses; who asked withdraws; anybody of them takes it back in time.</summary>
public static class DecideApproval
{
    /// <param name="Reason">For who asked, 2 to 200 characters.</param>
    public sealed record RefuseRequest([property: Required, MaxLength(Approval.MaxReason)] string? Reason);

    public static Task<IResult> ApproveAsync(string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, ApprovalRepository approvals, ApprovableActs acts, TimeProvider time) =>
        RunAsync(id, "approvals.approve", validateOnly, user, http, runs, approvals,
            approval => approval.Approve(user.Id, acts.Of(approval.Act).UndoAsync is not null, Now(time)), approval => acts.Of(approval.Act).DoAsync);

    public static Task<IResult> RefuseAsync(string id, RefuseRequest request, CurrentUser user, HttpContext http, DryRun runs, ApprovalRepository approvals, TimeProvider time) =>
        RunAsync(id, "approvals.refuse", null, user, http, runs, approvals, approval =>
        {
            var reason = Text.Clean(request.Reason, "reason", Approval.MaxReason, min: 2);
            return reason.IsRefused ? reason.Refusal! : approval.Refuse(user.Id, reason.Value, Now(time));
        });

    public static Task<IResult> WithdrawAsync(string id, CurrentUser user, HttpContext http, DryRun runs, ApprovalRepository approvals, TimeProvider time) =>
        RunAsync(id, "approvals.withdraw", null, user, http, runs, approvals, approval => approval.Withdraw(user.Id, Now(time)));

    public static Task<IResult> UndoAsync(string id, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, ApprovalRepository approvals, ApprovableActs acts, TimeProvider time) =>
        RunAsync(id, "approvals.undo", validateOnly, user, http, runs, approvals, approval => approval.Undo(user.Id, Now(time)), approval => acts.Of(approval.Act).UndoAsync!);

    /// <param name="act">What else is done when the move is possible.</param>
    private static Task<IResult> RunAsync(
        string id, string action, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, ApprovalRepository approvals, Func<Approval, Outcome<Approval>> move,
        Func<Approval, Func<Infrastructure.Sql.UnitOfWork, Actor, Approval, Task<Refusal?>>>? act = null) =>
        runs.RunAsync<ApprovalView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            if (!Id.IsWellFormed(id) || await approvals.FindAsync(id, http.RequestAborted) is not { } approval) return CommonRefusals.NotFound;
            var moved = move(approval);
            if (moved.IsRefused) return moved.Refusal!;
            await ApprovalRepository.SaveAsync(tx, moved.Value);
            if (act is not null && await act(approval)(tx, user.Actor, approval) is { } no) return no;
            await tx.AuditAsync(user.Actor, action, "approval", id, $"{approval.Act} {approval.SubjectId}");
            return ApprovalView.Of(await ApprovalRepository.ViewAsync(tx, id));
        });

    /// <summary>In whole milliseconds, as it will be read back.</summary>
    private static DateTimeOffset Now(TimeProvider time) => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
