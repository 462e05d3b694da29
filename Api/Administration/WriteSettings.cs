using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Administration;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Administration;
using MicroPlatform.Infrastructure.Audit;

namespace MicroPlatform.Api.Administration;

/// <summary>What an administrator may set while the platform runs: few things, each with its limits.</summary>
/// <param name="Value">What counts now.</param>
/// <param name="Configured">What counts where nobody has set anything.</param>
/// <param name="Least">Of a number.</param>
/// <param name="Version">Give it back in <c>If-Match</c>; 0 where nobody has set anything.</param>
public sealed record SettingView(
    string Name, string Title, SettingKind Kind, string KindText, string Value, string Configured, int? Least, int? Most, int Version, DateTimeOffset? ChangedAt, string? ChangedByName)
{
    internal static SettingView Of(Setting s, Settings settings, SettingRow? row) => new(
        s.Name, s.Title, s.Kind, s.Kind.Label(), row?.Value ?? settings.Configured(s.Name), settings.Configured(s.Name), s.Least, s.Most, row?.Version ?? 0, row?.ChangedAt, row?.ChangedByName);
}

/// <summary>Everything that can be set while the platform runs, with what counts now.</summary>
public static class ListSettings
{
    private const string List = "setting-changes";

    public sealed record Response(IReadOnlyList<SettingView> Items);

    /// <param name="OldValue">Null: what is configured.</param>
    /// <param name="NewValue">Null: back to what is configured.</param>
    public sealed record Change(int Version, string? OldValue, string? NewValue, DateTimeOffset ChangedAt, string? ChangedByName);

    public static async Task<IResult> Handle(HttpContext http, Settings settings, SettingRepository repository)
    {
        var rows = await repository.ListAsync(http.RequestAborted);
        return Results.Json(new Response([.. settings.All.Select(s => SettingView.Of(s, settings, rows.GetValueOrDefault(s.Name)))]), WireJson.Options);
    }

    public static async Task<IResult> ChangesAsync(string name, string? cursor, int? limit, HttpContext http, Settings settings, SettingRepository repository, Cursors cursors)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var before = cursors.Read($"{List} {name}", cursor);
        if (before.IsRefused) return before.Refusal!.ToResult();
        if (settings.Find(name) is null) return CommonRefusals.NotFound.ToResult();
        var rows = await repository.ChangesAsync(name, before.Value is { } version ? int.Parse(version, CultureInfo.InvariantCulture) : null, count.Value + 1, http.RequestAborted);
        return Results.Json(
            Paging.Of(rows, count.Value, r => new Change(r.Version, r.OldValue, r.NewValue, r.ChangedAt, r.ChangedByName), r => cursors.Write($"{List} {name}", r.Version.ToString(CultureInfo.InvariantCulture))),
            WireJson.Options);
    }
}

/// <summary>Sets one thing, or gives it back to what is configured. This node goes by it at once, the others within five seconds. An earlier value is set by giving it again.</summary>
public static class WriteSetting
{
    /// <param name="Value">Null: back to what is configured.</param>
    public sealed record Request([property: MaxLength(Setting.MaxLength)] string? Value);

    public static Task<IResult> Handle(string name, Request request, bool? validateOnly, CurrentUser user, HttpContext http, DryRun runs, Settings settings) =>
        runs.RunAsync<SettingView>(http, StatusCodes.Status200OK, validateOnly, async tx =>
        {
            var version = IfMatch.Version(http);
            if (version.IsRefused) return version.Refusal!;
            if (settings.Find(name) is not { } setting) return CommonRefusals.NotFound;
            string? value = null;
            if (request.Value is not null)
            {
                var read = setting.Read(request.Value);
                if (read.IsRefused) return read.Refusal!;
                value = read.Value;
            }
            var now = await SettingRepository.FindAsync(tx, name);
            if ((now?.Version ?? 0) != version.Value || !await SettingRepository.TrySetAsync(tx, name, now?.Value, value, version.Value, user.Id)) return CommonRefusals.VersionMismatch;
            await tx.AuditAsync(user.Actor, "settings.set", "setting", name, $"{now?.Value ?? "configured"} -> {value ?? "configured"}");
            tx.AfterCommit(() => settings.FollowAsync(CancellationToken.None));
            return SettingView.Of(setting, settings, await SettingRepository.FindAsync(tx, name));
        });
}
