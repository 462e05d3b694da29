using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Domain.Appointments;

/// <summary>What the person concerned is to the citizen who books.</summary>
public enum Relation
{
    /// <summary>子女</summary>
    Child,
    /// <summary>其他被监护人</summary>
    Ward,
    /// <summary>父母</summary>
    Parent,
    /// <summary>配偶</summary>
    Spouse,
    /// <summary>其他亲属</summary>
    Relative,
    /// <summary>其他</summary>
    Other,
}

/// <summary>Whom an appointment concerns when not the citizen who books it. Name and id number are personal and sealed where they are kept.</summary>
/// <param name="GuardianConsent">The citizen says that they are the guardian and agree.</param>
public sealed record Subject(PersonName Name, NationalId? NationalId, Relation Relation, bool GuardianConsent)
{
    /// <summary>Below this age a guardian books and agrees (PIPL art. 31).</summary>
    public const int GuardianAge = 14;

    /// <summary>Null when the booking may be made for this person; a child's age must be known to judge that.</summary>
    public Refusal? WhyNot(DateOnly on)
    {
        if (Relation is not (Relation.Child or Relation.Ward))
            return NationalId is { } id && id.AgeOn(on) < GuardianAge ? AppointmentRefusals.GuardianRequired.At("subject.relation", "不满十四周岁，须由监护人预约") : null;
        if (NationalId is null) return AppointmentRefusals.GuardianRequired.At("subject.nationalId", "请填写被监护人的身份证号");
        return NationalId.AgeOn(on) < GuardianAge && !GuardianConsent ? AppointmentRefusals.GuardianRequired.At("subject.guardianConsent", "请确认您是监护人并同意") : null;
    }
}

public static class RelationLabels
{
    public static string Label(this Relation relation) => relation switch
    {
        Relation.Child => "子女",
        Relation.Ward => "其他被监护人",
        Relation.Parent => "父母",
        Relation.Spouse => "配偶",
        Relation.Relative => "其他亲属",
        Relation.Other => "其他",
        _ => throw new ArgumentOutOfRangeException(nameof(relation)),
    };
}
