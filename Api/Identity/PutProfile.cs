using System.ComponentModel.DataAnnotations;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// What a citizen tells about themselves. Whole: what is left out is taken away, except the national id, which comes back masked and is
/// kept when the masked form is sent.
/// </summary>
public static class PutProfile
{
    /// <param name="NationalId">18 characters; only needed for legal aid and the like. Null takes it away.</param>
    public sealed record Request(
        [property: MaxLength(PersonName.MaxLength)] string? Name, [property: MaxLength(40)] string? NationalId, [property: MaxLength(200)] string? Address,
        [property: MaxLength(96)] string? RegionCode);

    public static async Task<IResult> Handle(Request request, CurrentUser user, HttpContext http, Database database, CitizenRepository citizens, TimeProvider time)
    {
        var today = time.GetUtcNow().DateInChina();
        return (await database.WriteAsync<MeView>(async tx =>
        {
            if (await citizens.FindAsync(tx, user.Id) is not { RestrictedAt: null } citizen) return IdentityRefusals.SessionRevoked;
            PersonName? name = null;
            if (!string.IsNullOrWhiteSpace(request.Name) && !PersonName.TryParse(request.Name, out name)) return CommonRefusals.Invalid.At("name", "请填写真实姓名");
            NationalId? nationalId = null;
            if (request.NationalId == citizen.NationalId?.ToString()) nationalId = citizen.NationalId;
            else if (!string.IsNullOrWhiteSpace(request.NationalId) && !NationalId.TryParse(request.NationalId, today, out nationalId))
                return CommonRefusals.Invalid.At("nationalId", "身份证号有误，请核对");
            var address = Text.CleanOptional(request.Address, "address", 200);
            if (address.IsRefused) return address.Refusal!;
            if (request.RegionCode is not null && await MatterCodes.RegionAsync(tx, request.RegionCode) is null) return CommonRefusals.Invalid.At("regionCode", "没有这个地区");
            citizen.Introduce(name, nationalId, address.Value, request.RegionCode);
            var saved = await citizens.SaveAsync(tx, citizen);
            if (saved.IsRefused) return saved.Refusal!;
            await tx.AuditAsync(user.Actor, "identity.profile", "citizen", user.Id);
            return await MeView.OfAsync(tx, (await citizens.FindAsync(tx, user.Id))!);
        }, http.RequestAborted)).ToReply();
    }
}
