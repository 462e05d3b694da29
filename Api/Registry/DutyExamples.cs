using MicroPlatform.Api.Consultations;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Http.Documents;

namespace MicroPlatform.Api.Registry;

/// <summary>Examples of duty in the demo district's first town.</summary>
public sealed class DutyExamples : OperationExamples
{
    private const string ShiftId = "01KAN8R4XM2P9Q7R4S8T1V5W3X";

    public DutyExamples()
    {
        var evening = ConsultationExamples.Asked.AddDays(400).AddHours(9);
        var shift = new ShiftView(ShiftId, DemoDistrict.Lawyer, "张敏", "执业律师", ["02", "08"], DemoDistrict.TownA, "东河镇公共法律服务工作站", evening, evening.AddHours(3));
        For("listDutyShifts", null, new Page<ShiftView>([shift], null, false), ("organisationId", DemoDistrict.TownA));
        For("addDutyShift", new AddShift.Request(DemoDistrict.Lawyer, DemoDistrict.TownA, shift.StartsAt, shift.EndsAt), shift);
        For("removeDutyShift", null, shift, ("id", ShiftId));
        const string File = "用户名,单位,开始,结束,姓名\r\nzhang.min,东河镇公共法律服务工作站,2027-12-30 18:00,2027-12-30 21:00,张敏\r\n";
        ForCsv("exportDutyShifts", answer: File);
        ForCsv("importDutyShifts", File, new CsvImported(false, 1, 0, 0));
        For("listOnDuty", null, new ListOnDuty.Response([shift]), ("organisationId", DemoDistrict.TownA));
        For("goOffDuty", null, shift);
    }
}
