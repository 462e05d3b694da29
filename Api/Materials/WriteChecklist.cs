using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Materials;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Materials;

/// <summary>The administrator edits what is asked for on which matters. Codes never change and nothing is deleted: materials carry them.</summary>
public static class WriteChecklist
{
    /// <param name="CategoryCode">A group of two digits or a kind of four; absent: asked for on every matter.</param>
    /// <param name="ChoiceGroup">Items of one group stand for each other.</param>
    /// <param name="Position">Order on the screen.</param>
    public sealed record Request(
        [property: RegularExpression(Category.CodePattern)] string? CategoryCode, [property: Required, MaxLength(ChecklistItem.MaxName)] string? Name, bool Required,
        [property: RegularExpression(ChecklistItem.CodePattern), MaxLength(40)] string? ChoiceGroup, [property: MaxLength(ChecklistItem.MaxHint)] string? Hint, [property: Range(0, 100_000)] int Position);

    /// <param name="Code">Small letters, digits and hyphens; never changes.</param>
    public sealed record AddRequest(
        [property: Required, RegularExpression(ChecklistItem.CodePattern), MaxLength(40)] string? Code, [property: RegularExpression(Category.CodePattern)] string? CategoryCode,
        [property: Required, MaxLength(ChecklistItem.MaxName)] string? Name, bool Required, [property: RegularExpression(ChecklistItem.CodePattern), MaxLength(40)] string? ChoiceGroup,
        [property: MaxLength(ChecklistItem.MaxHint)] string? Hint, [property: Range(0, 100_000)] int Position);

    public sealed record Response(IReadOnlyList<ChecklistItemView> Items);

    public static async Task<IResult> ListAsync(HttpContext http, ChecklistRepository lists) =>
        Results.Json(new Response([.. (await lists.AllAsync(http.RequestAborted)).Select(ChecklistItemView.Of)]), WireJson.Options);

    public static Task<IResult> AddAsync(AddRequest r, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, ChecklistRepository lists) =>
        runs.RunAsync<ChecklistItemView>(http, StatusCodes.Status201Created, validateOnly, async tx =>
        {
            var item = await CleanAsync(tx, new ChecklistItem(r.Code!, r.CategoryCode, r.Name!, r.Required, r.ChoiceGroup, r.Hint, r.Position, Active: true, Version: 1));
            if (item.IsRefused) return item.Refusal!;
            if (!await lists.TryInsertAsync(tx, item.Value)) return MaterialRefusals.ItemCodeTaken;
            return await ReplyAsync(tx, lists, item.Value.Code, user, "checklists.add");
        });

    public static Task<IResult> EditAsync(string code, Request r, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, ChecklistRepository lists) =>
        ChangeAsync(code, validateOnly, user, http, runs, lists, "checklists.edit", (tx, item) =>
            CleanAsync(tx, item with { CategoryCode = r.CategoryCode, Name = r.Name!, Required = r.Required, ChoiceGroup = r.ChoiceGroup, Hint = r.Hint, Position = r.Position }));

    public static Task<IResult> DeactivateAsync(string code, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, ChecklistRepository lists) =>
        ChangeAsync(code, validateOnly, user, http, runs, lists, "checklists.deactivate", (_, item) => Task.FromResult<Outcome<ChecklistItem>>(item with { Active = false }));

    public static Task<IResult> ActivateAsync(string code, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, ChecklistRepository lists) =>
        ChangeAsync(code, validateOnly, user, http, runs, lists, "checklists.activate", (_, item) => Task.FromResult<Outcome<ChecklistItem>>(item with { Active = true }));

    private static Task<IResult> ChangeAsync(
        string code, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, ChecklistRepository lists, string action, Func<UnitOfWork, ChecklistItem, Task<Outcome<ChecklistItem>>> change) =>
        runs.RunAsync<ChecklistItemView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            if (await lists.FindAsync(tx, code) is not { } item) return CommonRefusals.NotFound;
            if (item.Version != version.Value) return CommonRefusals.VersionMismatch;
            var changed = await change(tx, item);
            if (changed.IsRefused) return changed.Refusal!;
            return await ChecklistRepository.TrySaveAsync(tx, changed.Value) ? await ReplyAsync(tx, lists, code, user, action) : CommonRefusals.VersionMismatch;
        });

    private static async Task<Outcome<ChecklistItem>> CleanAsync(UnitOfWork tx, ChecklistItem item)
    {
        var name = Text.Clean(item.Name, "name", ChecklistItem.MaxName);
        if (name.IsRefused) return name.Refusal!;
        var hint = Text.CleanOptional(item.Hint, "hint", ChecklistItem.MaxHint);
        if (hint.IsRefused) return hint.Refusal!;
        if (item.CategoryCode is not null && await MatterCodes.CategoryAsync(tx, item.CategoryCode) is null) return MatterRefusals.UnknownCategory;
        return item with { Name = name.Value, Hint = hint.Value };
    }

    private static async Task<ChecklistItemView> ReplyAsync(UnitOfWork tx, ChecklistRepository lists, string code, CurrentUser user, string action)
    {
        await tx.AuditAsync(user.Actor, action, "checklist-item", code);
        return ChecklistItemView.Of((await lists.FindAsync(tx, code))!);
    }
}
