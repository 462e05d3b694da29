namespace MicroPlatform.Api.Http.Pages;

/// <summary>Pages of features, from <c>Api/&lt;Feature&gt;/Pages</c>: a line for each file.</summary>
internal static class PageList
{
    /// <summary>A page that talks to this API and to nobody else.</summary>
    private const string Own = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    public static readonly IReadOnlyDictionary<string, Page> All = new Dictionary<string, Page>(StringComparer.Ordinal)
    {
        ["/dashboard/dashboard.css"] = Page.Of("pages/dashboard.css"),
        ["/dashboard/dashboard.js"] = Page.Of("pages/dashboard.js"),
        ["/dashboard/echarts.js"] = Page.Of("pages/echarts.js"),
        ["/dashboard/echarts-licence.txt"] = Page.Of("pages/echarts-licence.txt"),
        ["/display"] = Page.Of("pages/display.html", Own),
        ["/display/display.css"] = Page.Of("pages/display.css"),
        ["/display/display.js"] = Page.Of("pages/display.js"),
        ["/slip"] = Page.Of("pages/slip.html", Own),
        ["/slip/slip.css"] = Page.Of("pages/slip.css"),
        ["/slip/slip.js"] = Page.Of("pages/slip.js"),
    };
}
