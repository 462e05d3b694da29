using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// Deletes the account as far as the law lets it be deleted (PIPL art. 47): what names the person is erased, the tie to WeChat is cut, all
/// sessions end. Case files stay under a pseudonym, stored and no longer processed, and figures stay as they were. Refused while a matter is open.
/// </summary>
public static class DeleteMe
{
    public sealed record Response(bool Deleted, DateTimeOffset DeletedAt);

    public static async Task<IResult> Handle(CurrentUser user, HttpContext http, Database database, CitizenRepository citizens, MatterRepository matters, SessionRepository sessions, Erasures erasures) =>
        (await database.WriteAsync<Response>(async tx =>
        {
            if (await citizens.FindAsync(tx, user.Id) is not { RestrictedAt: null } citizen) return IdentityRefusals.SessionRevoked;
            // An appointment on a matter that has ended may still be ahead.
            var open = await matters.CountOpenAsync(tx, user.Id) > 0 || (await AppointmentQueries.AheadAsync(tx, user.Id)).Count > 0;
            var restricted = citizen.Restrict(open, tx.Now);
            if (restricted.IsRefused) return restricted.Refusal!;
            var saved = await citizens.SaveAsync(tx, citizen);
            if (saved.IsRefused) return saved.Refusal!;
            await citizens.ForgetWeChatAsync(tx, user.Id);
            await CitizenRepository.RestrictMattersAsync(tx, user.Id);
            await CitizenRepository.RestrictAppointmentsAsync(tx, user.Id);
            await HotlineTicketRepository.RestrictAsync(tx, user.Id);
            await erasures.ForgetAsync(tx, user.Id, user.Actor);
            await sessions.EndAllAsync(tx, user.Id, SessionEnd.AccountDeleted);
            await tx.AuditAsync(user.Actor, "identity.delete_account", "citizen", user.Id);
            return new Response(true, tx.Now);
        }, http.RequestAborted)).ToReply();
}
