namespace MicroPlatform.Api.Http;

/// <summary>
/// An address that does not exist (404) and a method that does not exist there (405) are told before anybody is asked to sign in: a 401
/// there would send the mini-program signing in again and again.
/// </summary>
public static class MissingRoutes
{
    public static void UseMissingRoutes(this WebApplication app) => app.Use((http, next) => http.GetEndpoint() switch
    {
        RouteEndpoint => next(http),
        null => Problems.WriteAsync(http, HttpRefusals.RouteNotFound),
        // What routing puts in the place of a route: sets 405 with Allow, or 415; the body is added outside.
        { RequestDelegate: { } refuse } => refuse(http),
        _ => next(http),
    });
}
