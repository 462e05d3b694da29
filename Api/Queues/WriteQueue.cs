using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Queues;

/// <summary>A queue as the administrator sees it.</summary>
/// <param name="Version">For <c>If-Match</c>.</param>
public sealed record AdminQueueView(
    string Id, string OrganisationId, QueueKind Kind, string KindText, string Name, string Prefix, IReadOnlyList<int> RingWidths, int RingSeconds, int GraceMinutes,
    WriteQueue.HeadStartMinutes HeadStarts, int MaxWaiting, int TypicalMinutes, bool Active, int Version)
{
    internal static AdminQueueView Of(QueueSettings q) => new(
        q.Id, q.OrganisationId, q.Kind, q.Kind.Label(), q.Name, q.Prefix, q.RingWidths, (int)q.RingFor.TotalSeconds, (int)q.Grace.TotalMinutes,
        new WriteQueue.HeadStartMinutes((int)q.HeadStarts.Elderly.TotalMinutes, (int)q.HeadStarts.Disabled.TotalMinutes, (int)q.HeadStarts.Soldier.TotalMinutes, (int)q.HeadStarts.Emergency.TotalMinutes),
        q.MaxWaiting, (int)q.TypicalService.TotalMinutes, q.Active, q.Version);
}

/// <summary>The administrator sets up queues. Nothing is deleted, for tickets carry them: what is not needed is switched off.</summary>
public static class WriteQueue
{
    /// <summary>By how many minutes each class goes before those who joined at the same time.</summary>
    public sealed record HeadStartMinutes([property: Range(0, 240)] int Elderly, [property: Range(0, 240)] int Disabled, [property: Range(0, 240)] int Soldier, [property: Range(0, 240)] int Emergency);

    /// <param name="Prefix">One capital letter before the numbers, unique in the unit.</param>
    /// <param name="RingWidths">People rung in the first ring, in the second, …; then everybody.</param>
    /// <param name="GraceMinutes">How long the place of somebody who did not answer is kept.</param>
    /// <param name="TypicalMinutes">How long a service takes, until five have been measured.</param>
    /// <param name="Active">Switched off, nobody can join; who waits is told.</param>
    public sealed record Request(
        [property: Required, MaxLength(QueueSettings.MaxName)] string? Name, [property: Required, RegularExpression("^[A-Z]$")] string? Prefix,
        [property: Required] IReadOnlyList<int>? RingWidths, [property: Required, Range(5, 120)] int? RingSeconds, [property: Required, Range(1, 60)] int? GraceMinutes,
        [property: Required] HeadStartMinutes? HeadStarts, [property: Required, Range(1, 1000)] int? MaxWaiting, [property: Required, Range(1, 120)] int? TypicalMinutes,
        [property: Required] bool? Active);

    public sealed record AddRequest([property: Required, MaxLength(Id.Length)] string? OrganisationId, [property: Required] QueueKind? Kind, [property: Required] Request? Settings);

    public sealed record ListResponse(IReadOnlyList<AdminQueueView> Items);

    public static async Task<IResult> ListAsync(HttpContext http, QueueRepository queues) =>
        Results.Json(new ListResponse([.. (await queues.ListAsync(http.RequestAborted)).Select(AdminQueueView.Of)]), WireJson.Options);

    public static Task<IResult> AddAsync(AddRequest request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, QueueRepository queues) =>
        runs.RunAsync<AdminQueueView>(http, StatusCodes.Status201Created, validateOnly, async tx =>
        {
            if (!Id.IsWellFormed(request.OrganisationId) || await RegistryQueries.UnitAsync(tx, request.OrganisationId!) is not { } unit) return CommonRefusals.NotFound.At("organisationId", "没有这个机构");
            var queue = Read(new QueueSettings(tx.NewId(), unit.Id, request.Kind!.Value, "", "A", QueueSettings.UsualRings, TimeSpan.Zero, TimeSpan.Zero, HeadStarts.Usual, 0, TimeSpan.Zero, true, 1), request.Settings!);
            if (queue.IsRefused) return queue.Refusal!;
            var inserted = await queues.InsertAsync(tx, queue.Value);
            return inserted.IsRefused ? inserted.Refusal! : await ReplyAsync(tx, queue.Value.Id, user, "queues.add");
        });

    public static Task<IResult> EditAsync(string id, Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, QueueRepository queues) =>
        runs.RunAsync<AdminQueueView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            if (!Id.IsWellFormed(id) || await QueueRepository.FindAsync(tx, id) is not { } queue) return CommonRefusals.NotFound;
            if (queue.Version != version.Value) return CommonRefusals.VersionMismatch;
            var changed = Read(queue, request);
            if (changed.IsRefused) return changed.Refusal!;
            var saved = await queues.SaveAsync(tx, changed.Value);
            return saved.IsRefused ? saved.Refusal! : await ReplyAsync(tx, id, user, "queues.edit");
        });

    private static Outcome<QueueSettings> Read(QueueSettings queue, Request request)
    {
        var name = Text.Clean(request.Name, "name", QueueSettings.MaxName);
        if (name.IsRefused) return name.Refusal!;
        var starts = request.HeadStarts!;
        var read = queue with
        {
            Name = name.Value, Prefix = request.Prefix!, RingWidths = request.RingWidths!, RingFor = TimeSpan.FromSeconds(request.RingSeconds!.Value),
            Grace = TimeSpan.FromMinutes(request.GraceMinutes!.Value), MaxWaiting = request.MaxWaiting!.Value, TypicalService = TimeSpan.FromMinutes(request.TypicalMinutes!.Value),
            HeadStarts = new HeadStarts(TimeSpan.FromMinutes(starts.Elderly), TimeSpan.FromMinutes(starts.Disabled), TimeSpan.FromMinutes(starts.Soldier), TimeSpan.FromMinutes(starts.Emergency)),
            Active = request.Active!.Value,
        };
        return read.WhyNot() is { } refusal ? refusal : read;
    }

    private static async Task<AdminQueueView> ReplyAsync(UnitOfWork tx, string id, CurrentUser user, string action)
    {
        await tx.AuditAsync(user.Actor, action, "queue", id);
        return AdminQueueView.Of((await QueueRepository.FindAsync(tx, id))!);
    }
}
