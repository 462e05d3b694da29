using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Appointments;

/// <summary>请假 of a person, or a desk that is closed.</summary>
/// <param name="Reason">For the office; citizens never see it.</param>
public sealed record LeaveView(string Id, string ResourceId, string ResourceName, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? Reason, DateTimeOffset CreatedAt)
{
    internal static LeaveView Of(LeaveItem l) => new(l.Id, l.ResourceId, l.ResourceName, l.StartsAt, l.EndsAt, l.Reason, l.CreatedAt);
}

/// <summary>Leave that is not over, of oneself or of somebody of one's units.</summary>
public static class ListLeaves
{
    private const string List = "leaves";

    public static async Task<IResult> Handle(
        string? resourceId, string? cursor, int? limit, CurrentUser user, HttpContext http, ResourceRepository resources, OfficeHoursQueries queries, RegistryQueries registry, Cursors cursors,
        TimeProvider time)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var position = cursors.Read(List, cursor);
        if (position.IsRefused) return position.Refusal!.ToResult();
        if (!Id.IsWellFormed(resourceId)) return CommonRefusals.Invalid.At("resourceId", "请选择服务人员或窗口").ToResult();
        if (await resources.FindAsync(resourceId!, http.RequestAborted) is not { } resource || !await RosterScope.MaySeeAsync(resource, user, registry, http.RequestAborted))
            return CommonRefusals.NotFound.ToResult();
        var edge = (position.Value ?? "0 ").Split(' ', 2);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(edge[0], CultureInfo.InvariantCulture));
        var rows = await queries.LeavesAsync(resource.Id, time.GetUtcNow(), at, edge[1], count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, LeaveView.Of, l => cursors.Write(List, $"{l.StartsAt.ToUnixTimeMilliseconds()} {l.Id}")), WireJson.Options);
    }
}

/// <summary>One's own leave, when it breaks nothing; anybody's, by who directs the unit, with what it breaks shown first.</summary>
public static class WriteLeave
{
    private const int MaxReason = 100;

    /// <summary>Longest leave, in days.</summary>
    private const int MostDays = 400;

    /// <param name="ResourceId">One's own when absent.</param>
    /// <param name="Reason">For the office; citizens never see it.</param>
    public sealed record Request(
        [property: MaxLength(Id.Length)] string? ResourceId, [property: Required] DateTimeOffset? StartsAt, [property: Required] DateTimeOffset? EndsAt,
        [property: MaxLength(MaxReason)] string? Reason, bool ValidateOnly, [property: MaxLength(64)] string? PlanToken);

    public static Task<IResult> AddAsync(Request request, CurrentUser user, HttpContext http, Idempotency idempotency, RosterChanges changes) =>
        idempotency.RunAsync<RosterChangeView>(http, StatusCodes.Status200OK, async tx =>
        {
            var reason = Text.CleanOptional(request.Reason, "reason", MaxReason);
            if (reason.IsRefused) return reason.Refusal!;
            var (from, to) = (request.StartsAt!.Value, request.EndsAt!.Value);
            if (from.Year is < 2000 or > 2100) return CommonRefusals.Invalid.At("startsAt", "日期不正确");
            if (to <= from || to <= tx.Now || to - from > TimeSpan.FromDays(MostDays)) return CommonRefusals.Invalid.At("endsAt", $"应晚于开始和现在，且最长{MostDays}天");
            var found = await ResourceAsync(tx, user, request.ResourceId ?? user.Id);
            if (found.IsRefused) return found.Refusal!;
            var (resource, directs) = found.Value;
            if (!resource.Active) return AppointmentRefusals.ResourceInactive;

            var before = await HoursRepository.OfAsync(tx, resource, tx.Now.DateInChina());
            var leave = new Leave(tx.NewId(), resource.Id, from.ToUniversalTime(), to.ToUniversalTime());
            var choice = new PlanChoice(request.ValidateOnly, request.PlanToken);
            return await changes.RunAsync(
                tx, new RosterOrder(resource, before, before with { Leaves = [.. before.Leaves, leave] }, choice, "leaves.add", [leave.Id]) { MayBreak = directs, LeaveReason = reason.Value }, user);
        });

    /// <summary>Taken back, or ended now. Breaks nothing: there is only more time.</summary>
    public static Task<IResult> RemoveAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, RosterChanges changes) =>
        idempotency.RunAsync<LeaveView>(http, StatusCodes.Status200OK, async tx =>
        {
            if (!Id.IsWellFormed(id) || await HoursRepository.FindLeaveAsync(tx, id) is not { } leave) return CommonRefusals.NotFound;
            var found = await ResourceAsync(tx, user, leave.ResourceId);
            if (found.IsRefused) return found.Refusal!;
            if (leave.EndsAt <= tx.Now) return AppointmentRefusals.LeaveOver;
            var view = LeaveView.Of(await OfficeHoursQueries.LeaveAsync(tx, id));
            await HoursRepository.RaiseAsync(tx, found.Value.Resource);
            await HoursRepository.EndLeaveAsync(tx, leave);
            await tx.AuditAsync(user.Actor, "leaves.remove", "resource", leave.ResourceId, id);
            changes.RefreshAfter(tx, leave.ResourceId);
            return view;
        });

    /// <summary>One's own, or one that the caller directs.</summary>
    private static async Task<Outcome<(BookableResource Resource, bool Directs)>> ResourceAsync(UnitOfWork tx, CurrentUser user, string resourceId)
    {
        var directed = await RosterScope.ResourceAsync(tx, user, resourceId);
        if (!directed.IsRefused) return (directed.Value, true);
        return Id.IsWellFormed(resourceId) && await ResourceRepository.FindAsync(tx, resourceId) is { } own && own.StaffId == user.Id ? (own, false) : directed.Refusal!;
    }
}
