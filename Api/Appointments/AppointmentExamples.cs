using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Appointments;

/// <summary>Examples of the citizen's side: the half hour with the lawyer of the demo district's first town.</summary>
public sealed class AppointmentExamples : OperationExamples
{
    internal const string AppointmentId = "01KAN8R4XHGV0T3ZQ5W7C9E2AP";
    internal const string HoldId = "3f9c1b7a5d2e4f60819ab3c4d5e6f708";

    /// <summary>A Tuesday, within the month that can be booked.</summary>
    internal static readonly DateTimeOffset Start = new(2026, 12, 8, 10, 0, 0, ChinaTime.Offset);

    public AppointmentExamples()
    {
        For("listAppointmentServices", null, new ListServices.Response(
            [new("lawyer", "律师咨询", "与律师面谈、通话或视频，每次半小时，免费", 30, [new(MeetingMode.InPerson, "到场"), new(MeetingMode.Phone, "电话"), new(MeetingMode.Video, "视频")], null)]));
        For("findSlots", null, new FindSlots.Response(new DateOnly(2026, 12, 8), [Free(0), Free(30), Free(60)]), ("serviceCode", "lawyer"), ("mode", "inPerson"), ("date", "2026-12-08"));
        For("findSlotDays", null, new FindSlotDays.Response([new(new DateOnly(2026, 12, 31), true, 12, null, false), new(new DateOnly(2027, 1, 1), false, 0, "元旦", false)]),
            ("organisationId", DemoDistrict.TownA), ("serviceCode", "lawyer"), ("mode", "inPerson"), ("from", "2026-12-01"), ("days", "31"));
        For("findNextSlots", null, new FindNextSlots.Response([new(DemoDistrict.Lawyer, DemoDistrict.TownA, "张敏", Start, Start.AddMinutes(30), 1)]), ("serviceCode", "lawyer"), ("mode", "video"));
        For("holdSlot", new HoldSlot.Request("lawyer", MeetingMode.InPerson, DemoDistrict.Lawyer, Start),
            new HoldSlot.Response(HoldId, DemoDistrict.Lawyer, Start, Start.AddMinutes(30), Start.AddDays(-6).AddMinutes(5)));
        For("releaseHold", null, new HoldSlot.Released(HoldId), ("id", HoldId));
        For("bookAppointment",
            new BookAppointment.Request("lawyer", MeetingMode.InPerson, DemoDistrict.Lawyer, null, Start, null, null, "0201", null, null, null, "食品厂拖欠工资一万八千六百元，想当面咨询", null, null),
            View(AppointmentState.Booked, Start));
        For("listMyAppointments", null, new Page<AppointmentView>([View(AppointmentState.Booked, Start)], null, false), ("past", "false"));
        For("getAppointment", null, View(AppointmentState.Booked, Start), ("id", AppointmentId));
        For("cancelAppointment", new CancelAppointment.Request("临时有事"), View(AppointmentState.Cancelled, Start), ("id", AppointmentId));
        For("checkInMyself", new CheckInMyself.Request($"{DemoDistrict.TownA}q7Xk2P"), View(AppointmentState.CheckedIn, Start), ("id", AppointmentId));
        For("getAppointmentQr", null, null, ("id", AppointmentId));
        For("downloadAppointmentCalendar", null, null, ("id", AppointmentId));
        For("rescheduleAppointment", new RescheduleAppointment.Request(Start.AddHours(4), null, null), View(AppointmentState.Booked, Start.AddHours(4)), ("id", AppointmentId));
    }

    private static FindSlots.StartView Free(int minutes) =>
        new(Start.AddMinutes(minutes), Start.AddMinutes(minutes + 30), 1, [new(DemoDistrict.Lawyer, DemoDistrict.TownA, "张敏")], 1);

    internal static AppointmentView View(AppointmentState state, DateTimeOffset start) => new(
        AppointmentId, MatterExamples.MatterId, "264830295719", "2648-3029-5719", state, state.Label(), "lawyer", "律师咨询", MeetingMode.InPerson, "到场", start, start.AddMinutes(30),
        new PlaceView(DemoDistrict.TownA, "东河镇公共法律服务工作站", "东河镇便民服务大厅", "0558-5550201", 33.9214, 115.8427), DemoDistrict.Lawyer, "张敏", "执业律师", null, null,
        "食品厂拖欠工资一万八千六百元，想当面咨询", null, null, null, null, state == AppointmentState.Cancelled ? Start.AddDays(-2) : null,
        state == AppointmentState.Cancelled ? ActorKind.Citizen : null, state == AppointmentState.Cancelled ? "临时有事" : null, "K7M2Q9RT", null, false, start == Start ? 0 : 1,
        start == Start ? [] : [new AppointmentMoveView(Start, "张敏", start, "张敏", ActorKind.Citizen, ActorKind.Citizen.Label(), Start.AddDays(-3))], Start.AddDays(-6),
        state == AppointmentState.Booked ? [AppointmentAction.Reschedule, AppointmentAction.Cancel, AppointmentAction.CheckIn] : [], 1);
}
