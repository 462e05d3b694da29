using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Infrastructure.Statistics;

namespace MicroPlatform.Api.Statistics;

/// <summary>Examples of the bureau's figures.</summary>
public sealed class StatisticsExamples : OperationExamples
{
    public StatisticsExamples()
    {
        var now = ConsultationExamples.Asked.AddHours(5);
        var waiting = new ReadDashboard.FigureView("waiting", "等待答复", 12, "件", 12, "/v1/staff/dashboard/waiting/items?days=30");
        var answer = new ReadDashboard.FigureView("firstAnswer", "平均首次答复用时", 96.5m, "分钟", 140, "/v1/staff/dashboard/firstAnswer/items?days=30");
        var day = DateOnly.FromDateTime(now.DateTime);
        For("readDashboard", null, new ReadDashboard.Response(
            now, day.AddDays(-29), day, [new("waiting", "等待答复", [waiting]), new("service", "办理", [answer])], [new(day, 9, 7)], [new("341602101", "东河镇", 61, 40), new("341602102", "西山镇", 38, 30)]), ("days", "30"));
        For("listFigureItems", null, new Page<ReadDashboard.Item>(
            [new(MatterExamples.MatterId, FigureSource.Matter, "事项", "2648-3029-5719", "待受理", "东河镇公共法律服务工作站", ConsultationExamples.Asked)], null, false), ("figure", "waiting"), ("limit", "20"));
    }
}
