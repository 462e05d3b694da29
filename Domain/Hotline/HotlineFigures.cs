namespace MicroPlatform.Domain.Hotline;

/// <summary>What was counted of a span, and the rates made of it. A rate of nothing is none, not zero.</summary>
/// <param name="Asked">Calls that asked for a person.</param>
/// <param name="Answered">… and were answered by one within the call.</param>
/// <param name="AnsweredSoon">… within fifteen seconds.</param>
/// <param name="Rated">Matters that somebody has said something of: silence counts for neither side.</param>
/// <param name="Satisfied">… very satisfied or satisfied (5 and 4 of GB/T 39735).</param>
/// <param name="VisitsDue">Return visits that were due in the span.</param>
/// <param name="VisitsDone">… and were made.</param>
/// <param name="Dissatisfied">Of the due ones those of somebody dissatisfied, of whom every one is to be visited.</param>
public sealed record HotlineFigures(int Asked, int Answered, int AnsweredSoon, int Rated, int Satisfied, int VisitsDue, int VisitsDone, int Dissatisfied, int DissatisfiedVisited)
{
    /// <summary>接通率</summary>
    public double? AnswerRate => Rate(Answered, Asked);

    public double? AnsweredSoonRate => Rate(AnsweredSoon, Asked);

    /// <summary>满意率</summary>
    public double? SatisfactionRate => Rate(Satisfied, Rated);

    /// <summary>回访率</summary>
    public double? VisitRate => Rate(VisitsDone, VisitsDue);

    /// <summary>不满意回访率, of which 100 % is demanded.</summary>
    public double? DissatisfiedVisitRate => Rate(DissatisfiedVisited, Dissatisfied);

    private static double? Rate(int part, int whole) => whole == 0 ? null : Math.Round((double)part / whole, 4);
}
