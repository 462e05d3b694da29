using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Appointments;

/// <summary>An appointment of one's units or of one's own. Answers 304 to a matching <c>If-None-Match</c>.</summary>
public static class GetStaffAppointment
{
    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, AppointmentQueries queries, RegistryQueries registry, TimeProvider time)
    {
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } row) return CommonRefusals.NotFound.ToResult();
        var scope = await registry.ScopeAsync(user.Id, http.RequestAborted);
        if (row.StaffId != user.Id && !scope.Covers(row.OrganisationPath)) return CommonRefusals.NotFound.ToResult();
        var view = StaffAppointmentView.Of(row, user.Id, scope, time.GetUtcNow());
        return Etags.Conditional(http, $"{id}-{row.Version}-{view.Marks}", view);
    }
}
