using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Matters;

namespace MicroPlatform.Api.Matters;

/// <summary>One's own matter. Answers 304 to a matching <c>If-None-Match</c>.</summary>
public static class GetMatter
{
    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, MatterQueries queries) =>
        Id.IsWellFormed(id) && await queries.FindAsync(id, http.RequestAborted) is { } matter && matter.CitizenId == user.Id
            ? Etags.Conditional(http, $"{matter.Id}-{matter.Version}-{matter.Score}", MatterView.Of(matter))
            : CommonRefusals.NotFound.ToResult();
}
