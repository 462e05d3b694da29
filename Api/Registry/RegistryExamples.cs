using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Registry;

namespace MicroPlatform.Api.Registry;

/// <summary>Examples of the registry: the demo district's first town and its lawyer.</summary>
public sealed class RegistryExamples : OperationExamples
{
    private const string NewUnit = "01KAN8R4XN5D2V8B6M3Q7T9Y1C";

    public RegistryExamples()
    {
        var point = new FindServicePoints.ServicePointView(
            DemoDistrict.TownA, "东河镇公共法律服务工作站", OrganisationKind.TownStation, "公共法律服务工作站", "341602101", "东河镇", "东河镇便民服务大厅", "0558-5550201", 33.9214, 115.8427,
            "周一至周五 9:00-12:00，14:00-17:00", AreaKind.Village, "农村", 4120, 11);
        For("findServicePoints", null, new Page<FindServicePoints.ServicePointView>([point], null, false), ("near", "33.90,115.80"), ("circle", "true"), ("serviceCode", "lawyer"));
        For("getServicePoint", null, new GetServicePoint.Response(
            point with { Metres = null, Minutes = null }, new DateOnly(2026, 12, 8), [new("09:00", "12:00"), new("14:00", "20:00")],
            [new(DemoDistrict.Lawyer, ResourceKind.Person, "服务人员", "张敏", DemoDistrict.Lawyer, "执业律师", ["lawyer", "legal-aid"])]), ("id", DemoDistrict.TownA));
        For("readPhoneBook", null, new Page<ReadPhoneBook.Entry>(
            [new(DemoDistrict.TownA, DemoDistrict.Bureau, 2, "东河镇公共法律服务工作站", OrganisationKind.TownStation, "公共法律服务工作站", "0558-5550201", "东河镇便民服务大厅", "周一至周五 9:00-12:00，14:00-17:00")],
            null, false));
        For("listRegions", null, new ReadPhoneBook.RegionsResponse([new("341602", null, "示范区"), new("341602101", "341602", "东河镇")]));

        var person = new PersonView(
            DemoDistrict.Lawyer, "张敏", "执业律师", [new(Role.Lawyer, "律师")], [new("02", "劳动争议"), new("08", "合同债务")], ["普通话", "皖北方言"], "执业十二年，擅长劳动争议与合同纠纷。", 2014,
            [new(DemoDistrict.TownA, "东河镇公共法律服务工作站", "东河镇便民服务大厅", "0558-5550201", 33.9214, 115.8427)], 4120, AppointmentExamples.Start);
        For("findPeople", null, new Page<PersonView>([person], null, false), ("serviceCode", "lawyer"), ("near", "33.90,115.80"), ("sort", "nextFree"));
        For("getPerson", null, person with { Metres = null }, ("id", DemoDistrict.Lawyer));

        var profile = new WriteProfile.Response(DemoDistrict.Lawyer, "张敏", "执业律师", ["02", "08"], ["普通话", "皖北方言"], "执业十二年，擅长劳动争议与合同纠纷。", 2014, 2);
        For("getMyProfile", null, profile);
        For("putMyProfile", new WriteProfile.Request(profile.Languages, profile.Introduction, profile.PractisingSince), profile);
        For("getStaffProfile", null, profile, ("id", DemoDistrict.Lawyer));
        For("putStaffProfile", new WriteProfile.AdminRequest(profile.Title, profile.Specialities, profile.Languages, profile.Introduction, profile.PractisingSince), profile, ("id", DemoDistrict.Lawyer));
        For("reportCoverage", null, new ReportCoverage.Response(
            new DateOnly(2026, 12, 7), new DateOnly(2026, 12, 20),
            new ReportCoverage.PointsReport(4, 4, 100m, [new(DemoDistrict.TownB, "西山镇公共法律服务工作站", "341602102", false, [new DateOnly(2026, 12, 7), new DateOnly(2026, 12, 9)])]),
            new ReportCoverage.VillagesReport(140, 139, 99.29m, [new(NewUnit, "枣园村公共法律服务工作室", "341602102201")])));

        var facts = new WriteOrganisation.Facts(
            OrganisationKind.TownStation, "南湖镇公共法律服务工作站", "341602102", "0558-5550203", "南湖镇便民服务大厅", 33.812345, 115.712345, "周一至周五 9:00-12:00", true, AreaKind.Village, true);
        var unit = new OrganisationView(
            NewUnit, DemoDistrict.Bureau, "示范区司法局", 2, OrganisationKind.TownStation, "公共法律服务工作站", "南湖镇公共法律服务工作站", "341602102", "西山镇", "0558-5550203", "南湖镇便民服务大厅", 33.812345,
            115.712345, "周一至周五 9:00-12:00", true, AreaKind.Village, "农村", true, true, 1);
        For("listOrganisations", null, new Page<OrganisationView>([unit], null, false), ("kind", "townStation"), ("text", "南湖"));
        const string Header = "机构编号,上级机构,机构类型,名称,行政区划,电话,地址,纬度,经度,开放时间,服务点,城乡,受理留言";
        ForCsv("exportOrganisations", answer: $"{Header},状态,版本\r\n{NewUnit},示范区司法局,公共法律服务工作站,南湖镇公共法律服务工作站,341602102,0558-5550203,南湖镇便民服务大厅,33.812345,115.712345,周一至周五 9:00-12:00,是,农村,是,启用,1\r\n");
        ForCsv("importOrganisations", $"{Header}\r\n,西山镇公共法律服务工作站,村（社区）公共法律服务工作室,杏林村公共法律服务工作室,341602102,0558-5550223,杏林村村部,33.80,115.70,周二、周五 9:00-11:00,是,农村,否\r\n",
            new CsvImported(false, 1, 0, 0));
        For("getOrganisation", null, unit, ("id", NewUnit));
        For("addOrganisation", new WriteOrganisation.AddRequest(DemoDistrict.Bureau, facts), new OrganisationChange(unit, false, 0, 0));
        For("editOrganisation", facts with { Phone = "0558-5550204" }, new OrganisationChange(unit with { Phone = "0558-5550204", Version = 2 }, false, 0, 0), ("id", NewUnit));
        For("moveOrganisation", new MoveOrganisation.Request(DemoDistrict.Bureau), new OrganisationChange(unit with { Version = 3 }, false, 1, 0), ("id", NewUnit), ("validateOnly", "true"));
        For("closeOrganisation", null, new OrganisationChange(unit with { Active = false, Version = 4 }, false, 0, 2), ("id", NewUnit));
        For("reopenOrganisation", null, new OrganisationChange(unit with { Version = 5 }, false, 0, 0), ("id", NewUnit));
    }
}
