namespace MicroPlatform.Domain.Identity;

/// <summary>What a person is on the platform. A staff member may have several; a citizen has exactly one.</summary>
public enum Role
{
    /// <summary>公众: a person with a problem. Sees only what is their own.</summary>
    Citizen,
    /// <summary>律师</summary>
    Lawyer,
    /// <summary>人民调解员</summary>
    Mediator,
    /// <summary>公证员</summary>
    Notary,
    /// <summary>窗口人员: takes in, assigns, answers for a unit.</summary>
    Clerk,
    /// <summary>中心主任: decides what a clerk may not; sees own unit and everything below it.</summary>
    CentreHead,
    /// <summary>系统管理员: accounts, units, settings. Does not read the audit trail.</summary>
    Administrator,
    /// <summary>审计员: reads the audit trail and changes nothing.</summary>
    Auditor,
    /// <summary>合作系统: a partner's server such as the 12348 hotline.</summary>
    Partner,
}

public static class Roles
{
    /// <summary>The roles that a staff account can hold.</summary>
    public static readonly IReadOnlyList<Role> OfStaff =
        [Role.Lawyer, Role.Mediator, Role.Notary, Role.Clerk, Role.CentreHead, Role.Administrator, Role.Auditor];

    /// <summary>Those that work on matters. The others see none.</summary>
    public static readonly IReadOnlyList<Role> OnMatters = [Role.Lawyer, Role.Mediator, Role.Notary, Role.Clerk, Role.CentreHead];

    public static string Label(this Role role) => role switch
    {
        Role.Citizen => "公众",
        Role.Lawyer => "律师",
        Role.Mediator => "人民调解员",
        Role.Notary => "公证员",
        Role.Clerk => "窗口人员",
        Role.CentreHead => "中心主任",
        Role.Administrator => "系统管理员",
        Role.Auditor => "审计员",
        Role.Partner => "合作系统",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };
}
