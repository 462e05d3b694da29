using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Queues;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Queues;

/// <summary>"See a lawyer now": a place in the video queue of the region's unit, or of the nearest above it where somebody takes citizens in.</summary>
public sealed class JoinQueue(Database database, TicketRepository tickets, MatterRepository matters, QueueSights sights, PresenceRepository presence, Sealer sealer, TimeProvider time)
{
    /// <param name="CategoryCode">From <c>GET /v1/meta</c>.</param>
    /// <param name="RegionCode">Town or village, from <c>GET /v1/meta</c>.</param>
    /// <param name="Text">What it is about, up to 500 characters; whoever takes the call reads it first.</param>
    /// <param name="OpposingParty">Name of the other side, so that nobody is rung who must not act; only a keyed hash is kept.</param>
    /// <param name="MatterId">An open matter of one's own to talk about; absent: a new one.</param>
    /// <param name="Wants">Video when absent.</param>
    /// <param name="Priority">As the person says; ordinary when absent. Emergency is given by the office only.</param>
    public sealed record Request(
        [property: Required, MaxLength(96)] string? CategoryCode, [property: Required, MaxLength(96)] string? RegionCode, [property: MaxLength(Ticket.MaxReason)] string? Text,
        [property: MaxLength(100)] string? OpposingParty, [property: MaxLength(Id.Length)] string? MatterId, TicketWish? Wants, PriorityClass? Priority);

    public static async Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, Idempotency idempotency, JoinQueue join)
    {
        if (request.Priority == PriorityClass.Emergency) return QueueRefusals.NotDeclarable.At("priority", "请直接向工作人员说明").ToResult();
        if (request.Wants == TicketWish.AtTheWindow) return CommonRefusals.Invalid.At("wants", "应为video或callback").ToResult();
        var found = await join.FindAsync(request.RegionCode!, http.RequestAborted);
        if (found.IsRefused) return found.Refusal!.ToResult();
        var here = await join.HereAsync(http.RequestAborted);
        return await idempotency.RunAsync<TicketView>(http, StatusCodes.Status201Created, tx => join.JoinAsync(tx, request, user, found.Value, here));
    }

    private Task<IReadOnlySet<string>> HereAsync(CancellationToken cancel) => presence.HereAsync(cancel);

    /// <summary>Nearest first, the first that is served now. Where there is a queue and nobody serves, that is said.</summary>
    private Task<Outcome<string>> FindAsync(string regionCode, CancellationToken cancel) => database.ReadAsync<Outcome<string>>(async c =>
    {
        var now = time.GetUtcNow();
        var near = await QueueQueries.ForRegionAsync(c, regionCode, QueueKind.Video);
        foreach (var queue in near)
            if (await QueueStaff.IsServedAsync(c, queue.OrganisationId, now, presence.SeenSince(now))) return queue.Id;
        return near.Count > 0 ? QueueRefusals.NobodyServes : MatterRefusals.NoUnit;
    }, cancel);

    private async Task<Outcome<TicketView>> JoinAsync(UnitOfWork tx, Request request, CurrentUser user, string queueId, IReadOnlySet<string> here)
    {
        await QueueRepository.EnterAsync(tx, queueId);
        var reason = Text.CleanOptional(request.Text, "text", Ticket.MaxReason);
        if (reason.IsRefused) return reason.Refusal!;
        var opposing = Text.CleanOptional(request.OpposingParty, "opposingParty", 100);
        if (opposing.IsRefused) return opposing.Refusal!;
        if (await CitizenRepository.EngageWhollyAsync(tx, user.Id) is not { } citizen) return IdentityRefusals.SessionRevoked;
        if (!citizen.HasConsented) return IdentityRefusals.ConsentRequired;
        if (request.Wants == TicketWish.Callback && !citizen.HasPhone) return AppointmentRefusals.PhoneRequired;
        if (await MatterCodes.CategoryAsync(tx, request.CategoryCode) is not { } category) return MatterRefusals.UnknownCategory;
        if (await MatterCodes.RegionAsync(tx, request.RegionCode) is not { } region) return MatterRefusals.UnknownRegion;
        if (await QueueRepository.FindAsync(tx, queueId) is not { Active: true } queue) return QueueRefusals.NobodyServes;
        var priority = request.Priority ?? PriorityClass.Ordinary;
        var joinedAt = await QueueRepository.JoinedAtAsync(tx, queueId);
        var rank = new TicketRank(priority, queue.RankOf(joinedAt, priority));
        var id = tx.NewId();
        var position = await TicketRepository.CountAsync(tx, queueId, rank.At, id);
        if (position.All >= queue.MaxWaiting) return QueueRefusals.Full;
        var matter = await MatterAsync(tx, request, user, citizen, category, region, queue, reason.Value);
        if (matter.IsRefused) return matter.Refusal!;

        var sight = await sights.OfAsync(await tx.ConnectionAsync(), tx.Transaction, queue, position.Before, here, tx.Now);
        var ticket = Ticket.Join(new Ticket
        {
            Id = id, Kind = QueueKind.Video, CitizenId = user.Id, MatterId = matter.Value.Id, CategoryCode = category.Code, RegionCode = region.Code, Reason = reason.Value,
            OpposingHash = opposing.Value is { } name ? sealer.LookupHash(LookupKind.PartyName, PartyName.Normalise(name)) : null, JoinedAt = joinedAt, Promise = sight.Wait,
        }, await QueueRepository.NextPlaceAsync(tx, queue), rank, request.Wants ?? TicketWish.Video);
        var inserted = await tickets.InsertAsync(tx, ticket, user.Actor);
        if (inserted.IsRefused) return inserted.Refusal!;
        await tx.AuditAsync(user.Actor, "queues.join", "ticket", ticket.Id);
        return TicketView.Of(await QueueQueries.TicketAsync(tx, ticket.Id), sight);
    }

    private async Task<Outcome<Matter>> MatterAsync(
        UnitOfWork tx, Request request, CurrentUser user, CitizenRepository.Engaged citizen, CodeRow category, CodeRow region, QueueSettings queue, string? reason)
    {
        if (request.MatterId is not null)
        {
            if (await matters.FindAsync(tx, request.MatterId) is not { } known || known.CitizenId != user.Id || known.Status.IsOver()) return CommonRefusals.NotFound.At("matterId", "没有这个未办结的事项");
            known.Tell(tx.Now, "queued", "您已排队视频咨询");
            await matters.SaveAsync(tx, known, user.Actor);
            return known;
        }
        var matter = new Matter
        {
            Id = tx.NewId(), Number = MatterNumber.New(tx.Now), Kind = MatterKind.VideoConsultation, CategoryCode = category.Code, RegionCode = region.Code, Channel = Channel.MiniProgram,
            CitizenId = user.Id, Title = Matter.TitleOf(reason ?? $"视频咨询：{category.Name}"), OpenedAt = tx.Now, OrganisationId = queue.OrganisationId,
        };
        matter.Open(citizen.Preference, tx.Now);
        await matters.InsertAsync(tx, matter, user.Actor);
        return matter;
    }
}
