using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Consultations;

/// <summary>常用答复: texts to answer with, one's own and the unit's.</summary>
public static class CannedAnswerEndpoints
{
    public static void MapCannedAnswers(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/v1/staff/canned-answers").For(Audience.Staff, "常用答复").RequireAuthorization(Policies.Handler);

        staff.MapGet("", ListCannedAnswers.Handle).Does("listCannedAnswers", "常用答复列表").Answers<Page<CannedAnswerView>>().Refuses(400);
        staff.MapPost("", WriteCannedAnswer.AddAsync).Does("addCannedAnswer", "新增常用答复").Creates<CannedAnswerView>().Refuses(400, 404);
        staff.MapPut("/{id}", WriteCannedAnswer.EditAsync).Does("editCannedAnswer", "修改常用答复（If-Match）").Answers<CannedAnswerView>().Refuses(400, 404, 412);
        staff.MapDelete("/{id}", WriteCannedAnswer.RemoveAsync).Does("removeCannedAnswer", "删除常用答复（If-Match）").Answers<CannedAnswerView>().Refuses(400, 404, 412);
    }
}
