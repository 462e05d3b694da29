using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>One's own appointment. Answers 304 to a matching <c>If-None-Match</c>.</summary>
public static class GetAppointment
{
    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, AppointmentQueries queries) =>
        Id.IsWellFormed(id) && await queries.FindAsync(id, http.RequestAborted) is { } row && row.CitizenId == user.Id
            ? Etags.Conditional(http, $"{id}-{row.Version}", AppointmentView.Of(row))
            : CommonRefusals.NotFound.ToResult();
}
