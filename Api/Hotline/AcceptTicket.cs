using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Hotline;

/// <summary>Somebody of the unit takes the ticket and is responsible from then on.</summary>
public static class AcceptTicket
{
    public static Task<IResult> Handle(string id, CurrentUser user, HttpContext http, TicketMove move) => move.RunAsync(id, user, http, "hotline.accept", async (tx, found, eventId) =>
    {
        if (!found.Serves) return CommonRefusals.Forbidden;
        var name = await tx.ScalarAsync<string>("SELECT name FROM staff_members WHERE id = @Id", new { user.Id });
        return found.Ticket.Accept(user.Id, name!, eventId, tx.Now);
    });
}
