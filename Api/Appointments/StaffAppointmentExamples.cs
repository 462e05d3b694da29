using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>Examples of the office's side, about the appointment of <see cref="AppointmentExamples"/>.</summary>
public sealed class StaffAppointmentExamples : OperationExamples
{
    private const string PartyId = "01KAN8R4XHGV0T3ZQ5W7C9E2PT";
    private const string Id = AppointmentExamples.AppointmentId;

    private static readonly DateTimeOffset Start = AppointmentExamples.Start;

    public StaffAppointmentExamples()
    {
        For("listAgenda", null, new Page<StaffAppointmentView>([View(AppointmentState.Booked)], null, false), ("organisationId", DemoDistrict.TownA), ("date", "2026-12-08"));
        For("bookAtWindow",
            new BookAtWindow.Request("lawyer", MeetingMode.InPerson, DemoDistrict.Lawyer, null, Start, null, null, null, "13900005678", "李来运", true, "0201", null, null, null, "工资拖欠，想当面咨询", null, null),
            View(AppointmentState.Booked) with { Side = BookingSide.Staff, SideText = BookingSide.Staff.Label() });
        For("getStaffAppointment", null, View(AppointmentState.Booked), ("id", Id));
        For("confirmAppointment", null, View(AppointmentState.Booked), ("id", Id));
        For("checkInAppointment", null, View(AppointmentState.CheckedIn), ("id", Id));
        For("checkInByCode", new CheckInVisitor.Request("K7M2 Q9RT"), View(AppointmentState.CheckedIn));
        For("startAppointment", null, View(AppointmentState.InService), ("id", Id));
        For("completeAppointment", new CompleteAppointment.Request("已告知劳动仲裁途径，代写申请书"), View(AppointmentState.Completed), ("id", Id));
        For("markNoShow", null, View(AppointmentState.NoShow), ("id", Id));
        For("reinstateAppointment", null, View(AppointmentState.Booked), ("id", Id));
        For("rescheduleByOffice", new RescheduleByOffice.Request(Start.AddHours(4), null, "律师上午出庭"),
            View(AppointmentState.Booked) with
            {
                StartsAt = Start.AddHours(4), EndsAt = Start.AddHours(4).AddMinutes(30), Moves = 1,
                History = [new AppointmentMoveView(Start, "张敏", Start.AddHours(4), "张敏", ActorKind.Staff, ActorKind.Staff.Label(), Start.AddDays(-3))],
            }, ("id", Id));
        For("cancelByOffice", new CancelByOffice.Request("律师因病请假，请改约其他时间"), View(AppointmentState.Cancelled), ("id", Id));
        For("readAppointmentContact", new ReadAppointmentContact.Request("电话确认到场时间"),
            new ReadAppointmentContact.Response("王小梅", "13800000001", null, null, null, null, false, null, ContactPreference.Visible, ContactPreference.Visible.Label()), ("id", Id));
        For("getPointCheckInQr", null, null, ("id", DemoDistrict.TownA), ("format", "svg"));
        var party = new KnownParties.Item(PartyId, "东河食品有限公司", Start.AddDays(-30));
        For("listKnownParties", null, new KnownParties.Response([party]));
        For("addKnownParty", new KnownParties.Request("东河食品有限公司"), party);
        For("removeKnownParty", null, new KnownParties.Removed(PartyId), ("id", PartyId));
    }

    private static StaffAppointmentView View(AppointmentState state)
    {
        DateTimeOffset? At(int minutes, params AppointmentState[] after) => after.Contains(state) ? Start.AddMinutes(minutes) : null;
        return new StaffAppointmentView(
            Id, MatterExamples.MatterId, "264830295719", "2648-3029-5719", state, state.Label(), "lawyer", "律师咨询", MeetingMode.InPerson, MeetingMode.InPerson.Label(), BookingSide.Citizen,
            BookingSide.Citizen.Label(), Start, Start.AddMinutes(30), DemoDistrict.TownA, "东河镇公共法律服务工作站", DemoDistrict.Lawyer, "张敏", false, DemoDistrict.Lawyer, "张敏", null, null,
            "食品厂拖欠工资一万八千六百元，想当面咨询", state == AppointmentState.Completed ? "已告知劳动仲裁途径，代写申请书" : null, null, null,
            At(-10, AppointmentState.CheckedIn, AppointmentState.InService, AppointmentState.Completed), At(1, AppointmentState.InService, AppointmentState.Completed),
            At(28, AppointmentState.Completed), At(16, AppointmentState.NoShow), At(-2880, AppointmentState.Cancelled), state == AppointmentState.Cancelled ? ActorKind.Staff : null,
            state == AppointmentState.Cancelled ? "律师因病请假，请改约其他时间" : null, null, false, 0, [], state == AppointmentState.CheckedIn, false, false, false, Start.AddDays(-6),
            [.. AppointmentTransitions.Table.Keys.Where(k => k.From == state && k.Action is not (AppointmentAction.Confirm or AppointmentAction.HandOn or AppointmentAction.OfficeMissed)).Select(k => k.Action)], 1);
    }
}
