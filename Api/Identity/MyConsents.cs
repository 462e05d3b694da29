using System.ComponentModel.DataAnnotations;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <param name="CurrentVersion">The notice in force.</param>
/// <param name="NeedConsent">Whether it has still to be accepted.</param>
/// <param name="Items">What was said so far, newest first.</param>
public sealed record ConsentsView(int CurrentVersion, bool NeedConsent, IReadOnlyList<ConsentRow> Items);

public static class GetMyConsents
{
    public static async Task<IResult> Handle(CurrentUser user, HttpContext http, Database database) =>
        Replies.Of(await database.ReadAsync(async connection => new ConsentsView(
            (await ConsentRepository.CurrentNoticeAsync(connection)).Version, !await ConsentRepository.HasConsentedAsync(connection, user.Id),
            await ConsentRepository.OfAsync(connection, user.Id)), http.RequestAborted));
}

/// <summary>Accepts the notice in force, or takes the consent back, which is as easy (PIPL art. 15). What was opened before goes on.</summary>
public static class RecordConsent
{
    /// <param name="Version">The version that was read; must be the one in force to accept it.</param>
    public sealed record Request([property: Required] int? Version, [property: Required] bool? Accepted);

    public static async Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, Database database) =>
        (await database.WriteAsync<ConsentsView>(async tx =>
        {
            var current = (await ConsentRepository.CurrentNoticeAsync(await tx.ConnectionAsync(), tx.Transaction)).Version;
            if (request.Version != current) return IdentityRefusals.NoticeOutdated;
            // Said again is not said twice: the trail shows changes.
            var consented = await ConsentRepository.HasConsentedAsync(tx, user.Id);
            if (consented != request.Accepted)
            {
                await ConsentRepository.RecordAsync(tx, user.Id, current, request.Accepted!.Value);
                await tx.AuditAsync(user.Actor, request.Accepted.Value ? "identity.consent" : "identity.withdraw_consent", "privacy_notice", $"{current}");
            }
            return new ConsentsView(current, !request.Accepted!.Value, await ConsentRepository.OfAsync(await tx.ConnectionAsync(), user.Id, tx.Transaction));
        }, http.RequestAborted)).ToReply();
}
