namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>Promises and limits of message consultations. Section <c>Consultations</c>.</summary>
public sealed class ConsultationsOptions
{
    /// <summary>How long after asking the first answer is promised (R-31: a promise of the office, not of a law).</summary>
    public TimeSpan AnswerPromise { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Days of the citizen's silence after an answer, then the platform closes.</summary>
    public TimeSpan CloseAfterSilence { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Matters that one person owes an answer to, up to which the duty rule gives more. What people claim by hand is not limited.</summary>
    public int OpenPerPerson { get; set; } = 20;

    /// <summary>Whoever had a shift that ended this recently is on the roster: off duty, they lose what they owe. Others keep what they took by hand.</summary>
    public TimeSpan RosterMemory { get; set; } = TimeSpan.FromDays(7);
}
