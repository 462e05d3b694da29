using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Matters;

public static class MatterRefusals
{
    public static readonly Refusal UnknownCategory = new("category_unknown", "请选择有效的问题类别", RefusalKind.Invalid) { Errors = new Dictionary<string, string[]> { ["categoryCode"] = ["没有这个类别"] } };

    /// <summary>A category with this code exists, perhaps out of choice.</summary>
    public static readonly Refusal CategoryCodeTaken = new("category_code_taken", "类别代码已存在", RefusalKind.Conflict);

    /// <summary>Another category is mapped to this external code.</summary>
    public static readonly Refusal CategoryExternalCodeTaken = new("category_external_code_taken", "外部代码已对应其他类别", RefusalKind.Conflict);

    /// <summary>A kind stands under an active group: the first two digits of its code.</summary>
    public static readonly Refusal CategoryParentUnknown = new("category_parent_unknown", "上级类别不存在或已停用", RefusalKind.Invalid);

    /// <summary>First what stands under it, then the group.</summary>
    public static readonly Refusal CategoryHasChildren = new("category_has_children", "请先停用下级类别", RefusalKind.Conflict);

    public static readonly Refusal UnknownRegion = new("region_unknown", "请选择有效的所在地区", RefusalKind.Invalid) { Errors = new Dictionary<string, string[]> { ["regionCode"] = ["没有这个地区"] } };

    /// <summary>No unit serves the region. A configuration fault of the bureau, said plainly.</summary>
    public static readonly Refusal NoUnit = new("no_responsible_unit", "该地区暂未开通此服务，请拨打12348", RefusalKind.Unprocessable);

    public static readonly Refusal AlreadyRated = new("already_rated", "您已经评价过了", RefusalKind.Conflict);

    /// <summary>Only what has been closed can be rated.</summary>
    public static readonly Refusal NotRatable = new("not_ratable", "事项办结后才能评价", RefusalKind.Conflict);
}
