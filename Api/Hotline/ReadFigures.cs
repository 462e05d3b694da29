using System.Globalization;
using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Hotline;

namespace MicroPlatform.Api.Hotline;

/// <summary>
/// 接通率 is answered by a person within the call ÷ calls that asked for a person; 满意率 is very satisfied and satisfied ÷ evaluated, silence counting for neither; 回访率
/// is visits made ÷ visits due. Beside each the figure that is aimed at.
/// </summary>
public static class ReadFigures
{
    /// <param name="Value">0 to 1; null where nothing was counted.</param>
    /// <param name="Met">Whether the aim is reached; null where nothing was counted.</param>
    public sealed record Figure(string Name, int Part, int Whole, double? Value, double? Aim, bool? Met);

    public sealed record Response(DateOnly From, DateOnly To, string? AppId, IReadOnlyList<Figure> Figures);

    /// <summary>Aims of Anhui's 12348 (domain report §2.8).</summary>
    private const double AnswerAim = 0.95, SatisfactionAim = 0.90, DissatisfiedAim = 1.0;

    private const int MostDays = 366;

    public static async Task<IResult> Handle(string? from, string? to, string? appId, HttpContext http, HotlineFigureQueries queries)
    {
        if (Day(from) is not { } first) return CommonRefusals.Invalid.At("from", "应为yyyy-MM-dd").ToResult();
        if (Day(to) is not { } last || last < first || last.DayNumber - first.DayNumber > MostDays) return CommonRefusals.Invalid.At("to", $"应为yyyy-MM-dd，不早于from且不超过{MostDays}天").ToResult();
        var f = await queries.CountAsync(string.IsNullOrEmpty(appId) ? null : appId, Midnight(first), Midnight(last.AddDays(1)), http.RequestAborted);
        return Results.Json(new Response(first, last, string.IsNullOrEmpty(appId) ? null : appId,
        [
            Of("接通率", f.Answered, f.Asked, f.AnswerRate, AnswerAim), Of("15秒接通率", f.AnsweredSoon, f.Asked, f.AnsweredSoonRate, null), Of("满意率", f.Satisfied, f.Rated, f.SatisfactionRate, SatisfactionAim),
            Of("回访率", f.VisitsDone, f.VisitsDue, f.VisitRate, null), Of("不满意回访率", f.DissatisfiedVisited, f.Dissatisfied, f.DissatisfiedVisitRate, DissatisfiedAim),
        ]), WireJson.Options);
    }

    private static Figure Of(string name, int part, int whole, double? value, double? aim) => new(name, part, whole, value, aim, value is null || aim is null ? null : value >= aim);

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), ChinaTime.Offset);

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and <= 2100 ? day : null;
}
