using System.ComponentModel.DataAnnotations;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>Limits and times of appointments. Section <c>Appointments</c>.</summary>
public sealed class AppointmentsOptions
{
    /// <summary>Appointments one citizen may have ahead of them. Staff may book more for somebody.</summary>
    [Range(1, 100)]
    public int MaxOpenPerCitizen { get; set; } = 5;

    /// <summary>How long a slot is held while the form is filled in.</summary>
    public TimeSpan HoldFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Slots that one person, or one address that is not signed in, may hold at a time.</summary>
    [Range(1, 100)]
    public int MaxHolds { get; set; } = 3;

    /// <summary>A citizen cancels or moves at least so long before the start. Later a telephone call is fairer to who prepares.</summary>
    public TimeSpan ChangeNotice { get; set; } = TimeSpan.FromHours(2);

    /// <summary>With so many absences within <see cref="NoShowMemory"/> one books at the window or by phone only.</summary>
    [Range(1, 100)]
    public int NoShowLimit { get; set; } = 3;

    public TimeSpan NoShowMemory { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long time that has become free is kept for one person of the waiting list.</summary>
    public TimeSpan OfferFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Offers are made from this time of the day in China on: nobody is woken for one.</summary>
    public TimeSpan OffersFrom { get; set; } = TimeSpan.FromHours(8);

    /// <summary>… until just before this one.</summary>
    public TimeSpan OffersUntil { get; set; } = TimeSpan.FromHours(21);

    /// <summary>Places one citizen may have on waiting lists.</summary>
    [Range(1, 100)]
    public int MaxWaiting { get; set; } = 5;

    /// <summary>
    /// What stands before the <c>scene</c> in the code printed for a service point, such as the address that the mini-program is registered to open
    /// (扫普通链接二维码打开小程序). Empty: the scene alone, for the mini-program's own scanner.
    /// </summary>
    public string CheckInLink { get; set; } = "";
}
