using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>
/// 退单: the unit says that it is not its business, with the reason, within its first working day. The centre dispatches again; the third time, its head
/// decides, and no unit sends it back after that.
/// </summary>
public static class SendBackTicket
{
    /// <param name="Reason">2 to 200 characters; the hotline reads it.</param>
    public sealed record Request([property: Required, MaxLength(200)] string? Reason);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, TicketMove move) => move.RunAsync(id, user, http, "hotline.send-back", async (tx, found, eventId) =>
    {
        var reason = Text.Clean(request.Reason, "reason", 200, min: 2);
        if (reason.IsRefused) return reason.Refusal!;
        return found.Serves || found.Mine ? found.Ticket.SendBack(reason.Value, user.Actor, await move.RefusableUntilAsync(tx, found.Ticket), eventId, tx.Now) : CommonRefusals.Forbidden;
    });
}

/// <summary>派单 and 改派: who directs the centre or the unit gives the ticket to a unit.</summary>
public static class DispatchTicket
{
    /// <param name="OrganisationId">A unit that takes matters.</param>
    /// <param name="Remark">Why; the unit reads it.</param>
    public sealed record Request([property: Required, MaxLength(Id.Length)] string? OrganisationId, [property: MaxLength(HotlineEvent.MaxRemark)] string? Remark);

    public static Task<IResult> Handle(string id, Request request, CurrentUser user, HttpContext http, TicketMove move) => move.RunAsync(id, user, http, "hotline.dispatch", async (tx, found, eventId) =>
    {
        var remark = Text.CleanOptional(request.Remark, "remark", HotlineEvent.MaxRemark);
        if (remark.IsRefused) return remark.Refusal!;
        if (!found.Directs) return CommonRefusals.Forbidden;
        if (await Infrastructure.Registry.RegistryQueries.TakingUnitAsync(tx, request.OrganisationId!) is not { } unit) return HotlineRefusals.UnitUnsuitable.At("organisationId", "没有这个单位，或不受理事项");
        return found.Ticket.Dispatch(unit.Id, unit.Name, found.Heads, remark.Value, user.Actor, eventId, tx.Now);
    });
}
