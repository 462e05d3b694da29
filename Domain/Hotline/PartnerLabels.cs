namespace MicroPlatform.Domain.Hotline;

public static class PartnerLabels
{
    public static string Label(this PartnerScope scope) => scope switch
    {
        PartnerScope.Tickets => "工单",
        PartnerScope.Calls => "话单",
        PartnerScope.Recordings => "录音",
        PartnerScope.ScreenPop => "来电弹屏",
        PartnerScope.Satisfaction => "满意度",
        PartnerScope.Reconciliation => "对账",
        PartnerScope.Pii => "个人信息",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };
}
