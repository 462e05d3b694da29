using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>A clerk has seen the identity card of somebody whose number another account holds: that account loses the number, nothing else.</summary>
public static class ReleasePhone
{
    /// <param name="Reason">What was checked, for the audit trail, e.g. “已核验身份证与运营商实名信息”.</param>
    public sealed record Request([property: Required, MaxLength(40)] string? Phone, [property: Required, MinLength(4), MaxLength(200)] string? Reason);

    public sealed record Response(bool Released);

    public static async Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, Database database, CitizenRepository citizens)
    {
        if (!PhoneNumber.TryParse(request.Phone, out var phone)) return CommonRefusals.Invalid.At("phone", "请输入有效的手机号").ToResult();
        return (await database.WriteAsync<Response>(async tx =>
        {
            // Whether a number is held is personal too, so the question leaves a trace whatever the answer.
            if (await citizens.FindByPhoneAsync(tx, phone) is not { } holder)
            {
                await tx.AuditAsync(user.Actor, "identity.release_phone", "phone", "not-held");
                return new Response(false);
            }
            holder.ReleasePhone();
            var saved = await citizens.SaveAsync(tx, holder);
            if (saved.IsRefused) return saved.Refusal!;
            await tx.AuditAsync(user.Actor, "identity.release_phone", "citizen", holder.Id, request.Reason);
            return new Response(true);
        }, http.RequestAborted)).ToReply();
    }
}
