using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Infrastructure.VideoCalls;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>视频咨询: the citizen's side, the office's, the call page's, and the administrator's.</summary>
public static class VideoCallEndpoints
{
    public static void MapVideoCalls(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/v1/video-calls").For(Audience.Citizen, "视频咨询").RequireAuthorization(Policies.Citizen);
        mine.MapGet("", ListCalls.Handle).Does("listMyVideoCalls", "我的视频通话").Answers<Page<CallView>>().Refuses(400);
        mine.MapGet("/{id}", GetCall.Handle).Does("getVideoCall", "查看视频通话（支持长轮询）").Answers<CallView>().Conditional().Refuses(400, 404);
        mine.MapPost("/{id}/join", JoinCall.Handle).Does("joinVideoCall", "进入视频通话").Answers<JoinCall.Response>().Refuses(404, 409);
        mine.MapPost("/{id}/heartbeat", KeepPresence.BeatAsync).Does("keepVideoCall", "报告仍在通话中").Answers<KeepPresence.Response>().Refuses(400, 404, 409);
        mine.MapPost("/{id}/leave", KeepPresence.LeaveAsync).Does("leaveVideoCall", "离开视频通话").Answers<KeepPresence.Response>().Refuses(400, 404, 409);
        mine.MapPost("/{id}/end", EndCall.Handle).Does("endVideoCall", "挂断").Answers<CallView>().Refuses(400, 404, 409);
        mine.MapPost("/{id}/device-check", CheckDevice.Handle).Does("checkVideoDevice", "通话前检测结果").Answers<CheckDevice.Response>().Refuses(400, 404, 409);
        mine.MapPost("/{id}/medium", ChangeMedium.Handle).Does("changeVideoMedium", "改为语音、电话或视频").Answers<CallView>().Refuses(400, 404, 409, 422);
        mine.MapPost("/{id}/messages", GoToMessages.Handle).Does("continueVideoCallAsMessages", "转为留言继续").Creates<GoToMessages.Response>().Refuses(400, 404, 409);
        mine.MapPost("/{id}/recording-consent", RecordCall.AgreeAsync).Does("agreeToRecording", "同意或撤回录制").Answers<CallView>().Refuses(400, 404, 409);
        mine.MapGet("/{id}/recordings", RecordCall.ListAsync).Does("listMyRecordings", "本人通话的录制记录").Answers<RecordCall.ListResponse>().Refuses(404);
        mine.MapPost("/{id}/page-link", PageLink.Handle).Does("linkVideoCallPage", "通话网页链接（一次性）").Creates<PageLink.Response>().Refuses(404, 409);
        var booked = routes.MapGroup("/v1/appointments").For(Audience.Citizen, "视频咨询").RequireAuthorization(Policies.Citizen);
        booked.MapPost("/{id}/video-call", CallOfAppointment.Handle).Does("openVideoCall", "预约的视频通话").Answers<CallView>().Refuses(400, 404, 409);

        routes.MapStaff();

        var page = routes.MapGroup("/v1/video-calls/page").For([Audience.Citizen, Audience.Staff], "通话网页").RequireAuthorization(Policies.Anyone);
        page.MapPost("/join", UseCallPage.JoinAsync).Does("joinByPageTicket", "凭链接进入通话").Answers<JoinCall.Response>().Refuses(400, 401, 409);
        page.MapPost("/heartbeat", UseCallPage.BeatAsync).Does("keepByPageTicket", "网页报告仍在通话中").Answers<KeepPresence.Response>().Refuses(400, 401, 409);
        page.MapPost("/leave", UseCallPage.LeaveAsync).Does("leaveByPageTicket", "网页离开通话").Answers<KeepPresence.Response>().Refuses(400, 401, 409);
        page.MapPost("/recording-consent", UseCallPage.AgreeAsync).Does("agreeByPageTicket", "网页同意或撤回录制").Answers<UseCallPage.ConsentResponse>().Refuses(400, 401, 404, 409);

        var admin = routes.MapGroup("/v1/admin/video-calls").For(Audience.Admin, "视频管理").RequireAuthorization(Policies.Administrator);
        admin.MapGet("/invariants", OverseeCalls.CheckAsync).Does("checkVideoCalls", "视频通话数据自检（应全部为零）").Answers<CallInvariantsFound>();
        admin.MapGet("/statistics", OverseeCalls.CountAsync).Does("countVideoCalls", "视频通话统计").Answers<OverseeCalls.Statistics>().Refuses(400, 404);
    }

    private static void MapStaff(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/v1/staff/video-calls").For(Audience.Staff, "视频办理").RequireAuthorization(Policies.Handler);
        staff.MapGet("", ListCalls.ByStaffAsync).Does("listVideoCalls", "视频通话：本人或本单位").Answers<Page<StaffCallView>>().Refuses(400, 404);
        staff.MapGet("/{id}", GetCall.ByStaffAsync).Does("getStaffVideoCall", "查看视频通话（工作人员，支持长轮询）").Answers<StaffCallView>().Conditional().Refuses(400, 404);
        staff.MapPost("/{id}/join", JoinCall.ByStaffAsync).Does("joinVideoCallAsStaff", "进入视频通话（窗口预约由先进入者接待）").Answers<JoinCall.Response>().Refuses(403, 404, 409);
        staff.MapPost("/{id}/heartbeat", KeepPresence.StaffBeatAsync).Does("keepVideoCallAsStaff", "报告仍在通话中（工作人员）").Answers<KeepPresence.Response>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/leave", KeepPresence.StaffLeaveAsync).Does("leaveVideoCallAsStaff", "离开视频通话（工作人员）").Answers<KeepPresence.Response>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/end", EndCall.ByOfficeAsync).Does("endVideoCallAsStaff", "挂断（工作人员）").Answers<StaffCallView>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/summary", EndCall.SummariseAsync).Does("summariseVideoCall", "填写通话小结").Answers<StaffCallView>().Refuses(400, 403, 404, 409);
        staff.MapGet("/{id}/notes", EndCall.NotesAsync).Does("listVideoCallNotes", "通话内部备注").Answers<EndCall.NotesResponse>().Refuses(404);
        staff.MapPost("/{id}/notes", EndCall.NoteAsync).Does("noteVideoCall", "添加通话内部备注").Creates<EndCall.NoteView>().Refuses(400, 404);
        staff.MapGet("/{id}/device-checks", CheckDevice.ListAsync).Does("listVideoDeviceChecks", "双方的检测结果").Answers<CheckDevice.ListResponse>().Refuses(404);
        staff.MapPost("/{id}/device-check", CheckDevice.ByStaffAsync).Does("checkVideoDeviceAsStaff", "通话前检测结果（工作人员）").Answers<CheckDevice.Response>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/medium", ChangeMedium.ByOfficeAsync).Does("changeVideoMediumAsStaff", "改为语音、电话或视频（工作人员）").Answers<StaffCallView>().Refuses(400, 403, 404, 409, 422);
        staff.MapPost("/{id}/phone-readings", ChangeMedium.ReadPhoneAsync).Does("readVideoCallPhone", "查看要拨打的电话（留痕）").Answers<ChangeMedium.PhoneResponse>().Refuses(403, 404, 409, 422);
        staff.MapPost("/{id}/reached", ChangeMedium.ReachedAsync).Does("reachedByPhone", "电话已接通").Answers<StaffCallView>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/messages", GoToMessages.ByOfficeAsync).Does("continueVideoCallAsMessagesAsStaff", "转为留言继续（工作人员）").Creates<GoToMessages.Response>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/participants", InviteToCall.Handle).Does("inviteToVideoCall", "邀请第三人").Answers<StaffCallView>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/recording-consent", RecordCall.StaffAgreesAsync).Does("agreeToRecordingAsStaff", "同意或撤回录制（工作人员）").Answers<StaffCallView>().Refuses(400, 403, 404, 409);
        staff.MapGet("/{id}/recordings", RecordCall.StaffListAsync).Does("listRecordings", "录制记录（查看留痕）").Answers<RecordCall.ListResponse>().Refuses(403, 404);
        staff.MapPost("/{id}/recordings", RecordCall.StartAsync).Does("startRecording", "开始录制").Creates<RecordCall.RecordingView>().Refuses(400, 403, 404, 409, 422);
        staff.MapPost("/{id}/recordings/stop", RecordCall.StopAsync).Does("stopRecording", "停止录制").Answers<RecordCall.RecordingView>().Refuses(400, 403, 404, 409);
        staff.MapPost("/{id}/page-link", PageLink.ByStaffAsync).Does("linkVideoCallPageAsStaff", "通话网页链接（本人或受邀人员）").Creates<PageLink.Response>().Refuses(400, 403, 404, 409);
        var booked = routes.MapGroup("/v1/staff/appointments").For(Audience.Staff, "视频办理").RequireAuthorization(Policies.Handler);
        booked.MapPost("/{id}/video-call", CallOfAppointment.ByStaffAsync).Does("openVideoCallAsStaff", "预约的视频通话（工作人员）").Answers<StaffCallView>().Refuses(400, 404, 409);
    }
}
