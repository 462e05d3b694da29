using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// The checklists a new database begins with: what lawyers and legal aid centres ask for in the common kinds of matters. Administrators edit them afterwards; what
/// is there is never touched again.
/// </summary>
public static class ChecklistSeed
{
    private static readonly (string Code, string? Category, string Name, bool Required, string? Group, string? Hint)[] Items =
    [
        ("id-card", null, "身份证正反面", true, "identity", "人像面和国徽面都要拍到，四角完整"), ("household-register", null, "户口本", true, "identity", "首页和本人页"),
        ("kinship", null, "关系证明或授权委托书", false, null, "替别人办理时提交，并附代理人身份证"),
        ("wage-iou", "0201", "欠条或工资结算清单", true, "wage-proof", null), ("wage-sheet", "0201", "工资表或考勤记录", true, "wage-proof", null),
        ("wage-bank", "0201", "银行流水", true, "wage-proof", null), ("wage-chat", "0201", "催要工资的聊天记录", true, "wage-proof", "截图要看到对方名称和日期"),
        ("wage-contract", "0201", "劳动合同、工作证或工友证言", false, null, null), ("wage-employer", "0201", "用人单位名称、地址、电话", false, null, "营业执照或工商登记信息"),
        ("arrears-iou", "0202", "欠条或工资结算清单", true, "arrears-proof", null), ("arrears-sheet", "0202", "工资表或考勤记录", true, "arrears-proof", null), ("arrears-bank", "0202", "银行流水", true, "arrears-proof", null),
        ("injury-decision", "0204", "工伤认定书", true, "injury-proof", null), ("injury-accident", "0204", "事故材料", true, "injury-proof", null),
        ("injury-medical", "0204", "诊断证明、病历、票据", false, null, null), ("injury-employment", "0204", "劳动关系证明", false, null, null), ("injury-ability", "0204", "劳动能力鉴定结论", false, null, null),
        ("traffic-report", "03", "交通事故认定书", true, null, null), ("traffic-medical", "03", "诊断证明、病历、票据", false, null, null), ("traffic-lost-work", "03", "误工证明", false, null, null),
        ("traffic-licence", "03", "驾驶证、行驶证、保险单", false, null, null), ("traffic-disability", "03", "伤残鉴定意见", false, null, null),
        ("marriage-certificate", "0101", "结婚证", true, null, null), ("marriage-children", "0101", "子女出生证明", false, null, null), ("marriage-assets", "0101", "财产和债务清单", false, null, null),
        ("marriage-violence", "0101", "报警回执、告诫书或伤情照片", false, null, "遭受家庭暴力时提交"),
        ("support-kinship", "0104", "亲属关系证明", true, null, null), ("support-income", "0104", "收入和支出情况", false, null, null),
        ("child-support-kinship", "0103", "亲属关系证明", true, null, null), ("child-support-income", "0103", "收入和支出情况", false, null, null), ("child-support-agreement", "0103", "离婚协议或判决书", false, null, null),
        ("child-guardian", "0702", "监护人身份证", true, null, null), ("child-birth", "0702", "户口本或出生证明", true, null, null), ("child-injury", "0702", "伤情照片、病历、票据", false, null, null),
        ("child-account", "0702", "事情经过说明和证人", false, null, null),
        ("neighbour-scene", "04", "现场照片", false, null, null), ("neighbour-title", "04", "地块权属证明（承包证、宅基证）", false, null, null), ("neighbour-parties", "04", "双方基本信息", false, null, null),
        ("land-contract", "0501", "承包合同或经营权证", true, null, null), ("land-transfer", "0501", "转让或流转协议", false, null, null), ("land-village", "0501", "村委会证明", false, null, null),
        ("notary-form", "15", "公证申请表", true, null, null), ("notary-draft", "15", "拟公证的文书", false, null, null), ("notary-title", "15", "不动产权属证书", false, null, "涉及不动产时提交"),
        ("review-form", "1301", "行政复议申请书", false, null, null), ("review-act", "1301", "行政行为文书及收到日期证明", false, null, null),
    ];

    /// <returns>How many were added: all at first, none later.</returns>
    public static Task<int> ApplyAsync(Database database, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM checklist_items") > 0) return 0;
        foreach (var (position, i) in Items.Index())
            await tx.ExecuteAsync($"""
                {tx.Dialect.InsertIgnore} checklist_items (code, category_code, name, required, choice_group, hint, position, active, version)
                VALUES (@Code, @Category, @Name, @Required, @Group, @Hint, @position, 1, 1)
                """, new { i.Code, i.Category, i.Name, i.Required, i.Group, i.Hint, position = (position + 1) * 10 });
        return Items.Length;
    }, cancel);
}
