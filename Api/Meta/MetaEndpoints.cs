using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;

namespace MicroPlatform.Api.Meta;

/// <summary>What every client may ask before anybody has signed in.</summary>
public static class MetaEndpoints
{
    public static void MapMeta(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/v1").For([Audience.Citizen, Audience.Staff, Audience.Admin, Audience.Partner], "公共信息").RequireAuthorization(Policies.Anyone);

        open.MapGet("/time", GetTime.Handle).Does("getTime", "服务器时间").Answers<GetTime.Response>();
        open.MapGet("/meta", GetMeta.Handle).Does("getMeta", "类别、地区、上限等公共信息").Answers<GetMeta.Response>().Conditional();
    }
}
