using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Matters;

namespace MicroPlatform.Api.Matters;

/// <summary>What has happened to one's own matter, oldest first; only what is public.</summary>
public static class ReadTimeline
{
    public sealed record Response(IReadOnlyList<Entry> Items);

    /// <param name="Kind">Stable word for programs.</param>
    /// <param name="Text">Chinese, to be shown.</param>
    public sealed record Entry(string Kind, string Text, DateTimeOffset At);

    public static async Task<IResult> Handle(string id, CurrentUser user, HttpContext http, MatterQueries queries)
    {
        if (!Id.IsWellFormed(id) || await queries.FindAsync(id, http.RequestAborted) is not { } matter || matter.CitizenId != user.Id) return CommonRefusals.NotFound.ToResult();
        var rows = await queries.TimelineAsync(id, publicOnly: true, http.RequestAborted);
        return Etags.Conditional(http, $"{id}-{matter.Version}-t", new Response([.. rows.Select(r => new Entry(r.Kind, r.Text, r.At))]));
    }
}
