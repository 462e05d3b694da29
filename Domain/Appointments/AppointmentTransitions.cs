using static MicroPlatform.Domain.Appointments.AppointmentAction;
using static MicroPlatform.Domain.Appointments.AppointmentState;

namespace MicroPlatform.Domain.Appointments;

/// <summary>Every permitted move of an appointment. What is not here is refused. Printed in <c>docs/states.md</c>; a test tries every pair.</summary>
public static class AppointmentTransitions
{
    public static readonly IReadOnlyDictionary<(AppointmentState From, AppointmentAction Action), AppointmentState> Table =
        new Dictionary<(AppointmentState, AppointmentAction), AppointmentState>
        {
            [(Booked, Confirm)] = Booked,
            [(Booked, Reschedule)] = Booked,
            [(Booked, Cancel)] = Cancelled,
            [(Booked, CheckIn)] = CheckedIn,
            [(Booked, Start)] = InService,
            [(Booked, MarkNoShow)] = NoShow,
            [(Booked, HandOn)] = Completed,
            [(Booked, OfficeMissed)] = Booked,

            [(CheckedIn, Reschedule)] = Booked,
            [(CheckedIn, Cancel)] = Cancelled,
            [(CheckedIn, Start)] = InService,
            [(CheckedIn, MarkNoShow)] = NoShow,
            [(CheckedIn, HandOn)] = Completed,
            [(CheckedIn, OfficeMissed)] = Booked,

            [(InService, Complete)] = Completed,
            [(InService, HandOn)] = Completed,

            [(NoShow, Reinstate)] = Booked,
        };
}
