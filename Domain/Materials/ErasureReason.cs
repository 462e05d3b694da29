namespace MicroPlatform.Domain.Materials;

/// <summary>Why a material was destroyed.</summary>
public enum ErasureReason
{
    /// <summary>Its owner asked.</summary>
    Requested,
    /// <summary>Nobody has used it for long.</summary>
    Unused,
    /// <summary>The time it had to be kept is over.</summary>
    Retention,
    /// <summary>It was infected.</summary>
    Infected,
    /// <summary>The account was deleted.</summary>
    AccountDeleted,
}

public static class ErasureLabels
{
    public static string Label(this ErasureReason reason) => reason switch
    {
        ErasureReason.Requested => "本人申请删除",
        ErasureReason.Unused => "长期未使用",
        ErasureReason.Retention => "保存期限届满",
        ErasureReason.Infected => "含有病毒",
        ErasureReason.AccountDeleted => "账号已注销",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
