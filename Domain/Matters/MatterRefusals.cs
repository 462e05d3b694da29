using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Matters;

public static class MatterRefusals
{
    public static readonly Refusal UnknownCategory = new("category_unknown", "请选择有效的问题类别", RefusalKind.Invalid) { Errors = new Dictionary<string, string[]> { ["categoryCode"] = ["没有这个类别"] } };

    public static readonly Refusal UnknownRegion = new("region_unknown", "请选择有效的所在地区", RefusalKind.Invalid) { Errors = new Dictionary<string, string[]> { ["regionCode"] = ["没有这个地区"] } };

    /// <summary>No unit serves the region. A configuration fault of the bureau, said plainly.</summary>
    public static readonly Refusal NoUnit = new("no_responsible_unit", "该地区暂未开通此服务，请拨打12348", RefusalKind.Unprocessable);

    public static readonly Refusal AlreadyRated = new("already_rated", "您已经评价过了", RefusalKind.Conflict);

    /// <summary>Only what has been closed can be rated.</summary>
    public static readonly Refusal NotRatable = new("not_ratable", "事项办结后才能评价", RefusalKind.Conflict);
}
