using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Api.Consultations;

/// <summary>One's own consultation. Answers 304 to a matching <c>If-None-Match</c>.</summary>
public static class GetConsultation
{
    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, ConsultationQueries queries) =>
        Id.IsWellFormed(id) && await queries.HeadAsync(id, http.RequestAborted) is { } head && head.CitizenId == user.Id
            ? Etags.Conditional(http, $"{head.Id}-{head.Version}{(head.Rated ? "r" : "")}", ConsultationView.Of(head))
            : CommonRefusals.NotFound.ToResult();
}
