using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Registry;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Statistics;

namespace MicroPlatform.Api.Statistics;

/// <summary>The figures of the bureau's page: today, what waits and how long, how fast and how well it is answered, appointments, by day and by town. Clerks and heads see their units, administrators all.</summary>
public static class ReadDashboard
{
    private const int DefaultDays = 30;
    private const int MostDays = 366;
    private const string List = "dashboard";

    /// <param name="From">First day of the period.</param>
    public sealed record Response(DateTimeOffset At, DateOnly From, DateOnly Until, IReadOnlyList<GroupView> Groups, IReadOnlyList<DayView> Days, IReadOnlyList<TownView> Towns);

    public sealed record GroupView(string Name, string Title, IReadOnlyList<FigureView> Figures);

    /// <param name="Value">Null of nothing: an average or rate of none.</param>
    /// <param name="Unit">件, 个, 分钟, %.</param>
    /// <param name="Count">How many things it was counted from: the length of its list.</param>
    /// <param name="ItemsPath">Where its list is.</param>
    public sealed record FigureView(string Name, string Title, decimal? Value, string Unit, long Count, string ItemsPath);

    /// <param name="Answered">Of those opened that day, how many have been answered.</param>
    public sealed record DayView(DateOnly Day, long Opened, long Answered);

    /// <param name="Name">Null where the region is not in the table.</param>
    public sealed record TownView(string Code, string? Name, long Opened, long Closed);

    /// <param name="Label">Number of a matter, of a place in a queue or of a call, name of who is on duty, or what is owed to a caller.</param>
    /// <param name="At">Since when it waits, when it was opened, or when it begins.</param>
    public sealed record Item(string Id, FigureSource Kind, string KindText, string Label, string? StateText, string UnitName, DateTimeOffset At);

    public static async Task<IResult> Handle(int? days, string? townCode, CurrentUser user, HttpContext http, DashboardFigures figures, RegistryQueries registry, TimeProvider time)
    {
        var scope = await ScopeAsync(days, townCode, user, http, registry, time);
        if (scope.IsRefused) return scope.Refusal!.ToResult();
        var groups = new List<GroupView>();
        foreach (var group in figures.Groups)
        {
            var views = new List<FigureView>();
            foreach (var figure in group.Figures) views.Add(View(figure, await figures.ReadAsync(figure, scope.Value, http.RequestAborted), scope.Value));
            groups.Add(new GroupView(group.Name, group.Title, views));
        }
        var today = scope.Value.Now.DateInChina();
        var first = today.AddDays(1 - scope.Value.Days);
        var counted = (await figures.ByDayAsync(scope.Value, http.RequestAborted)).ToDictionary(d => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(d.Day).UtcDateTime));
        var towns = await figures.ByTownAsync(scope.Value, http.RequestAborted);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            new Response(
                scope.Value.Now, first, today, groups,
                [.. Enumerable.Range(0, scope.Value.Days).Select(first.AddDays).Select(d => new DayView(d, counted.GetValueOrDefault(d)?.Opened ?? 0, counted.GetValueOrDefault(d)?.Answered ?? 0))],
                [.. towns.Select(t => new TownView(t.Code, t.Name, t.Opened, t.Closed))]),
            WireJson.Options);
    }

    /// <summary>What a figure was counted from, newest first.</summary>
    public static async Task<IResult> ItemsAsync(
        string figure, int? days, string? townCode, string? cursor, int? limit, CurrentUser user, HttpContext http, DashboardFigures figures, RegistryQueries registry, Cursors cursors, TimeProvider time)
    {
        var count = Paging.Limit(limit);
        if (count.IsRefused) return count.Refusal!.ToResult();
        var before = cursors.Read($"{List} {figure}", cursor);
        if (before.IsRefused) return before.Refusal!.ToResult();
        if (figures.Find(figure) is not { } found) return CommonRefusals.NotFound.ToResult();
        var scope = await ScopeAsync(days, townCode, user, http, registry, time);
        if (scope.IsRefused) return scope.Refusal!.ToResult();
        var rows = await figures.ListAsync(found, scope.Value, before.Value, count.Value + 1, http.RequestAborted);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(Paging.Of(rows, count.Value, r => Of(found.Of.Kind, r), r => cursors.Write($"{List} {figure}", r.Id)), WireJson.Options);
    }

    private static async Task<Outcome<FigureScope>> ScopeAsync(int? days, string? townCode, CurrentUser user, HttpContext http, RegistryQueries registry, TimeProvider time)
    {
        if (days is < 1 or > MostDays) return CommonRefusals.Invalid.At("days", $"应为1到{MostDays}");
        var town = RegionCodes.Read(townCode, "townCode");
        if (town.IsRefused) return town.Refusal!;
        var paths = user.Is(Role.Administrator) ? null : (await registry.ScopeAsync(user.Id, http.RequestAborted)).DirectedPaths;
        return new FigureScope(paths, DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()), days ?? DefaultDays, town.Value);
    }

    private static FigureView View(Figure figure, FigureValue value, FigureScope scope)
    {
        decimal? shown = figure.Part is not null ? Rate.Percent((int)value.Part, (int)value.Count)
            : figure.Average is null ? value.Count
            : value.Average is { } average ? Math.Round(decimal.Parse(average, NumberStyles.Float, CultureInfo.InvariantCulture), 1, MidpointRounding.AwayFromZero) : null;
        var town = scope.TownCode is null ? "" : $"&townCode={scope.TownCode}";
        return new FigureView(figure.Name, figure.Title, shown, figure.Unit, value.Count, $"/v1/staff/dashboard/{figure.Name}/items?days={scope.Days}{town}");
    }

    private static Item Of(FigureSource kind, FigureItemRow r) => new(
        r.Id, kind, kind.Label(),
        kind switch
        {
            FigureSource.Shift or FigureSource.Ticket or FigureSource.HotlineCall => r.Label,
            FigureSource.HotlineTask => Enum.Parse<HotlineTaskKind>(r.Label).Label(),
            _ => MatterNumber.Display(r.Label),
        },
        kind switch
        {
            FigureSource.Matter => Enum.Parse<MatterStatus>(r.State).Label(),
            FigureSource.Appointment => Enum.Parse<AppointmentState>(r.State).Label(),
            FigureSource.Ticket => Enum.Parse<TicketState>(r.State).Label(),
            FigureSource.Call => Enum.Parse<CallState>(r.State).Label(),
            FigureSource.HotlineTicket => Enum.Parse<HotlineTicketState>(r.State).Label(),
            FigureSource.HotlineCall => Enum.Parse<CallResult>(r.State).Label(),
            FigureSource.HotlineTask => Enum.Parse<HotlineTaskState>(r.State).Label(),
            _ => null,
        },
        r.OrganisationName, r.At);
}

public static class FigureLabels
{
    public static string Label(this FigureSource kind) => kind switch
    {
        FigureSource.Matter => "事项",
        FigureSource.Appointment => "预约",
        FigureSource.Shift => "班次",
        FigureSource.Ticket => "排队号",
        FigureSource.Call => "视频咨询",
        FigureSource.HotlineTicket => "热线工单",
        FigureSource.HotlineCall => "热线来电",
        FigureSource.HotlineTask => "热线回拨回访",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
