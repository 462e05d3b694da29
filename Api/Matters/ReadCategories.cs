using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Matters;

namespace MicroPlatform.Api.Matters;

/// <summary>The whole table, for the administrator: also what is out of choice.</summary>
public static class ReadCategories
{
    /// <param name="Items">By code: each group before what stands under it.</param>
    public sealed record Response(IReadOnlyList<CategoryView> Items);

    public static async Task<IResult> ListAsync(CategoryRepository categories, CancellationToken cancel) =>
        Results.Json(new Response([.. (await categories.ListAsync(cancel)).Select(CategoryView.Of)]), WireJson.Options);

    public static async Task<IResult> GetAsync(string code, HttpContext http, CategoryRepository categories) =>
        (await categories.ListAsync(http.RequestAborted)).Find(c => c.Code == code) is { } found
            ? Etags.Conditional(http, $"{found.Version}", CategoryView.Of(found))
            : CommonRefusals.NotFound.ToResult();
}

/// <summary>A category of legal matters.</summary>
/// <param name="LegalAidItem">Item of 法律援助法 art. 31; null: none.</param>
/// <param name="HardshipExempt">Aid without a hardship test (art. 32).</param>
/// <param name="Confirmable">An agreement on it may be confirmed by the court.</param>
/// <param name="ExternalCode">Code of the same category in the system reported to.</param>
/// <param name="Version">Give it back in <c>If-Match</c> when editing.</param>
public sealed record CategoryView(
    string Code, string? ParentCode, string Name, int? LegalAidItem, bool HardshipExempt, bool Mediable, bool Confirmable, string? ExternalCode, bool Active, int Version)
{
    public static CategoryView Of(Category c) =>
        new(c.Code, c.ParentCode, c.Name, c.LegalAidItem, c.HardshipExempt, c.Mediable, c.Confirmable, c.ExternalCode, c.Active, c.Version);
}
