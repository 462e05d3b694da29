using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>For routes that change who can be found: units, people, services, the calendar.</summary>
internal static class DirectoryFreshness
{
    /// <summary>After each write of these routes the next search on this node reads the directory anew; other nodes follow within <see cref="BookableDirectory.Belief"/>.</summary>
    public static RouteGroupBuilder RefreshesDirectory(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
    {
        var answer = await next(context);
        if (!HttpMethods.IsGet(context.HttpContext.Request.Method)) context.HttpContext.RequestServices.GetRequiredService<BookableDirectory>().Forget();
        return answer;
    });
}
