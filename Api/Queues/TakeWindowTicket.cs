using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>Whoever stands in the hall takes a number with their own phone: the code at the door says where they are.</summary>
public static class TakeWindowTicket
{
    /// <param name="PointCode">The <c>scene</c> of the code that hangs at the service point, or the whole link it holds.</param>
    /// <param name="Priority">As the person says; ordinary when absent. Emergency is given by the office only.</param>
    public sealed record Request(
        [property: Required, MaxLength(300)] string? PointCode, PriorityClass? Priority, [property: Required, MaxLength(96)] string? CategoryCode,
        [property: MaxLength(Ticket.MaxReason)] string? Reason);

    public static async Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, Idempotency idempotency, CheckInCodes points, WindowTickets windows, SlipCodes codes)
    {
        if (request.Priority == PriorityClass.Emergency) return QueueRefusals.NotDeclarable.At("priority", "请直接向工作人员说明").ToResult();
        if (points.UnitOf(request.PointCode) is not { } unit || await windows.QueueOfUnitAsync(unit, http.RequestAborted) is not { } queueId)
            return QueueRefusals.NoWindowQueue.At("pointCode", "该服务点未开放取号").ToResult();
        return await idempotency.RunAsync<Response>(http, StatusCodes.Status201Created, async tx =>
        {
            await QueueRepository.EnterAsync(tx, queueId);
            if (await CitizenRepository.EngageWhollyAsync(tx, user.Id) is not { } citizen) return IdentityRefusals.SessionRevoked;
            if (!citizen.HasConsented) return IdentityRefusals.ConsentRequired;
            var reason = Text.CleanOptional(request.Reason, "reason", Ticket.MaxReason);
            if (reason.IsRefused) return reason.Refusal!;
            if (await MatterCodes.CategoryAsync(tx, request.CategoryCode) is not { } category) return MatterRefusals.UnknownCategory.At("categoryCode", "请选择事项类别");
            var visitor = new WindowVisitor(user.Id, null, request.Priority ?? PriorityClass.Ordinary, category, reason.Value, citizen.Preference);
            var issued = await windows.IssueAsync(tx, queueId, visitor, Channel.MiniProgram, user.Actor);
            if (issued.IsRefused) return issued.Refusal!;
            await tx.AuditAsync(user.Actor, "tickets.take", "ticket", issued.Value.Id);
            return new Response(issued.Value.Id, issued.Value.MatterId, issued.Value.Place.Number, codes.Of(issued.Value.Id));
        });
    }

    /// <param name="SlipCode">For <c>GET /v1/ticket-slips/{code}</c>, which says how many people are before.</param>
    public sealed record Response(string Id, string? MatterId, string Number, string SlipCode);
}
