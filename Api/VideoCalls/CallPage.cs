using System.Net;
using MicroPlatform.Api.Http.Pages;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.VideoCalls;

/// <summary>
/// The call page at <c>/call/#ticket</c>: for browsers and the mini-program's web-view. Everything comes from this program. What opens the call stands behind the
/// <c>#</c>, which browsers send to nobody.
/// </summary>
public static class CallPage
{
    public static void UseCallPage(this WebApplication app)
    {
        // At the first request and not while the program is put together: settings that are wrong are refused at the start, in words.
        var pages = new Lazy<Dictionary<string, Page>>(() => PagesFor(app.Services.GetRequiredService<IOptions<VideoOptions>>().Value));
        app.Use((http, next) =>
        {
            if (!HttpMethods.IsGet(http.Request.Method) || !http.Request.Path.StartsWithSegments("/call", StringComparison.Ordinal) || !pages.Value.TryGetValue(http.Request.Path.Value ?? "", out var page)) return next(http);
            http.Response.Headers["Permissions-Policy"] = "camera=(self), microphone=(self), display-capture=(), geolocation=()";
            return page.WriteAsync(http);
        });
    }

    private static Dictionary<string, Page> PagesFor(VideoOptions video)
    {
        var media = new[] { video.Janus.PublicUrl, video.LiveKit.PublicUrl }.Where(u => u.Length > 0).Select(OriginOf);
        var policy = $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src {string.Join(' ', media.Prepend("'self'"))}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
        var pages = new Dictionary<string, Page>(StringComparer.Ordinal)
        {
            ["/call/"] = Page.Of("pages/call.html", policy, text => text.Replace("{{hotline}}", WebUtility.HtmlEncode(video.Hotline), StringComparison.Ordinal)),
            ["/call/call.css"] = Page.Of("pages/call.css"),
            ["/call/call.js"] = Page.Of("pages/call.js"),
            ["/call/devices.js"] = Page.Of("pages/devices.js"),
            ["/call/janus.js"] = Page.Of("pages/janus.js"),
        };
        pages["/call"] = pages["/call/"];
        return pages;
    }

    private static string OriginOf(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);
}
