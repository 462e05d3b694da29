using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Statistics;

/// <summary>What sort of thing a figure counts; its list shows these.</summary>
public enum FigureSource
{
    /// <summary>事项</summary>
    Matter,
    /// <summary>预约</summary>
    Appointment,
    /// <summary>班次</summary>
    Shift,
    /// <summary>排队号</summary>
    Ticket,
    /// <summary>视频咨询</summary>
    Call,
    /// <summary>热线工单</summary>
    HotlineTicket,
    /// <summary>热线来电</summary>
    HotlineCall,
    /// <summary>热线回拨回访</summary>
    HotlineTask,
}

/// <summary>For whom figures are counted, and when.</summary>
/// <param name="Paths">Units with everything below them; null: everywhere.</param>
/// <param name="Now">In whole milliseconds.</param>
/// <param name="Days">How far back the period reaches.</param>
/// <param name="TownCode">Only units of this town and its villages; null: all.</param>
public sealed record FigureScope(IReadOnlyList<string>? Paths, DateTimeOffset Now, int Days, string? TownCode = null);

/// <summary>
/// The figures of the bureau's page, counted when they are asked for. What waits is a range of an index per unit, what was opened in a period a range of ids, so the cost is that of the
/// units and the period, never that of everything stored.
/// </summary>
public sealed partial class DashboardFigures
{
    private const string Unit = "organisations o";

    private static readonly Source Matters = new(FigureSource.Matter, "m.id", """
        matters m JOIN organisations o ON o.id = m.organisation_id LEFT JOIN consultations c ON c.matter_id = m.id LEFT JOIN ratings g ON g.matter_id = m.id
        """, "m.region_code", "m.number", "m.status", "m.opened_at");

    /// <summary>By unit, so that the range of those that wait is read and nothing else.</summary>
    private static readonly Source WaitingMatters = Matters with
    {
        From = $"{Unit} JOIN matters m {{index ix_matters_unit_waiting}} ON m.organisation_id = o.id AND m.waiting_since > 0 LEFT JOIN consultations c ON c.matter_id = m.id LEFT JOIN ratings g ON g.matter_id = m.id",
        At = "m.waiting_since",
    };

    private static readonly Source Appointments = new(
        FigureSource.Appointment, "a.id", $"{Unit} JOIN appointments a {{index ix_appointments_unit}} ON a.organisation_id = o.id JOIN matters m ON m.id = a.matter_id", "o.region_code", "m.number", "a.state",
        "a.starts_at");

    private static readonly Source Shifts = new(
        FigureSource.Shift, "d.id", $"{Unit} JOIN duty_shifts d {{index ix_duty_shifts_unit}} ON d.organisation_id = o.id JOIN staff_members s ON s.id = d.staff_id AND s.active = 1", "o.region_code", "s.name",
        "''", "d.starts_at");

    private static readonly Source TicketsInLine = new(
        FigureSource.Ticket, "t.id", $"{Unit} JOIN queues q ON q.organisation_id = o.id JOIN tickets t {{index ix_tickets_order}} ON t.queue_id = q.id", "o.region_code", "t.number", "t.state", "t.joined_at");

    private static readonly Source TicketsServed = TicketsInLine with
    {
        From = $"{Unit} JOIN queues q ON q.organisation_id = o.id JOIN tickets t {{index ix_tickets_served}} ON t.queue_id = q.id", At = "t.served_at",
    };

    private static readonly Source Calls = new(
        FigureSource.Call, "v.id", $"{Unit} JOIN video_calls v {{index ix_video_calls_unit}} ON v.organisation_id = o.id AND v.id >= @fromId JOIN matters m ON m.id = v.matter_id", "o.region_code", "m.number",
        "v.state", "v.created_at");

    private static readonly Source HotlineTickets = new(
        FigureSource.HotlineTicket, "m.id", "matters m JOIN hotline_tickets h ON h.matter_id = m.id JOIN organisations o ON o.id = m.organisation_id LEFT JOIN ratings g ON g.matter_id = m.id", "m.region_code",
        "m.number", "h.state", "m.opened_at");

    private static readonly Source WaitingHotlineTickets = HotlineTickets with
    {
        From = $"{Unit} JOIN matters m {{index ix_matters_unit_waiting}} ON m.organisation_id = o.id AND m.waiting_since > 0 JOIN hotline_tickets h ON h.matter_id = m.id", At = "m.waiting_since",
    };

    /// <summary>Few: an alarm rings until somebody answers for it.</summary>
    private static readonly Source RingingAlarms = HotlineTickets with
    {
        From = """
            hotline_alarms w {index ix_hotline_alarms_due} JOIN hotline_tickets h ON h.id = w.ticket_id JOIN matters m ON m.id = h.matter_id JOIN organisations o ON o.id = m.organisation_id
            """,
        At = "w.raised_at",
    };

    /// <summary>Of the unit that the partner hands over to.</summary>
    private static readonly Source HotlineCalls = new(
        FigureSource.HotlineCall, "k.id", $"{Unit} JOIN hotline_partners p ON p.organisation_id = o.id JOIN hotline_calls k {{index ix_hotline_calls_started}} ON k.app_id = p.app_id", "o.region_code", "k.call_id",
        "k.result", "k.started_at");

    private static readonly Source HotlineTasks = new(
        FigureSource.HotlineTask, "v.id", $"{Unit} JOIN hotline_tasks v {{index ix_hotline_tasks_due}} ON v.organisation_id = o.id", "o.region_code", "v.kind", "v.state", "v.due_at");

    private readonly Database _database;
    private readonly List<FigureGroup> _groups = [];
    private readonly Dictionary<string, Figure> _figures = new(StringComparer.Ordinal);

    public DashboardFigures(Database database)
    {
        _database = database;
        Define();
    }

    public IReadOnlyList<FigureGroup> Groups => _groups;

    public Figure? Find(string name) => _figures.GetValueOrDefault(name);

    /// <summary>One figure. Null of nothing: an average or a rate of none is neither 0 nor 100.</summary>
    public Task<FigureValue> ReadAsync(Figure figure, FigureScope scope, CancellationToken cancel) => _database.ReadAsync(async c =>
    {
        var args = Args(scope);
        return await c.QueryFirstAsync<FigureValue>($"""
            SELECT COUNT(*) AS count, COUNT(CASE WHEN {figure.Part ?? "1 = 0"} THEN 1 END) AS part, CAST(AVG({figure.Average ?? "NULL"}) AS CHAR) AS average FROM {From(figure.Of)} WHERE {figure.Where} AND {Where(figure.Of, scope, args)}
            """, args);
    }, cancel);

    /// <summary>What a figure was counted from, newest first, before the last one seen.</summary>
    public Task<List<FigureItemRow>> ListAsync(Figure figure, FigureScope scope, string? before, int limit, CancellationToken cancel) => _database.ReadAsync(async c =>
    {
        var args = Args(scope);
        args.Add("before", before);
        args.Add("limit", limit);
        var s = figure.Of;
        return (await c.QueryAsync<FigureItemRow>($"""
            SELECT {s.Id} AS id, {s.Label} AS label, {s.State} AS state, {s.At} AS at, o.name AS organisation_name FROM {From(s)}
            WHERE {figure.Where} AND {Where(s, scope, args)} {(before is null ? "" : $"AND {s.Id} < @before")} ORDER BY {s.Id} DESC LIMIT @limit
            """, args)).AsList();
    }, cancel);

    /// <summary>New matters of each day of the period, by its first millisecond in China; days without any are left out.</summary>
    public Task<List<DayRow>> ByDayAsync(FigureScope scope, CancellationToken cancel) => _database.ReadAsync(async c =>
    {
        var args = Args(scope);
        return (await c.QueryAsync<DayRow>($"""
            SELECT m.opened_at + 28800000 - ((m.opened_at + 28800000) % 86400000) AS day, COUNT(*) AS opened, COUNT(c.first_answered_at) AS answered FROM {Matters.From}
            WHERE m.id >= @fromId AND m.opened_at >= @from AND {Where(Matters, scope, args)}
            GROUP BY m.opened_at + 28800000 - ((m.opened_at + 28800000) % 86400000) ORDER BY day
            """, args)).AsList();
    }, cancel);

    /// <summary>New matters of the period by town.</summary>
    public Task<List<TownRow>> ByTownAsync(FigureScope scope, CancellationToken cancel) => _database.ReadAsync(async c =>
    {
        var args = Args(scope);
        return (await c.QueryAsync<TownRow>($"""
            SELECT x.code, r.name, x.opened, x.closed FROM (
                SELECT substr(m.region_code, 1, 9) AS code, COUNT(*) AS opened, COUNT(CASE WHEN m.status = 'Closed' THEN 1 END) AS closed FROM {Matters.From}
                WHERE m.id >= @fromId AND m.opened_at >= @from AND {Where(Matters, scope, args)} GROUP BY substr(m.region_code, 1, 9)) x
            LEFT JOIN regions r ON r.code = x.code ORDER BY x.opened DESC, x.code LIMIT 60
            """, args)).AsList();
    }, cancel);

    private string From(Source source)
    {
        var open = source.From.IndexOf("{index ", StringComparison.Ordinal);
        if (open < 0) return source.From;
        var close = source.From.IndexOf('}', open);
        return source.From[..open] + _database.Dialect.UseIndex(source.From[(open + "{index ".Length)..close]) + source.From[(close + 1)..];
    }

    private static string Where(Source source, FigureScope scope, DynamicParameters args)
    {
        var all = new List<string> { "1 = 1" };
        if (scope.Paths is { } paths)
        {
            foreach (var (n, path) in paths.Index()) args.Add($"p{n}", path + "%");
            all.Add(paths.Count == 0 ? "1 = 0" : $"({string.Join(" OR ", paths.Select((_, n) => $"o.path LIKE @p{n}"))})");
        }
        if (scope.TownCode is not null) all.Add($"substr({source.Region}, 1, {scope.TownCode.Length}) = @TownCode");
        return string.Join(" AND ", all);
    }

    private static DynamicParameters Args(FigureScope scope)
    {
        var (now, today) = (scope.Now, new DateTimeOffset(scope.Now.InChina().Date, ChinaTime.Offset));
        var from = today.AddDays(1 - scope.Days);
        return new DynamicParameters(new
        {
            now, today, tomorrow = today.AddDays(1), week = now.AddDays(7), from, fromId = Id.Floor(from), todayId = Id.Floor(today), hours4 = now.AddHours(-4), hours24 = now.AddHours(-24),
            hours48 = now.AddHours(-48), scope.TownCode,
        });
    }

    private void Group(string name, string title) => _groups.Add(new FigureGroup(name, title, []));

    private void Count(string name, string title, string unit, Source of, string where) => Add(new Figure(name, title, unit, of, where, null, null));

    private void Average(string name, string title, string unit, Source of, string where, string average) => Add(new Figure(name, title, unit, of, where, null, average));

    /// <param name="part">Which of those counted are the ones the rate is of.</param>
    private void Rate(string name, string title, Source of, string where, string part) => Add(new Figure(name, title, "%", of, where, part, null));

    private void Add(Figure figure)
    {
        _groups[^1].Figures.Add(figure);
        _figures.Add(figure.Name, figure);
    }
}

/// <summary>Where a figure's things are kept.</summary>
/// <param name="From">Tables; the unit is <c>o</c>. <c>{index …}</c> names the index to be read.</param>
/// <param name="At">What its list shows as time.</param>
public sealed record Source(FigureSource Kind, string Id, string From, string Region, string Label, string State, string At);

/// <param name="Figures">In the order of the page.</param>
public sealed record FigureGroup(string Name, string Title, List<Figure> Figures);

/// <summary>A number of the page.</summary>
/// <param name="Part">Of a rate: which of those counted; null otherwise.</param>
/// <param name="Average">Of an average: of what; null otherwise.</param>
public sealed record Figure(string Name, string Title, string Unit, Source Of, string Where, string? Part, string? Average);

public sealed record FigureValue
{
    public required long Count { get; init; }
    public required long Part { get; init; }

    /// <summary>As text: engines disagree about its type.</summary>
    public string? Average { get; init; }
}

public sealed record FigureItemRow
{
    public required string Id { get; init; }
    public required string Label { get; init; }
    public required string State { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string OrganisationName { get; init; }
}

public sealed record DayRow
{
    public required long Day { get; init; }
    public required long Opened { get; init; }
    public required long Answered { get; init; }
}

public sealed record TownRow
{
    public required string Code { get; init; }
    public string? Name { get; init; }
    public required long Opened { get; init; }
    public required long Closed { get; init; }
}
