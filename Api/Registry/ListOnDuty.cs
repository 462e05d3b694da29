using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>Who is on duty now for one of the caller's units.</summary>
public static class ListOnDuty
{
    public sealed record Response(IReadOnlyList<ShiftView> Items);

    public static async Task<IResult> Handle(string? organisationId, CurrentUser user, HttpContext http, DutyQueries duty, RegistryQueries registry, TimeProvider time)
    {
        if (!Id.IsWellFormed(organisationId)) return CommonRefusals.Invalid.At("organisationId", "请选择单位").ToResult();
        if (!await registry.InScopeAsync(user.Id, organisationId!, http.RequestAborted)) return CommonRefusals.NotFound.ToResult();
        var rows = await duty.OnDutyAsync(organisationId!, time.GetUtcNow(), http.RequestAborted);
        return Results.Json(new Response([.. rows.Select(ShiftView.Of)]), WireJson.Options);
    }
}
