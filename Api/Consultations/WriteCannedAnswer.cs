using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Consultations;

/// <summary>Adds, edits and removes canned answers: one's own, or as clerk or head those of a unit. Others' personal ones are not there.</summary>
public static class WriteCannedAnswer
{
    /// <param name="OrganisationId">A unit one directs; absent makes a personal one.</param>
    /// <param name="CategoryCode">What it is about; absent for anything.</param>
    public sealed record AddRequest(
        [property: MaxLength(Id.Length)] string? OrganisationId, [property: MaxLength(96)] string? CategoryCode,
        [property: Required, MaxLength(CannedAnswer.MaxTitle)] string? Title, [property: Required, MaxLength(Consultation.MaxText)] string? Text);

    public sealed record EditRequest(
        [property: MaxLength(96)] string? CategoryCode,
        [property: Required, MaxLength(CannedAnswer.MaxTitle)] string? Title, [property: Required, MaxLength(Consultation.MaxText)] string? Text);

    public static Task<IResult> AddAsync(AddRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, CannedAnswerRepository answers) =>
        idempotency.RunAsync<CannedAnswerView>(http, StatusCodes.Status201Created, async tx =>
        {
            if (request.OrganisationId is { } unitId)
            {
                var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
                if (await RegistryQueries.UnitAsync(tx, unitId) is not { } unit || !scope.Covers(unit.Path)) return CommonRefusals.NotFound;
                if (!scope.Directs(unit.Path)) return CommonRefusals.Forbidden;
            }
            var clean = await CleanAsync(tx, new CannedAnswer(tx.NewId(), request.OrganisationId, request.OrganisationId is null ? user.Id : null, null, "", "", 1), request.CategoryCode, request.Title, request.Text);
            if (clean.IsRefused) return clean.Refusal!;
            await answers.InsertAsync(tx, clean.Value, user.Id);
            await tx.AuditAsync(user.Actor, "canned-answers.add", "canned_answer", clean.Value.Id);
            return CannedAnswerView.Of((await answers.FindAsync(tx, clean.Value.Id))!, user.Id);
        });

    public static Task<IResult> EditAsync(string id, EditRequest request, CurrentUser user, HttpContext http, Idempotency idempotency, CannedAnswerRepository answers) =>
        idempotency.RunAsync<CannedAnswerView>(http, StatusCodes.Status200OK, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            var found = await FindAsync(tx, id, user, answers);
            if (found.IsRefused) return found.Refusal!;
            var (row, was) = (found.Value, found.Value.Version);
            var clean = await CleanAsync(tx, new CannedAnswer(id, row.OrganisationId, row.StaffId, null, "", "", version.Value), request.CategoryCode, request.Title, request.Text);
            if (clean.IsRefused) return clean.Refusal!;
            if (was != version.Value || !await answers.TryUpdateAsync(tx, clean.Value, user.Id)) return CommonRefusals.VersionMismatch;
            await tx.AuditAsync(user.Actor, "canned-answers.edit", "canned_answer", id);
            return CannedAnswerView.Of((await answers.FindAsync(tx, id))!, user.Id);
        });

    /// <summary>Answers what it was.</summary>
    public static Task<IResult> RemoveAsync(string id, CurrentUser user, HttpContext http, Idempotency idempotency, CannedAnswerRepository answers) =>
        idempotency.RunAsync<CannedAnswerView>(http, StatusCodes.Status200OK, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            var found = await FindAsync(tx, id, user, answers);
            if (found.IsRefused) return found.Refusal!;
            if (!await answers.TryDeleteAsync(tx, id, version.Value)) return CommonRefusals.VersionMismatch;
            await tx.AuditAsync(user.Actor, "canned-answers.remove", "canned_answer", id);
            return CannedAnswerView.Of(found.Value, user.Id);
        });

    /// <summary>One that the caller may change: their own, or of a unit they direct. What they cannot even see is not there.</summary>
    private static async Task<Outcome<CannedAnswerRow>> FindAsync(UnitOfWork tx, string id, CurrentUser user, CannedAnswerRepository answers)
    {
        if (!Id.IsWellFormed(id) || await answers.FindAsync(tx, id) is not { } row) return CommonRefusals.NotFound;
        if (row.StaffId == user.Id) return row;
        if (row.OrganisationPath is not { } path) return CommonRefusals.NotFound;
        var scope = await RegistryQueries.ScopeAsync(tx, user.Id);
        if (scope.Directs(path)) return row;
        return scope.Covers(path) || scope.Paths.Any(p => p.StartsWith(path, StringComparison.Ordinal)) ? CommonRefusals.Forbidden : CommonRefusals.NotFound;
    }

    private static async Task<Outcome<CannedAnswer>> CleanAsync(UnitOfWork tx, CannedAnswer bare, string? categoryCode, string? title, string? text)
    {
        var cleanTitle = Text.Clean(title, "title", CannedAnswer.MaxTitle);
        if (cleanTitle.IsRefused) return cleanTitle.Refusal!;
        var cleanText = Text.Clean(text, "text", Consultation.MaxText);
        if (cleanText.IsRefused) return cleanText.Refusal!;
        if (categoryCode is not null && await MatterCodes.CategoryAsync(tx, categoryCode) is null) return MatterRefusals.UnknownCategory;
        return bare with { CategoryCode = categoryCode, Title = cleanTitle.Value, Text = cleanText.Value };
    }
}
