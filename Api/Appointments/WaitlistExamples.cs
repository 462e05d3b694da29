using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>Examples of the waiting list and of looking after appointments.</summary>
public sealed class WaitlistExamples : OperationExamples
{
    internal const string EntryId = "01KAN8R4XHGV0T3ZQ5W7C9E2WA";
    internal const string OfferId = "01KAN8R4XHGV0T3ZQ5W7C9E2WF";

    private static readonly DateOnly Until = new(2026, 12, 11);

    public WaitlistExamples()
    {
        For("joinWaitlist",
            new JoinWaitlist.Request("lawyer", MeetingMode.InPerson, DemoDistrict.Lawyer, null, null, Until, null, "0201", null, "食品厂拖欠工资一万八千六百元，想当面咨询"),
            View(WaitlistState.Waiting));
        For("listMyWaitlist", null, new Page<WaitlistView>([View(WaitlistState.Offered)], null, false));
        For("leaveWaitlist", null, View(WaitlistState.Left), ("id", EntryId));
        For("acceptOffer", new AcceptOffer.Request(null, null, null), AppointmentExamples.View(AppointmentState.Booked, AppointmentExamples.Start), ("id", OfferId));
        For("rejectOffer", null, View(WaitlistState.Waiting), ("id", OfferId));
        For("listStrandedAppointments", null, new Page<ListStranded.Item>([new(
            AppointmentExamples.AppointmentId, "264830295719", "2648-3029-5719", AppointmentState.Booked, AppointmentState.Booked.Label(), AppointmentExamples.Start,
            AppointmentExamples.Start.AddMinutes(30), MeetingMode.InPerson, MeetingMode.InPerson.Label(), "lawyer", "律师咨询", DemoDistrict.Lawyer, "张敏", DemoDistrict.TownA,
            "东河镇公共法律服务工作站", ListStranded.Reason.AccountDisabled, ListStranded.Reason.AccountDisabled.Label())], null, false));
        For("checkAppointments", null, new InvariantsFound(0, 0, 0, 0, 0, 412));
    }

    private static WaitlistView View(WaitlistState state) => new(
        EntryId, MatterExamples.MatterId, null, state, state.Label(), "lawyer", "律师咨询", MeetingMode.InPerson, "到场", DemoDistrict.Lawyer, null, "张敏",
        DateOnly.FromDateTime(AppointmentExamples.Start.AddDays(-6).DateTime), Until, AppointmentExamples.Start.AddDays(-6), state == WaitlistState.Left ? AppointmentExamples.Start.AddDays(-5) : null,
        state == WaitlistState.Offered
            ? new OfferView(OfferId, DemoDistrict.Lawyer, AppointmentExamples.Start, AppointmentExamples.Start.AddMinutes(30), "东河镇公共法律服务工作站", "张敏", AppointmentExamples.Start.AddDays(-1).AddMinutes(10))
            : null);
}
