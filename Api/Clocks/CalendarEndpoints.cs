using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Http.Limits;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Clocks;

/// <summary>工作日历: holidays, make-up working days, and what is counted with them.</summary>
public static class CalendarEndpoints
{
    public static void MapCalendar(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/v1/calendar").For([Audience.Citizen, Audience.Staff], "工作日历").RequireAuthorization(Policies.Anyone);
        open.MapGet("/{year}", ReadCalendar.Handle).Does("getCalendar", "某年节假日与补班安排").Answers<ReadCalendar.Response>().Conditional().Refuses(400, 404);
        open.MapGet("/{year}/propaganda-days", ReadCalendar.PropagandaAsync).Does("listPropagandaDays", "某年公共法律服务宣传日").Answers<ReadCalendar.PropagandaResponse>().Conditional().Refuses(400, 503);
        open.MapGet("/working-days", ReadCalendar.WorkingDaysAsync).Does("addWorkingDays", "从某日起第几个工作日是哪天").Answers<ReadCalendar.WorkingDaysResponse>().Refuses(400, 503);

        var admin = routes.MapGroup("/v1/admin/calendar").For(Audience.Admin, "工作日历").RequireAuthorization(Policies.Administrator).RefreshesDirectory();
        admin.MapPut("/{year}", ImportCalendar.Handle).Does("importCalendar", "导入某年节假日安排").Answers<ImportCalendar.Response>().Refuses(400, 422);
        admin.MapGet("/{year}/csv", CalendarCsv.ExportAsync).Does("exportCalendar", "导出某年节假日安排（CSV）").AnswersCsv().Refuses(400, 404);
        admin.MapPost("/{year}/csv", CalendarCsv.ImportAsync).TakesCsv().MayTake(TimeSpan.FromMinutes(1)).Does("importCalendarFile", "导入某年节假日安排（CSV）").Answers<CsvImported>().Refuses(400, 413, 415, 422);
    }
}
