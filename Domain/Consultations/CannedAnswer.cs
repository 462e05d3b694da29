namespace MicroPlatform.Domain.Consultations;

/// <summary>常用答复: a text to answer with, of one person or of a whole unit.</summary>
/// <param name="OrganisationId">The unit it belongs to; null when it is personal.</param>
/// <param name="StaffId">The person it belongs to; null when it is a unit's.</param>
/// <param name="CategoryCode">What it is about; null for anything.</param>
public sealed record CannedAnswer(string Id, string? OrganisationId, string? StaffId, string? CategoryCode, string Title, string Text, int Version)
{
    public const int MaxTitle = 60;
}
