using System.ComponentModel.DataAnnotations;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>Signs in as a synthetic person of the demo district, with one click in Swagger UI. Development only: elsewhere the route does not exist.</summary>
public static class SignInAsDemo
{
    /// <summary>Who to be.</summary>
    public enum DemoPerson
    {
        Citizen,
        Lawyer,
        Mediator,
        Notary,
        Clerk,
        CentreHead,
        Administrator,
        Auditor,
    }

    public sealed record Request([property: Required] DemoPerson? As);

    public sealed record Response(TokensView Tokens, MeView User);

    private const string DemoOpenId = "demo-citizen";

    public static async Task<IResult> Handle(
        Request request, HttpContext http, Database database, CitizenRepository citizens, StaffAccountRepository accounts, SessionRepository sessions) =>
        (await database.WriteAsync<Response>(async tx =>
        {
            if (request.As == DemoPerson.Citizen)
            {
                var (citizen, isNew) = await citizens.FindOrAddByWeChatAsync(tx, "", new WeChatLogin.Session(DemoOpenId, null, ""));
                // A demonstration begins at the question, not at the notice; the notice can be tried with any test: code.
                if (isNew) await ConsentRepository.RecordAsync(tx, citizen.Id, (await ConsentRepository.CurrentNoticeAsync(await tx.ConnectionAsync(), tx.Transaction)).Version, accepted: true);
                var pair = await sessions.OpenAsync(tx, ActorKind.Citizen, citizen.Id, [Role.Citizen], http.Client());
                return new Response(TokensView.Of(pair), await MeView.OfAsync(tx, citizen));
            }
            if (await StaffAccountRepository.FirstWithRoleAsync(tx, Enum.Parse<Role>(request.As.ToString()!)) is not { } id) return CommonRefusals.NotFound;
            var account = (await accounts.FindAsync(tx, id))!;
            return new Response(TokensView.Of(await sessions.OpenAsync(tx, ActorKind.Staff, id, account.Roles, http.Client())), MeView.Of(account));
        }, http.RequestAborted)).ToReply();
}
