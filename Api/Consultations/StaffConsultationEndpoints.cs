using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Consultations;

/// <summary>留言咨询, the office's side.</summary>
public static class StaffConsultationEndpoints
{
    public static void MapStaffConsultations(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/v1/staff/consultations").For(Audience.Staff, "咨询办理").RequireAuthorization(Policies.Handler);

        staff.MapGet("/{id}", StaffReading.GetAsync).Does("getStaffConsultation", "查看咨询").Answers<StaffConsultationView>().Refuses(404);
        staff.MapGet("/{id}/messages", StaffReading.ThreadAsync).Does("readStaffThread", "读取留言和内部备注（支持长轮询）").Answers<ReadThread.Response>().Refuses(400, 404);
        staff.MapPost("/{id}/assignment", AssignConsultation.Handle).Does("assignConsultation", "受理，或指派给同事").Answers<StaffConsultationView>().Refuses(400, 404, 409, 422);
        staff.MapDelete("/{id}/assignment", ReleaseConsultation.Handle).Does("releaseConsultation", "退回待办").Answers<StaffConsultationView>().Refuses(404, 409);
        staff.MapPost("/{id}/answers", AnswerConsultation.Handle).Does("answerConsultation", "答复群众").Creates<MessageView>().Refuses(400, 404, 409, 422);
        staff.MapPost("/{id}/notes", NoteConsultation.Handle).Does("noteConsultation", "添加内部备注（群众不可见）").Creates<MessageView>().Refuses(400, 404, 409, 422);
        staff.MapPost("/{id}/rejection", RejectConsultation.Handle).Does("rejectConsultation", "不予受理并说明理由").Answers<StaffConsultationView>().Refuses(400, 404, 409);
        staff.MapPost("/{id}/merger", MergeConsultation.Handle).Does("mergeConsultation", "并入同一群众的另一件咨询").Answers<StaffConsultationView>().Refuses(400, 404, 409, 422);
    }
}
