using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>Shows a new second factor to be scanned. It counts once <see cref="ConfirmTotp"/> has seen a code from it; asking again shows another.</summary>
public static class EnrolTotp
{
    private const string Issuer = "公共法律服务平台";

    /// <param name="StepToken">From the refusal <c>totp_enrolment_required</c>, or from the change of the first password.</param>
    public sealed record Request([property: Required, MaxLength(2048)] string? StepToken);

    /// <param name="OtpauthUri">What the QR code says.</param>
    /// <param name="Secret">The same for typing, in groups of four.</param>
    /// <param name="QrSvg">The QR code as an SVG image, drawn here: the secret goes to no other server.</param>
    public sealed record Response(string OtpauthUri, string Secret, string QrSvg);

    public static async Task<IResult> Handle(Request request, HttpContext http, Database database, StaffAccountRepository accounts, StepTokens steps)
    {
        if (await steps.ReadAsync(request.StepToken, SignInStep.EnrolTotp) is not { } claims) return IdentityRefusals.StepTokenInvalid.ToResult();
        return (await database.WriteAsync<Response>(async tx =>
        {
            if (await accounts.FindAsync(tx, claims.Subject) is not { Active: true } account || account.Version != claims.CredentialVersion || account.TotpSecret is not null)
                return IdentityRefusals.StepTokenInvalid;
            var secret = await accounts.BeginTotpAsync(tx, account);
            await tx.AuditAsync(Domain.Common.Actor.Staff(account.Id), "identity.enrol_totp", "staff", account.Id);
            var uri = Totp.EnrolmentUri(Issuer, account.UserName, secret);
            return new Response(uri, string.Join(' ', Totp.ToBase32(secret).Chunk(4).Select(group => new string(group))), QrCode.Svg(uri, 4));
        }, http.RequestAborted)).ToReply();
    }
}
