namespace MicroPlatform.Domain.Consultations;

/// <summary>
/// Who of those on duty gets a consultation: whoever knows the field, then whoever has the least to answer, then whoever has waited longest
/// for the last one. Pure, so that the rule can be tried on every case.
/// </summary>
public static class Dispatch
{
    /// <param name="onDuty">Everybody on duty in the unit whose turn it is.</param>
    /// <param name="categoryCode">Of the matter; specialities are groups, its first two digits.</param>
    /// <param name="capacity">Open unanswered matters one person is given at most.</param>
    /// <returns>Null when nobody has room.</returns>
    public static Candidate? Choose(IEnumerable<Candidate> onDuty, string categoryCode, int capacity) => onDuty
        .Where(c => c.OpenUnanswered < capacity)
        .OrderByDescending(c => c.Knows(categoryCode))
        .ThenBy(c => c.OpenUnanswered)
        .ThenBy(c => c.LastAssignedAt)
        .ThenBy(c => c.StaffId, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>The group a category stands under: <c>02</c> of <c>0201</c>.</summary>
    public static string Group(string categoryCode) => categoryCode.Length > 2 ? categoryCode[..2] : categoryCode;

    /// <summary>Somebody on duty.</summary>
    /// <param name="Specialities">Category codes; of each only the group counts.</param>
    /// <param name="OpenUnanswered">Matters they owe an answer to.</param>
    public sealed record Candidate(string StaffId, string Name, IReadOnlyList<string> Specialities, int OpenUnanswered, DateTimeOffset LastAssignedAt)
    {
        public bool Knows(string categoryCode) => Specialities.Any(s => Group(s) == Group(categoryCode));
    }
}
