using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>Looks at requests from inside the program, at the moment a route is chosen or when its authorisation is decided.</summary>
internal static class SpyFilter
{
    public static void AddSingletonFilter(this IServiceCollection services, Action<HttpContext> look) =>
        services.AddSingletonFilter(http => { look(http); return Task.CompletedTask; });

    /// <param name="late">After the deadline has begun to run, instead of before.</param>
    public static void AddSingletonFilter(this IServiceCollection services, Func<HttpContext, Task> look, bool late = false)
    {
        if (late) services.AddSingleton<Microsoft.AspNetCore.Authorization.IAuthorizationHandler>(new Handler(look));
        else services.AddSingleton<MatcherPolicy>(new Policy(look));
    }

    private sealed class Policy(Func<HttpContext, Task> look) : MatcherPolicy, IEndpointSelectorPolicy
    {
        public override int Order => int.MaxValue;

        public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

        public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates) => look(httpContext);
    }

    private sealed class Handler(Func<HttpContext, Task> look) : Microsoft.AspNetCore.Authorization.IAuthorizationHandler
    {
        public Task HandleAsync(Microsoft.AspNetCore.Authorization.AuthorizationHandlerContext context) =>
            context.Resource is HttpContext http ? look(http) : Task.CompletedTask;
    }
}
