using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Domain.Appointments;

/// <summary>预约事项: what a citizen can book, such as a lawyer's half hour or a mediation at home.</summary>
/// <param name="Bit">0 to 62, its place in sets of services; never given to another.</param>
/// <param name="DurationMinutes">A multiple of <see cref="Raster.Minutes"/>.</param>
/// <param name="Modes">How it may be held; a person's hours narrow it.</param>
/// <param name="Roles">Who gives it.</param>
/// <param name="ConfirmWithinWorkingDays">The unit says yes within so many working days of the booking (R-12: three for mediation); null when nobody needs to.</param>
public sealed record ServiceKind(
    string Code, int Bit, string Name, string? Description, int DurationMinutes, MeetingModes Modes, IReadOnlyList<Role> Roles, int? ConfirmWithinWorkingDays, bool Active, int Version)
{
    public const int MostBits = 63;

    public ulong Mask => 1UL << Bit;
}
