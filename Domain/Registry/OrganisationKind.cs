using System.Text.Json;

namespace MicroPlatform.Domain.Registry;

/// <summary>
/// What a unit of the tree is. 山东省公共法律服务条例 art. 10–12 names centre, station and room; the rest is what districts have beside them.
/// Stored as snake_case words (<c>aid_centre</c>).
/// </summary>
public enum OrganisationKind
{
    /// <summary>省司法厅</summary>
    ProvincialDepartment,
    /// <summary>市司法局</summary>
    MunicipalBureau,
    /// <summary>区县司法局</summary>
    Bureau,
    /// <summary>公共法律服务中心</summary>
    LegalServiceCentre,
    /// <summary>法律援助中心</summary>
    AidCentre,
    /// <summary>公证处</summary>
    NotaryOffice,
    /// <summary>人民调解中心</summary>
    MediationCentre,
    /// <summary>群众工作服务中心（信访超市）</summary>
    MassWorkCentre,
    /// <summary>乡镇（街道）公共法律服务工作站</summary>
    TownStation,
    /// <summary>司法所</summary>
    JudicialOffice,
    /// <summary>镇群众工作服务中心（五所一庭）</summary>
    TownMassWorkCentre,
    /// <summary>镇人民调解委员会</summary>
    TownMediationCommittee,
    /// <summary>枢纽指导站</summary>
    HubStation,
    /// <summary>村（社区）公共法律服务工作室、法律之家</summary>
    VillageRoom,
    /// <summary>村群众工作服务站</summary>
    VillageMassWorkStation,
    /// <summary>村人民调解委员会</summary>
    VillageMediationCommittee,
    /// <summary>第一书记调解室</summary>
    SecretaryMediationRoom,
    /// <summary>百米服务圈受理点</summary>
    NeighbourhoodPoint,
    /// <summary>调解小组</summary>
    MediationGroup,
    /// <summary>园区工作站</summary>
    ParkStation,
    /// <summary>行业性、专业性人民调解委员会</summary>
    IndustryMediationCommittee,
    /// <summary>律师事务所</summary>
    LawFirm,
    /// <summary>基层法律服务所</summary>
    LegalServicesOffice,
    /// <summary>派驻调解室</summary>
    OutpostMediationRoom,
    /// <summary>自助机</summary>
    Kiosk,
}

/// <summary>How far a service point may be away to count as near (城市半小时、农村一小时服务圈).</summary>
public enum AreaKind
{
    /// <summary>城市: half an hour.</summary>
    City,
    /// <summary>农村: one hour.</summary>
    Village,
}

public static class OrganisationKinds
{
    private static readonly Dictionary<OrganisationKind, string> Words = Enum.GetValues<OrganisationKind>().ToDictionary(k => k, k => JsonNamingPolicy.SnakeCaseLower.ConvertName(k.ToString()));
    private static readonly Dictionary<string, OrganisationKind> Kinds = Words.ToDictionary(w => w.Value, w => w.Key, StringComparer.Ordinal);

    /// <summary>As it is stored.</summary>
    public static string Word(this OrganisationKind kind) => Words[kind];

    /// <exception cref="KeyNotFoundException">The word is none that was ever stored.</exception>
    public static OrganisationKind Parse(string word) => Kinds[word];

    /// <summary>Level in the tree, 0 the province to 5 the group of households; null for side types, which hang anywhere.</summary>
    public static int? Level(this OrganisationKind kind) => kind switch
    {
        OrganisationKind.ProvincialDepartment => 0,
        OrganisationKind.MunicipalBureau => 1,
        OrganisationKind.Bureau or OrganisationKind.LegalServiceCentre or OrganisationKind.AidCentre or OrganisationKind.NotaryOffice or OrganisationKind.MediationCentre
            or OrganisationKind.MassWorkCentre => 2,
        OrganisationKind.TownStation or OrganisationKind.JudicialOffice or OrganisationKind.TownMassWorkCentre or OrganisationKind.TownMediationCommittee or OrganisationKind.HubStation => 3,
        OrganisationKind.VillageRoom or OrganisationKind.VillageMassWorkStation or OrganisationKind.VillageMediationCommittee or OrganisationKind.SecretaryMediationRoom => 4,
        OrganisationKind.NeighbourhoodPoint or OrganisationKind.MediationGroup => 5,
        _ => null,
    };

    public static string Label(this OrganisationKind kind) => kind switch
    {
        OrganisationKind.ProvincialDepartment => "省司法厅",
        OrganisationKind.MunicipalBureau => "市司法局",
        OrganisationKind.Bureau => "司法局",
        OrganisationKind.LegalServiceCentre => "公共法律服务中心",
        OrganisationKind.AidCentre => "法律援助中心",
        OrganisationKind.NotaryOffice => "公证处",
        OrganisationKind.MediationCentre => "人民调解中心",
        OrganisationKind.MassWorkCentre => "群众工作服务中心",
        OrganisationKind.TownStation => "公共法律服务工作站",
        OrganisationKind.JudicialOffice => "司法所",
        OrganisationKind.TownMassWorkCentre => "镇群众工作服务中心",
        OrganisationKind.TownMediationCommittee => "镇人民调解委员会",
        OrganisationKind.HubStation => "枢纽指导站",
        OrganisationKind.VillageRoom => "村（社区）公共法律服务工作室",
        OrganisationKind.VillageMassWorkStation => "村群众工作服务站",
        OrganisationKind.VillageMediationCommittee => "村人民调解委员会",
        OrganisationKind.SecretaryMediationRoom => "第一书记调解室",
        OrganisationKind.NeighbourhoodPoint => "百米服务圈受理点",
        OrganisationKind.MediationGroup => "调解小组",
        OrganisationKind.ParkStation => "园区工作站",
        OrganisationKind.IndustryMediationCommittee => "行业性专业性人民调解委员会",
        OrganisationKind.LawFirm => "律师事务所",
        OrganisationKind.LegalServicesOffice => "基层法律服务所",
        OrganisationKind.OutpostMediationRoom => "派驻调解室",
        OrganisationKind.Kiosk => "自助机",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Label(this AreaKind area) => area switch
    {
        AreaKind.City => "城市",
        AreaKind.Village => "农村",
        _ => throw new ArgumentOutOfRangeException(nameof(area)),
    };
}
