using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Matters;

/// <summary>我的事项: everything of a citizen, whatever service works on it.</summary>
public static class MatterEndpoints
{
    public static void MapMatters(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/v1/matters").For(Audience.Citizen, "我的事项").RequireAuthorization(Policies.Citizen);

        mine.MapGet("", ListMyMatters.Handle).Does("listMyMatters", "我的事项列表").Answers<Page<MatterView>>().Refuses(400);
        mine.MapGet("/{id}", GetMatter.Handle).Does("getMatter", "查看事项").Answers<MatterView>().Conditional().Refuses(404);
        mine.MapGet("/{id}/timeline", ReadTimeline.Handle).Does("readTimeline", "查看办理进度").Answers<ReadTimeline.Response>().Conditional().Refuses(404);
        mine.MapPost("/{id}/rating", RateMatter.Handle).Does("rateMatter", "评价").Creates<RateMatter.Response>().Refuses(400, 404, 409);
        mine.MapPut("/{id}/contact-preference", SetContactPreference.Handle).Does("setMatterContactPreference", "设置本事项的消息提醒方式").Answers<MatterView>().Refuses(400, 404);
    }
}
