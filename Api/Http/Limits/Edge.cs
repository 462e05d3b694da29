using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Http.Limits;

/// <summary>What is settled before anything else looks at a request: who the peer is, which headers are believed, which every answer carries.</summary>
public static class Edge
{
    /// <summary>Nothing here is ever a page, so nothing may be loaded by it or frame it. Pages set their own.</summary>
    private const string ApiContentPolicy = "default-src 'none'; frame-ancestors 'none'";

    public static void UseEdge(this WebApplication app)
    {
        var deployment = app.Services.GetRequiredService<IOptions<DeploymentOptions>>().Value;
        if (deployment.TrustedProxies.Count > 0)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in deployment.TrustedProxies) forwarded.KnownIPNetworks.Add(DeploymentOptions.Network(proxy)!.Value);
            app.UseForwardedHeaders(forwarded);
        }
        var strict = app.Environment.IsProduction();
        app.Use((http, next) =>
        {
            if (!deployment.CloudRun) TakeOffWeChatHeaders(http.Request.Headers);
            Protect(http, strict);
            return next(http);
        });
    }

    /// <summary>Also called when a fault has wiped the headers of the answer.</summary>
    internal static void Protect(HttpContext http, bool strict)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = ApiContentPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        if (strict && http.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
    }

    /// <summary>The platform of WeChat writes these after checking them; anybody else writing them wants to be somebody.</summary>
    private static void TakeOffWeChatHeaders(IHeaderDictionary headers)
    {
        List<string>? found = null;
        foreach (var name in headers.Keys)
            if (name.StartsWith("X-WX-", StringComparison.OrdinalIgnoreCase)) (found ??= []).Add(name);
        foreach (var name in found ?? []) headers.Remove(name);
    }
}
