using System.Text.Json;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Http.Pages;

namespace MicroPlatform.Api.Http.Swagger;

/// <summary>
/// What is served besides the API: a landing page, the console at <c>/swagger</c>, the bureau's page at <c>/dashboard</c>, the OpenAPI documents and the pages of <see cref="PageList"/>. Everything
/// comes from this program, works offline, and is open to all, as the documents are; acting through them needs a sign-in or a secret.
/// </summary>
public static class SwaggerPages
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void UsePages(this WebApplication app)
    {
        var settings = JsonSerializer.Serialize(new
        {
            Documents = DocumentSetup.Documents.Select(d => new { d.Name, d.Title }),
            Demo = app.Environment.IsDevelopment(),
        }, WireJson.Options).Replace("<", "\\u003c", StringComparison.Ordinal);
        // Both are signed in to by the same dialog.
        var signIn = Page.Text("swagger/sign-in.html");
        string Fill(string text) => text.Replace("{{settings}}", settings, StringComparison.Ordinal).Replace("{{sign-in}}", signIn, StringComparison.Ordinal);
        var pages = new Dictionary<string, Page>(PageList.All, StringComparer.Ordinal)
        {
            ["/"] = Page.Of("swagger/landing.html", Policy),
            ["/swagger"] = Page.Of("swagger/index.html", Policy, Fill),
            ["/dashboard"] = Page.Of("pages/dashboard.html", Policy, Fill),
            ["/swagger/session.js"] = Page.Of("swagger/session.js"),
            ["/swagger/landing.css"] = Page.Of("swagger/landing.css"),
            ["/swagger/console.css"] = Page.Of("swagger/console.css"),
            ["/swagger/console.js"] = Page.Of("swagger/console.js"),
            ["/swagger/hl1.js"] = Page.Of("swagger/hl1.js"),
        };
        pages["/swagger/"] = pages["/swagger/index.html"] = pages["/swagger"];
        app.Use((http, next) =>
        {
            var path = http.Request.Path.Value ?? "";
            if (!HttpMethods.IsGet(http.Request.Method)) return next(http);
            if (path.StartsWith("/swagger", StringComparison.Ordinal)) http.Response.Headers.ContentSecurityPolicy = Policy;
            if (pages.TryGetValue(path, out var page)) return page.WriteAsync(http);
            return DocumentAt(path, app.Services) is { } document ? document.WriteAsync(http) : next(http);
        });
        // Only its script and style sheet are used: the page is ours. Asked for those alone, as it looks at every request otherwise.
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal), swagger => swagger.UseSwaggerUI(options => options.RoutePrefix = "swagger"));
    }

    /// <summary>
    /// <c>/openapi.yaml</c>, <c>/openapi.json</c>, <c>/openapi/citizen.json</c> … Made when somebody asks for one: a program that nobody has asked never reads the comments of the
    /// source, some ten megabytes in memory.
    /// </summary>
    private static Page? DocumentAt(string path, IServiceProvider services)
    {
        if (!path.StartsWith("/openapi", StringComparison.Ordinal)) return null;
        var yaml = path.EndsWith(".yaml", StringComparison.Ordinal);
        if (!yaml && !path.EndsWith(".json", StringComparison.Ordinal)) return null;
        var name = path["/openapi".Length..^".json".Length];
        return services.GetRequiredService<DocumentTexts>().Find(name is "" ? DocumentSetup.All : name.TrimStart('/'), yaml) is { } text ? new Page(yaml ? "application/yaml" : "application/json", text) : null;
    }
}
