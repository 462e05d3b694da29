using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Administration;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Matters;

/// <summary>The administrator edits the table of categories. Codes never change and nothing is deleted: matters carry them.</summary>
public static class WriteCategory
{
    /// <summary>What an administrator may set.</summary>
    /// <param name="LegalAidItem">Item of 法律援助法 art. 31, 1 to 9.</param>
    /// <param name="ExternalCode">Code of the same category in the system reported to; unique.</param>
    public sealed record Request(
        [property: Required, MaxLength(Category.MaxName)] string? Name, [property: Range(1, 9)] int? LegalAidItem, bool HardshipExempt, bool Mediable, bool Confirmable,
        [property: RegularExpression("^[A-Za-z0-9._-]{1,40}$")] string? ExternalCode);

    /// <param name="Code">Two digits for a group, four for a kind under it.</param>
    public sealed record AddRequest(
        [property: Required, RegularExpression(Category.CodePattern)] string? Code, [property: Required, MaxLength(Category.MaxName)] string? Name,
        [property: Range(1, 9)] int? LegalAidItem, bool HardshipExempt, bool Mediable, bool Confirmable, [property: RegularExpression("^[A-Za-z0-9._-]{1,40}$")] string? ExternalCode);

    public static Task<IResult> AddAsync(AddRequest request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, CategoryRepository categories) =>
        runs.RunAsync(http, StatusCodes.Status201Created, validateOnly, tx => CarryOutAddAsync(tx, user.Actor, request, categories));

    public static Task<IResult> EditAsync(string code, Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, CategoryRepository categories) =>
        ChangeAsync(http, validateOnly, runs, (tx, version) => CarryOutEditAsync(tx, user.Actor, code, version, request, categories));

    public static async Task<IResult> DeactivateAsync(string code, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, SecondAdministrator second, CategoryRepository categories) =>
        await second.DemandedAsync(validateOnly, http.RequestAborted) is { } no ? no.ToResult()
            : await ChangeAsync(http, validateOnly, runs, (tx, version) => CarryOutDeactivateAsync(tx, user.Actor, code, version, categories));

    public static Task<IResult> ActivateAsync(string code, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, CategoryRepository categories) =>
        ChangeAsync(http, validateOnly, runs, (tx, version) => CarryOutActivateAsync(tx, user.Actor, code, version, categories));

    internal static async Task<Outcome<CategoryView>> CarryOutAddAsync(UnitOfWork tx, Actor actor, AddRequest request, CategoryRepository categories)
    {
        var name = Text.Clean(request.Name, "name", Category.MaxName);
        if (name.IsRefused) return name.Refusal!;
        var parent = Category.ParentOf(request.Code!);
        if (parent is not null && await categories.FindAsync(tx, parent) is not { Active: true }) return MatterRefusals.CategoryParentUnknown;
        if (await categories.FindAsync(tx, request.Code!) is not null) return MatterRefusals.CategoryCodeTaken;
        var added = new Category(
            request.Code!, parent, name.Value, request.LegalAidItem, request.HardshipExempt, request.Mediable, request.Confirmable, request.ExternalCode, Active: true, Version: 1);
        if (!await categories.TryInsertAsync(tx, added)) return MatterRefusals.CategoryExternalCodeTaken;
        return await ReplyAsync(tx, categories, added, actor, "categories.add");
    }

    internal static Task<Outcome<CategoryView>> CarryOutEditAsync(UnitOfWork tx, Actor actor, string code, int version, Request request, CategoryRepository categories) =>
        SaveAsync(tx, actor, code, version, categories, "categories.edit", category =>
        {
            var name = Text.Clean(request.Name, "name", Category.MaxName);
            return Task.FromResult<Outcome<Category>>(name.IsRefused ? name.Refusal! : category with
            {
                Name = name.Value, LegalAidItem = request.LegalAidItem, HardshipExempt = request.HardshipExempt, Mediable = request.Mediable,
                Confirmable = request.Confirmable, ExternalCode = request.ExternalCode,
            });
        });

    internal static Task<Outcome<CategoryView>> CarryOutDeactivateAsync(UnitOfWork tx, Actor actor, string code, int version, CategoryRepository categories) =>
        SaveAsync(tx, actor, code, version, categories, "categories.deactivate", async category => category.Deactivate(await categories.HasActiveChildrenAsync(tx, code)));

    internal static Task<Outcome<CategoryView>> CarryOutActivateAsync(UnitOfWork tx, Actor actor, string code, int version, CategoryRepository categories) =>
        SaveAsync(tx, actor, code, version, categories, "categories.activate",
            async category => category.Activate(category.ParentCode is null || await categories.FindAsync(tx, category.ParentCode) is { Active: true }));

    private static Task<IResult> ChangeAsync(HttpContext http, bool? validateOnly, DryRun runs, Func<UnitOfWork, int, Task<Outcome<CategoryView>>> change) =>
        runs.RunAsync<CategoryView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var version = IfMatch.Version(http);
            return version.IsRefused ? version.Refusal! : await change(tx, version.Value);
        });

    private static async Task<Outcome<CategoryView>> SaveAsync(
        UnitOfWork tx, Actor actor, string code, int version, CategoryRepository categories, string action, Func<Category, Task<Outcome<Category>>> change)
    {
        if (await categories.FindAsync(tx, code) is not { } category) return CommonRefusals.NotFound;
        if (category.Version != version) return CommonRefusals.VersionMismatch;
        var changed = await change(category);
        if (changed.IsRefused) return changed.Refusal!;
        return await categories.SaveAsync(tx, changed.Value) switch
        {
            CategorySaved.ExternalCodeTaken => MatterRefusals.CategoryExternalCodeTaken,
            CategorySaved.OtherVersion => CommonRefusals.VersionMismatch,
            _ => await ReplyAsync(tx, categories, changed.Value, actor, action),
        };
    }

    private static async Task<CategoryView> ReplyAsync(UnitOfWork tx, CategoryRepository categories, Category category, Actor actor, string action)
    {
        await tx.AuditAsync(actor, action, "category", category.Code);
        return CategoryView.Of((await categories.FindAsync(tx, category.Code))!);
    }
}
