using System.ComponentModel.DataAnnotations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>What the public reads of a staff member: their own languages, introduction and first year they write themselves; an administrator also title and specialities.</summary>
public static class WriteProfile
{
    /// <param name="Languages">Up to ten, as people call them: 普通话, 手语.</param>
    /// <param name="PractisingSince">Year.</param>
    public sealed record Request(
        [property: Required, MaxLength(StaffProfile.MaxLanguages)] IReadOnlyList<string>? Languages, [property: MaxLength(StaffProfile.MaxIntroduction)] string? Introduction, int? PractisingSince);

    /// <param name="Specialities">Codes of groups of legal matters, in the order of importance.</param>
    public sealed record AdminRequest(
        [property: MaxLength(StaffProfile.MaxTitle)] string? Title, [property: Required, MaxLength(StaffProfile.MaxSpecialities)] IReadOnlyList<string>? Specialities,
        [property: Required, MaxLength(StaffProfile.MaxLanguages)] IReadOnlyList<string>? Languages, [property: MaxLength(StaffProfile.MaxIntroduction)] string? Introduction, int? PractisingSince);

    /// <param name="Version">Give it back in <c>If-Match</c> when changing.</param>
    public sealed record Response(
        string StaffId, string Name, string? Title, IReadOnlyList<string> Specialities, IReadOnlyList<string> Languages, string? Introduction, int? PractisingSince, int Version)
    {
        public static Response Of(StaffProfile p) => new(p.StaffId, p.Name, p.Title, p.Specialities, p.Languages, p.Introduction, p.PractisingSince, p.Version);
    }

    public static Task<IResult> GetMineAsync(CurrentUser user, HttpContext http, ProfileRepository profiles) => GetAsync(user.Id, http, profiles);

    public static async Task<IResult> GetAsync(string id, HttpContext http, ProfileRepository profiles) =>
        Id.IsWellFormed(id) && await profiles.FindAsync(id, http.RequestAborted) is { } found ? Etags.Conditional(http, $"{found.Version}", Response.Of(found)) : CommonRefusals.NotFound.ToResult();

    public static Task<IResult> PutMineAsync(Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        runs.RunAsync<Response>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var profile = Seen(http, await ProfileRepository.FindAsync(tx, user.Id));
            if (profile.IsRefused) return profile.Refusal!;
            return await SaveAsync(profile.Value.Introduce(Texts(request.Languages), request.Introduction, request.PractisingSince, tx.Now.InChina().Year), tx, user);
        });

    public static Task<IResult> PutAsync(string id, AdminRequest request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs) =>
        runs.RunAsync<Response>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var profile = Seen(http, Id.IsWellFormed(id) ? await ProfileRepository.FindAsync(tx, id) : null);
            if (profile.IsRefused) return profile.Refusal!;
            var title = Text.CleanOptional(request.Title, "title", StaffProfile.MaxTitle);
            if (title.IsRefused) return title.Refusal!;
            var specialities = Texts(request.Specialities).Distinct(StringComparer.Ordinal).ToList();
            if (!(await ProfileRepository.GroupsAsync(tx, specialities)).SetEquals(specialities)) return CommonRefusals.Invalid.At("specialities", "没有这个问题类别");
            var changed = profile.Value with { Title = title.Value, Specialities = specialities };
            return await SaveAsync(changed.Introduce(Texts(request.Languages), request.Introduction, request.PractisingSince, tx.Now.InChina().Year), tx, user);
        });

    private static Outcome<StaffProfile> Seen(HttpContext http, StaffProfile? found)
    {
        var version = IfMatch.Version(http);
        if (version.IsRefused) return version.Refusal!;
        if (found is null) return CommonRefusals.NotFound;
        return found.Version == version.Value ? found : CommonRefusals.VersionMismatch;
    }

    private static async Task<Outcome<Response>> SaveAsync(Outcome<StaffProfile> changed, Infrastructure.Sql.UnitOfWork tx, CurrentUser user)
    {
        if (changed.IsRefused) return changed.Refusal!;
        if (!await ProfileRepository.SaveAsync(tx, changed.Value)) return CommonRefusals.VersionMismatch;
        await tx.AuditAsync(user.Actor, "registry.profile", "staff", changed.Value.StaffId);
        return Response.Of((await ProfileRepository.FindAsync(tx, changed.Value.StaffId))!);
    }

    /// <summary>JSON may hold nulls where the type says there are none.</summary>
    private static IReadOnlyList<string> Texts(IReadOnlyList<string>? texts) => [.. (texts ?? []).Select(t => t ?? "")];
}
