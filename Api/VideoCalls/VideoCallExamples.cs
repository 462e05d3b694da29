using MicroPlatform.Api.Appointments;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>Examples of video calls: the half hour by picture with the lawyer of the demo district's first town.</summary>
public sealed class VideoCallExamples : OperationExamples
{
    private const string CallId = "01KAN8R4XHGV0T3ZQ5W7C9E3VC";
    private const string CitizenPart = "01KAN8R4XHGV0T3ZQ5W7C9E3P1";
    private const string StaffPart = "01KAN8R4XHGV0T3ZQ5W7C9E3P2";
    private const string GuestPart = "01KAN8R4XHGV0T3ZQ5W7C9E3P3";
    private const string RecordingId = "01KAN8R4XHGV0T3ZQ5W7C9E3RC";
    private const string Thread = "01KAN8R4XHGV0T3ZQ5W7C9E3CT";
    private const string Seat = "5f2b9c1a7d3e4f60819ab3c4d5e6f708";
    private const string Ticket = "q7Xk2Pv0mZ1sT9bLw4Rj8Nd3Gh6Yc5Ea2Uf0Ki7Op9Q";

    private static readonly DateTimeOffset Start = AppointmentExamples.Start;

    private static readonly CallPersonView[] Both =
        [new(CitizenPart, CallSide.Citizen, "群众", "群众", true, true, false), new(StaffPart, CallSide.Staff, "工作人员", "张敏", true, false, false)];

    public VideoCallExamples()
    {
        AddCitizens();
        AddPages();
        AddStaffs();
        AddRecordings();
        For("checkVideoCalls", null, new CallInvariantsFound(0, 0, 0, 0, 0, 0, 0, 38));
        For("countVideoCalls", null, new OverseeCalls.Statistics(new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30), 412, 371, 5380, 22, 4, 3, 9, 1, 6, 11, 38, 2), ("from", "2026-11-01"), ("days", "30"));
    }

    private void AddCitizens()
    {
        For("listMyVideoCalls", null, new Page<CallView>([View(CallState.Scheduled)], null, false), ("limit", "20"));
        For("getVideoCall", null, View(CallState.Connected), ("id", CallId), ("after", "3"), ("waitSeconds", "25"));
        For("openVideoCall", null, View(CallState.Scheduled), ("id", AppointmentExamples.AppointmentId));
        For("joinVideoCall", null, Joined(CitizenPart), ("id", CallId));
        For("keepVideoCall", new KeepPresence.Request(Seat), Kept(CallState.Connected), ("id", CallId));
        For("leaveVideoCall", new KeepPresence.Request(Seat), Kept(CallState.Reconnecting), ("id", CallId));
        For("endVideoCall", null, View(CallState.Ended), ("id", CallId));
        For("checkVideoDevice", Check(), new CheckDevice.Response(CallMedium.Audio, "语音", CallMedium.Video, "视频", Start.AddMinutes(-5)), ("id", CallId));
        For("changeVideoMedium", new ChangeMedium.Request(CallMedium.Audio), View(CallState.Connected) with { Medium = CallMedium.Audio, MediumText = "语音" }, ("id", CallId));
        For("continueVideoCallAsMessages", new GoToMessages.Request("画面一直卡住，我把结算清单的内容写在这里：欠一万八千六百元，去年九月到今年一月。"),
            new GoToMessages.Response(CallId, CallState.Ended, "已结束", MatterExamples.MatterId, Thread), ("id", CallId));
        For("agreeToRecording", new RecordCall.ConsentRequest(true), View(CallState.Connected), ("id", CallId));
        For("listMyRecordings", null, new RecordCall.ListResponse([Recording(RecordingState.Kept)]), ("id", CallId));
        For("linkVideoCallPage", null, new PageLink.Response($"https://fuwu.example.gov.cn/call/#{Ticket}", Start), ("id", CallId));
    }

    private void AddPages()
    {
        For("joinByPageTicket", new UseCallPage.JoinRequest(Ticket), Joined(CitizenPart));
        For("keepByPageTicket", new UseCallPage.SeatRequest(Ticket, Seat), Kept(CallState.Connected));
        For("leaveByPageTicket", new UseCallPage.SeatRequest(Ticket, Seat), Kept(CallState.Reconnecting));
        For("agreeByPageTicket", new UseCallPage.ConsentRequest(Ticket, true), new UseCallPage.ConsentResponse(true, false));
    }

    private void AddStaffs()
    {
        For("listVideoCalls", null, new Page<StaffCallView>([StaffView(CallState.Ringing)], null, false), ("view", "today"), ("mine", "true"));
        For("getStaffVideoCall", null, StaffView(CallState.Connected), ("id", CallId));
        For("openVideoCallAsStaff", null, StaffView(CallState.Scheduled), ("id", AppointmentExamples.AppointmentId));
        For("joinVideoCallAsStaff", null, Joined(StaffPart), ("id", CallId));
        For("keepVideoCallAsStaff", new KeepPresence.Request(Seat), Kept(CallState.Connected), ("id", CallId));
        For("leaveVideoCallAsStaff", new KeepPresence.Request(Seat), Kept(CallState.Reconnecting), ("id", CallId));
        For("endVideoCallAsStaff", null, StaffView(CallState.Ended), ("id", CallId));
        const string Summary = "咨询拖欠工资。结算清单可作欠条直接起诉，告知可申请法律援助、免经济困难审查，需带身份证和结算清单。";
        For("summariseVideoCall", new EndCall.SummaryRequest(Summary),
            StaffView(CallState.Ended) with { Summary = Summary, SummarisedAt = Start.AddMinutes(30), OwesSummary = false }, ("id", CallId));
        var note = new EndCall.NoteView(GuestPart, "对方公司可能已注销，需查工商登记", DemoDistrict.Lawyer, "张敏", Start.AddMinutes(12));
        For("noteVideoCall", new EndCall.NoteRequest(note.Text), note, ("id", CallId));
        For("listVideoCallNotes", null, new EndCall.NotesResponse([note]), ("id", CallId));
        For("listVideoDeviceChecks", null, new CheckDevice.ListResponse(
            [new(CitizenPart, CallSide.Citizen, "群众", "群众", DeviceState.Works, "正常", DeviceState.Works, "正常", NetworkGrade.Weak, "较弱", 320, 40, 900, 350, CallMedium.Video, "视频", CallMedium.Audio, "语音", Start.AddMinutes(-5))]),
            ("id", CallId));
        For("checkVideoDeviceAsStaff", Check(), new CheckDevice.Response(CallMedium.Audio, "语音", CallMedium.Video, "视频", Start.AddMinutes(-5)), ("id", CallId));
        For("changeVideoMediumAsStaff", new ChangeMedium.Request(CallMedium.Phone), StaffView(CallState.Connected) with { Medium = CallMedium.Phone, MediumText = "电话" }, ("id", CallId));
        For("readVideoCallPhone", null, new ChangeMedium.PhoneResponse("李来运", "13805550001", ContactPreference.Visible, ContactPreference.Visible.Label()), ("id", CallId));
        For("reachedByPhone", null, StaffView(CallState.Connected) with { Medium = CallMedium.Phone, MediumText = "电话" }, ("id", CallId));
        For("continueVideoCallAsMessagesAsStaff", new GoToMessages.Request("信号不好，我们改为留言：请把结算清单拍照发来，我看后答复您。"),
            new GoToMessages.Response(CallId, CallState.Ended, "已结束", MatterExamples.MatterId, Thread), ("id", CallId));
        For("inviteToVideoCall", new InviteToCall.Request(null, "手语翻译"), StaffView(CallState.Connected) with
        {
            Participants = [.. Both.Select(p => p with { Me = p.Side == CallSide.Staff }), new CallPersonView(GuestPart, CallSide.Guest, "受邀人员", "手语翻译", false, false, false)],
        }, ("id", CallId));
        For("linkVideoCallPageAsStaff", new PageLink.Request(GuestPart), new PageLink.Response($"https://fuwu.example.gov.cn/call/#{Ticket}", Start.AddMinutes(90)), ("id", CallId));
    }

    private void AddRecordings()
    {
        For("agreeToRecordingAsStaff", new RecordCall.ConsentRequest(true), StaffView(CallState.Connected), ("id", CallId));
        For("startRecording", null, Recording(RecordingState.Wanted), ("id", CallId));
        For("stopRecording", null, Recording(RecordingState.Stopping), ("id", CallId));
        For("listRecordings", null, new RecordCall.ListResponse([Recording(RecordingState.Kept)]), ("id", CallId));
    }

    private static CheckDevice.Request Check() => new(DeviceState.Works, DeviceState.Works, NetworkGrade.Weak, 320, 40, 900, 350, CallMedium.Video);

    private static JoinCall.Response Joined(string participant) => new(
        "janus", Start.AddMinutes(10), new JanusParams("wss://video.example.gov.cn/janus", "1765160400,janus,janus.plugin.videoroom:…", "1765160400,janus.plugin.videoroom,room=…:…", CallId, $"{participant}-1", $"{participant}-1", true, false),
        [new IceServer(["turn:video.example.gov.cn:3478?transport=udp", "turns:video.example.gov.cn:443?transport=tcp"], $"1765160400:{participant}", "Z1L5QS+KrlHbJwGqRKC+NAWvIKs=")],
        Seat, 5, CallId, participant, CallState.Ringing, CallState.Ringing.Label(), CallMedium.Video, "视频", Start, Start.AddMinutes(30), false, [.. Both.Select(p => p with { Me = p.Id == participant })], 3);

    private static KeepPresence.Response Kept(CallState state) => new(state, state.Label(), CallMedium.Video, "视频", state == CallState.Connected, 5, 4);

    private static CallView View(CallState state) => new(
        CallId, MatterExamples.MatterId, "264830295719", "2648-3029-5719", state, state.Label(), CallMedium.Video, "视频", Start, Start.AddMinutes(30), Start.AddMinutes(-15), Start.AddMinutes(90),
        !state.IsOver(), "东河镇公共法律服务工作站", "张敏", Begun(state, 0), Begun(state, 1), state == CallState.Connected ? Start.AddMinutes(1) : null, state == CallState.Ended ? 1680 : 0,
        state.IsOver() ? Start.AddMinutes(29) : null, state == CallState.Ended ? CallEnd.Finished : null, state == CallState.Ended ? "正常结束" : null, null, null, null, null,
        AppointmentExamples.AppointmentId, null, false, false, Both, 4);

    private static StaffCallView StaffView(CallState state) => new(
        CallId, MatterExamples.MatterId, "264830295719", "2648-3029-5719", "律师咨询：食品厂拖欠工资一万八千六百元", state, state.Label(), CallMedium.Video, "视频", Start, Start.AddMinutes(30),
        Start.AddMinutes(-15), Start.AddMinutes(90), !state.IsOver(), DemoDistrict.TownA, "东河镇公共法律服务工作站", DemoDistrict.Lawyer, "张敏", true, false, Begun(state, 0), Begun(state, 1),
        state == CallState.Connected ? Start.AddMinutes(1) : null, state == CallState.Ended ? 1680 : 0, state.IsOver() ? Start.AddMinutes(29) : null,
        state == CallState.Ended ? CallEnd.Finished : null, state == CallState.Ended ? "正常结束" : null, null, null, false, state == CallState.Ended, null, null, AppointmentExamples.AppointmentId,
        null, null, false, false, ContactPreference.Visible, ContactPreference.Visible.Label(), [.. Both.Select(p => p with { Me = p.Side == CallSide.Staff })], Start.AddDays(-6), 4);

    private static RecordCall.RecordingView Recording(RecordingState state) => new(
        RecordingId, state, state.Label(), DemoDistrict.Lawyer, "张敏", Start.AddMinutes(3), [CitizenPart, StaffPart], state == RecordingState.Wanted ? null : Start.AddMinutes(3),
        state is RecordingState.Stopping or RecordingState.Kept ? Start.AddMinutes(29) : null, state is RecordingState.Stopping or RecordingState.Kept ? RecordingStop.ByHand : null,
        state is RecordingState.Stopping or RecordingState.Kept ? "手动停止" : null, state == RecordingState.Kept ? Start.AddDays(180) : null, null);

    private static DateTimeOffset? Begun(CallState state, int minutes) => state == CallState.Scheduled || (minutes > 0 && state == CallState.Ringing) ? null : Start.AddMinutes(minutes);
}
