using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>What the first screen needs, in one request (R12).</summary>
public static class GetMySummary
{
    /// <param name="OpenMatters">Not ended.</param>
    /// <param name="AnsweredMatters">Of these, answered: the citizen's turn.</param>
    /// <param name="EndedMatters">Closed, withdrawn, rejected or merged.</param>
    public sealed record Response(bool NeedPhone, bool NeedConsent, long OpenMatters, long AnsweredMatters, long EndedMatters);

    public static async Task<IResult> Handle(CurrentUser user, HttpContext http, Database database, CitizenRepository citizens, PersonalDataQueries held)
    {
        var (citizen, consented) = await database.ReadAsync(async c => (await citizens.FindAsync(c, user.Id), await ConsentRepository.HasConsentedAsync(c, user.Id)), http.RequestAborted);
        var counts = await held.CountAsync(user.Id, http.RequestAborted);
        return Replies.Of(new Response(
            citizen?.Phone is null, !consented, counts.Where(c => !c.Status.IsOver()).Sum(c => c.N),
            counts.Where(c => c.Status == MatterStatus.AwaitingCitizen).Sum(c => c.N), counts.Where(c => c.Status.IsOver()).Sum(c => c.N)));
    }
}
