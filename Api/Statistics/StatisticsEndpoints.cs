using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Statistics;

/// <summary>统计: the figures of the bureau's page at <c>/dashboard</c>, and the list behind each.</summary>
public static class StatisticsEndpoints
{
    public static void MapStatistics(this IEndpointRouteBuilder routes)
    {
        var dashboard = routes.MapGroup("/v1/staff/dashboard").For([Audience.Staff, Audience.Admin], "统计").RequireAuthorization(Policies.Overseer);
        dashboard.MapGet("", ReadDashboard.Handle).Does("readDashboard", "工作看板的各项数字").Answers<ReadDashboard.Response>().Refuses(400);
        dashboard.MapGet("/{figure}/items", ReadDashboard.ItemsAsync).Does("listFigureItems", "某项数字的明细").Answers<Page<ReadDashboard.Item>>().Refuses(400, 404);
    }
}
