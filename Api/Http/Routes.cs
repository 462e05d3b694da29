using MicroPlatform.Api.Http.Limits;
using Microsoft.AspNetCore.Http.Metadata;

namespace MicroPlatform.Api.Http;

/// <summary>Who a route is for; Swagger UI serves one document for each.</summary>
public enum Audience
{
    /// <summary>小程序端</summary>
    Citizen,
    /// <summary>工作人员端</summary>
    Staff,
    /// <summary>管理端</summary>
    Admin,
    /// <summary>合作系统（12348热线）</summary>
    Partner,
}

/// <summary>Marks a route with the documents it stands in.</summary>
public sealed record AudienceMetadata(IReadOnlyList<Audience> Audiences);

/// <summary>Marks a route that reads its body piece by piece: larger than what the others may be.</summary>
/// <param name="MaxRequestBodySize">Bytes.</param>
public sealed record StreamedBody(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

/// <summary>The words that a route table is written in.</summary>
public static class Routes
{
    /// <summary>The audience and the tag of a group of routes.</summary>
    public static RouteGroupBuilder For(this RouteGroupBuilder group, Audience audience, string tag) => group.For([audience], tag);

    public static RouteGroupBuilder For(this RouteGroupBuilder group, IReadOnlyList<Audience> audiences, string tag)
    {
        group.WithTags(tag);
        group.WithMetadata(new AudienceMetadata(audiences));
        return group;
    }

    /// <param name="name">The operationId: verb and noun, stable for ever.</param>
    /// <param name="summary">Chinese, a few words.</param>
    public static RouteHandlerBuilder Does(this RouteHandlerBuilder route, string name, string summary) => route.WithName(name).WithSummary(summary);

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route) => route.Produces<T>();

    public static RouteHandlerBuilder Creates<T>(this RouteHandlerBuilder route) => route.Produces<T>(StatusCodes.Status201Created);

    /// <summary>Streams its body or its answer, which takes longer than what the others may.</summary>
    public static RouteHandlerBuilder Streams(this RouteHandlerBuilder route, long maxBytes, TimeSpan limit) => route.WithMetadata(new StreamedBody(maxBytes)).MayTake(limit);

    /// <summary>Answers 304 to a matching <c>If-None-Match</c>.</summary>
    public static RouteHandlerBuilder Conditional(this RouteHandlerBuilder route) => route.Produces(StatusCodes.Status304NotModified);

    /// <summary>Statuses of refusals, besides those that any route may give (401, 403, 426, 429, 500, 503).</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses) route.Produces<Problem>(status, Problems.ContentType);
        return route;
    }
}
