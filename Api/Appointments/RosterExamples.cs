using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Appointments;

/// <summary>Examples of rosters: the lawyer's Tuesdays and Fridays in the demo district's first town.</summary>
public sealed class RosterExamples : OperationExamples
{
    private const string HoursId = "01KAN8R4XHGV0T3ZQ5W7C9E3BQ";
    private const string LeaveId = "01KAN8R4XHGV0T3ZQ5W7C9E4CR";
    private const string SwapId = "01KAN8R4XHGV0T3ZQ5W7C9E5DS";
    private const string Colleague = "01KAN8R4XHGV0T3ZQ5W7C9E6ET";
    private const string Token = "7d1f0c4b9a2e4f60819ab3c4d5e6f708";
    private const string FeedPath = "/v1/calendar-feeds/3f9c1b7a5d2e4f60819ab3c4d5e6f7083f9c1b7a5d2e4f60.ics";

    private static readonly DateTimeOffset Start = AppointmentExamples.Start;
    private static readonly DateOnly Day = new(2026, 12, 8);

    public RosterExamples()
    {
        Services();
        Resources();
        Hours();
        Leaves();
        Swaps();
        For("makeCalendarFeed", null, new CalendarFeed.Made(FeedPath));
        For("endCalendarFeed", null, new CalendarFeed.Ended(true));
        For("readCalendarFeed", null, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", ("secret", FeedPath[20..^4]));
    }

    private void Services()
    {
        AdminServiceView Service(bool active, int version) => new("lawyer", "律师咨询", "与律师面谈、通话或视频，每次半小时，免费", 30, [MeetingMode.InPerson, MeetingMode.Phone], [Role.Lawyer], null, active, version);
        For("listAllAppointmentServices", null, new WriteServiceKind.ListResponse([Service(true, 1)]));
        For("addAppointmentService", new WriteServiceKind.AddRequest("contract-review", "合同审查", "小微企业合同审查", 45, [MeetingMode.InPerson], [Role.Lawyer], null),
            new AdminServiceView("contract-review", "合同审查", "小微企业合同审查", 45, [MeetingMode.InPerson], [Role.Lawyer], null, true, 1));
        For("editAppointmentService", new WriteServiceKind.Request("律师咨询", "与律师面谈、通话或视频，每次半小时，免费", 30, [MeetingMode.InPerson, MeetingMode.Phone], [Role.Lawyer], null), Service(true, 2), ("code", "lawyer"));
        For("deactivateAppointmentService", null, Service(false, 3), ("code", "lawyer"));
        For("activateAppointmentService", null, Service(true, 4), ("code", "lawyer"));
    }

    private void Resources()
    {
        var desk = Desk("一号窗口");
        For("listBookingResources", null, new Page<BookingResourceView>([Person(), desk], null, false), ("organisationId", DemoDistrict.TownA));
        For("addBookingResource", new WriteBookingResource.Request(ResourceKind.Desk, DemoDistrict.TownA, null, "一号窗口"), desk);
        For("renameBookingResource", new WriteBookingResource.NameRequest("二号窗口"), Desk("二号窗口"), ("id", desk.Id));
        For("deactivateBookingResource", new PlanChoice(true, null), Change(false, []), ("id", DemoDistrict.Lawyer));
        For("activateBookingResource", null, Person(), ("id", DemoDistrict.Lawyer));
    }

    private void Hours()
    {
        var view = new OfficeHoursView(HoursId, DemoDistrict.TownA, 2, "周二", "09:00", "11:00", 1, Day, null, false, Terms());
        For("listOfficeHours", null, new ListOfficeHours.Response(Person(), 3, [view]), ("resourceId", DemoDistrict.Lawyer));
        For("addOfficeHours",
            new WriteOfficeHours.AddRequest(
                DemoDistrict.Lawyer, DemoDistrict.TownA, null, [2, 5], [new("09:00", "11:00")], 1, Day, null, false, new TermsRequest(["lawyer"], [MeetingMode.InPerson], new(1, 1, 1), 30, 0, 0, 60, 30), true, null),
            Change(false, []));
        For("editOfficeHours", new WriteOfficeHours.EditRequest(2, "09:30", "11:30", 1, Day, null, false, new TermsRequest(["lawyer"], null, null, null, null, null, null, null), false, Token),
            Change(true, [HoursId]), ("id", HoursId));
        For("endOfficeHours", new WriteOfficeHours.EndRequest(Day.AddDays(30), true, null), Change(false, []), ("id", HoursId));
        For("removeOfficeHours", new PlanChoice(false, Token), Change(true, []), ("id", HoursId));
        For("getRoster", null, new GetRoster.Response(DemoDistrict.TownA, Day, 1,
            [new(DemoDistrict.Lawyer, "张敏", ResourceKind.Person, true, 3, [new(Day, null, false, 2, [new(HoursId, DemoDistrict.TownA, "09:00", "11:00", ShiftFate.Open, "正常", [new("09:00", "11:00")])])])], []),
            ("organisationId", DemoDistrict.TownA), ("from", "2026-12-08"), ("days", "1"));
    }

    private void Leaves()
    {
        var leave = new LeaveView(LeaveId, DemoDistrict.Lawyer, "张敏", Start, Start.AddHours(7), "开庭", Start.AddDays(-6));
        For("listLeaves", null, new Page<LeaveView>([leave], null, false), ("resourceId", DemoDistrict.Lawyer));
        For("addLeave", new WriteLeave.Request(DemoDistrict.Lawyer, Start, Start.AddHours(7), "开庭", true, null), Change(false, []));
        For("removeLeave", null, leave, ("id", LeaveId));
    }

    private void Swaps()
    {
        SwapView Swap(SwapState state, params SwapAction[] actions) => new(
            SwapId, state, state.Label(), DemoDistrict.TownA, "东河镇公共法律服务工作站", Day, "09:00", "11:00", DemoDistrict.Lawyer, "张敏", Colleague, "李强", Start.AddDays(-6), Start.AddHours(-1),
            state == SwapState.Asked ? null : Start.AddDays(-5), actions);
        For("listSwaps", null, new Page<SwapView>([Swap(SwapState.Asked, SwapAction.Withdraw)], null, false));
        For("askSwap", new AskSwap.Request(HoursId, Day, Colleague), Swap(SwapState.Asked, SwapAction.Withdraw));
        For("acceptSwap", null, Swap(SwapState.Accepted), ("id", SwapId));
        For("declineSwap", null, Swap(SwapState.Declined), ("id", SwapId));
        For("withdrawSwap", null, Swap(SwapState.Withdrawn), ("id", SwapId));
    }

    private static BookingResourceView Person() =>
        new(DemoDistrict.Lawyer, ResourceKind.Person, "人员", DemoDistrict.Lawyer, DemoDistrict.TownA, "东河镇公共法律服务工作站", "张敏", "执业律师", true, 3);

    private static BookingResourceView Desk(string name) =>
        new("01KAN8R4XHGV0T3ZQ5W7C9E7FV", ResourceKind.Desk, "窗口", null, DemoDistrict.TownA, "东河镇公共法律服务工作站", name, null, true, 1);

    private static TermsView Terms() => new(["lawyer"], [MeetingMode.InPerson], new SeatsRequest(1, 1, 1), 30, 0, 0, 60, 30);

    private static RosterChangeView Change(bool applied, IReadOnlyList<string> ids) => new(
        applied, DemoDistrict.Lawyer, applied ? 4 : 3, Token, 1,
        [new(AppointmentExamples.AppointmentId, "264830295719", "律师咨询", MeetingMode.InPerson, "到场", Start, Start.AddMinutes(30),
            new MoveView(DemoDistrict.Lawyer, "张敏", DemoDistrict.TownA, Start.AddDays(3), Start.AddDays(3).AddMinutes(30)),
            "您12月8日（周二）10:00的律师咨询预约因服务时间调整，改为12月11日（周五）10:00")], ids);
}
