using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Consultations;

/// <summary>One's own canned answers and those of one's units and the units above; of one category when asked, with the general ones.</summary>
public static class ListCannedAnswers
{
    private const string List = "canned-answers";

    public static async Task<IResult> Handle(
        string? categoryCode, string? cursor, int? limit, CurrentUser user, HttpContext http, CannedAnswerRepository answers, RegistryQueries registry, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var after = cursors.Read(List, cursor);
        if (after.IsRefused) return after.Refusal!.ToResult();
        var scope = await registry.ScopeAsync(user.Id, http.RequestAborted);
        var rows = await answers.VisibleAsync(user.Id, scope, string.IsNullOrEmpty(categoryCode) ? null : categoryCode, after.Value ?? "", count.Value + 1, http.RequestAborted);
        return Results.Json(Paging.Of(rows, count.Value, a => CannedAnswerView.Of(a, user.Id), a => cursors.Write(List, a.Id)), WireJson.Options);
    }
}

/// <summary>A text to answer with.</summary>
/// <param name="OrganisationId">The unit it belongs to; null when it is personal.</param>
/// <param name="Mine">It is the caller's own.</param>
/// <param name="Version">Give it back in <c>If-Match</c> when editing.</param>
public sealed record CannedAnswerView(
    string Id, string? OrganisationId, string? UnitName, bool Mine, string? CategoryCode, string? CategoryName, string Title, string Text, DateTimeOffset UpdatedAt, int Version)
{
    public static CannedAnswerView Of(CannedAnswerRow a, string callerId) =>
        new(a.Id, a.OrganisationId, a.OrganisationName, a.StaffId == callerId, a.CategoryCode, a.CategoryName, a.Title, a.Text, a.UpdatedAt, a.Version);
}
