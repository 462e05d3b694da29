using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>
/// The two-level table of legal matters a new database begins with. Administrators edit it afterwards; what is there is never touched again.
/// </summary>
public static class CategorySeed
{
    /// <summary>Codes of two digits are groups; <c>0201</c> stands under <c>02</c>. Item: 法律援助法 art. 31. Exempt: art. 32, no hardship test.</summary>
    private static readonly (string Code, string Name, int? AidItem, bool Exempt, bool Mediable, bool Confirmable)[] Categories =
    [
        ("01", "婚姻家庭", null, false, true, true), ("0101", "离婚", null, false, true, false), ("0102", "抚养权", null, false, true, true), ("0103", "抚养费", 4, false, true, true),
        ("0104", "赡养费", 4, false, true, true), ("0105", "扶养费", 4, false, true, true), ("0106", "继承", null, false, true, true), ("0107", "分家析产", null, false, true, true),
        ("0108", "家庭暴力", null, true, false, true), ("0109", "彩礼", null, false, true, true), ("0110", "收养", null, false, false, false),
        ("02", "劳动争议", null, false, true, true), ("0201", "农民工工资", 5, false, true, true), ("0202", "欠薪", 5, false, true, true), ("0203", "劳动关系确认", 5, false, true, true),
        ("0204", "工伤", 7, false, true, true), ("0205", "经济补偿", null, false, true, true), ("0206", "社会保险", 2, false, true, true), ("0207", "加班费", 5, false, true, true),
        ("03", "交通事故", 7, false, true, true), ("0301", "交通事故损害赔偿", 7, false, true, true),
        ("04", "邻里纠纷", null, false, true, true), ("0401", "相邻采光", null, false, true, true), ("0402", "相邻林木", null, false, true, true), ("0403", "相邻通风", null, false, true, true),
        ("0404", "相邻排水", null, false, true, true), ("0405", "相邻通行", null, false, true, true), ("0406", "噪音", null, false, true, true),
        ("05", "土地山林", null, false, true, true), ("0501", "土地承包", null, false, true, true), ("0502", "承包地流转", null, false, true, true), ("0503", "宅基地", null, false, true, false),
        ("0504", "林权", null, false, true, false), ("0505", "征地补偿", null, false, true, true),
        ("06", "房屋征收拆迁", null, false, true, true), ("0601", "房屋征收补偿", null, false, true, true),
        ("07", "损害赔偿", null, false, true, true), ("0701", "人身伤害", null, false, true, true), ("0702", "儿童玩耍受伤", null, false, true, true), ("0703", "医疗损害", 7, false, true, true),
        ("0704", "产品、食品药品", 7, false, true, true), ("0705", "动物致害", null, false, true, true), ("0706", "名誉权", null, false, true, true), ("0707", "环境污染", 8, false, true, true),
        ("08", "合同债务", null, false, true, true), ("0801", "民间借贷", null, false, true, true), ("0802", "买卖", null, false, true, true), ("0803", "租赁", null, false, true, true),
        ("0804", "装修", null, false, true, true), ("0805", "建设工程", null, false, true, true),
        ("09", "消费、电子商务、旅游", null, false, true, true), ("0901", "消费", null, false, true, true), ("0902", "电子商务", null, false, true, true), ("0903", "旅游", null, false, true, true),
        ("10", "物业", null, false, true, true), ("1001", "物业服务", null, false, true, true),
        ("11", "社会保障", 2, false, false, true), ("1101", "低保", 2, false, false, true), ("1102", "养老", 2, false, false, true), ("1103", "救助", 2, false, false, true), ("1104", "抚恤", 3, false, false, true),
        ("12", "刑事", null, false, false, true), ("1201", "辩护", null, false, false, true), ("1202", "被害人代理", null, false, false, true), ("1203", "取保候审", null, false, false, true),
        ("13", "行政", null, false, false, true), ("1301", "行政处罚", null, false, false, true), ("1302", "行政许可", null, false, false, true), ("1303", "信息公开", null, false, false, true), ("1304", "国家赔偿", 1, false, false, true),
        ("14", "特殊群体权益", null, false, true, true), ("1401", "未成年人", null, false, true, true), ("1402", "老年人", null, false, true, true), ("1403", "残疾人", null, false, true, true), ("1404", "军人军属", null, false, true, true),
        ("15", "公证事项", null, false, false, true), ("16", "企业法务", null, false, true, true), ("99", "其他", null, false, true, true),
    ];

    /// <returns>How many were added: all at first, none later.</returns>
    public static Task<int> ApplyAsync(Database database, CancellationToken cancel) => database.WriteAlwaysAsync(async tx =>
    {
        if (await tx.ScalarAsync<long>("SELECT COUNT(*) FROM categories") > 0) return 0;
        foreach (var c in Categories)
            await tx.ExecuteAsync($"""
                {tx.Dialect.InsertIgnore} categories (code, parent_code, name, legal_aid_item, hardship_exempt, mediable, confirmable, external_code, active, version)
                VALUES (@Code, @parent, @Name, @AidItem, @Exempt, @Mediable, @Confirmable, NULL, 1, 1)
                """, new { c.Code, parent = c.Code.Length > 2 ? c.Code[..2] : null, c.Name, c.AidItem, c.Exempt, c.Mediable, c.Confirmable });
        return Categories.Length;
    }, cancel);
}
