using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MicroPlatform.Api.Http.Documents;

namespace MicroPlatform.Api.Http.Swagger;

/// <summary>
/// What is served besides the API: a landing page, the console at <c>/swagger</c>, the bureau's page at <c>/dashboard</c> and the OpenAPI documents. Everything comes from this
/// program, works offline, and is open to all, as the documents are; acting through them needs a sign-in.
/// </summary>
public static class Pages
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void UsePages(this WebApplication app)
    {
        var settings = JsonSerializer.Serialize(new
        {
            Documents = DocumentSetup.Documents.Select(d => new { d.Name, d.Title }),
            Demo = app.Environment.IsDevelopment(),
        }, WireJson.Options).Replace("<", "\\u003c", StringComparison.Ordinal);
        var signIn = Page.Text("swagger/sign-in.html");
        string Fill(string text) => text.Replace("{{settings}}", settings, StringComparison.Ordinal).Replace("{{sign-in}}", signIn, StringComparison.Ordinal);
        var pages = new Dictionary<string, Page>(StringComparer.Ordinal)
        {
            ["/"] = Page.Of("swagger/landing.html", "text/html"),
            ["/swagger"] = Page.Of("swagger/index.html", "text/html", Fill),
            ["/dashboard"] = Page.Of("dashboard/dashboard.html", "text/html", Fill),
        };
        foreach (var file in new[] { "swagger/landing.css", "swagger/console.css", "dashboard/dashboard.css" }) pages[$"/{file}"] = Page.Of(file, "text/css");
        foreach (var file in new[] { "swagger/session.js", "swagger/console.js", "dashboard/dashboard.js", "dashboard/echarts.js" }) pages[$"/{file}"] = Page.Of(file, "text/javascript");
        pages["/dashboard/echarts.LICENSE"] = Page.Of("dashboard/echarts.LICENSE", "text/plain");
        pages["/swagger/"] = pages["/swagger/index.html"] = pages["/swagger"];
        var documents = app.Services.GetRequiredService<DocumentTexts>();
        app.Use((http, next) =>
        {
            var path = http.Request.Path.Value ?? "";
            if (!HttpMethods.IsGet(http.Request.Method)) return next(http);
            if (path.StartsWith("/swagger", StringComparison.Ordinal)) http.Response.Headers.ContentSecurityPolicy = Policy;
            if (pages.TryGetValue(path, out var page)) return page.WriteAsync(http);
            return DocumentAt(path, documents) is { } document ? document.WriteAsync(http) : next(http);
        });
        // Only its script and style sheet are used: the page is ours. Asked for those alone, as it looks at every request otherwise.
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal), swagger => swagger.UseSwaggerUI(options => options.RoutePrefix = "swagger"));
    }

    /// <summary><c>/openapi.yaml</c>, <c>/openapi.json</c>, <c>/openapi/citizen.json</c> …</summary>
    private static Page? DocumentAt(string path, DocumentTexts documents)
    {
        if (!path.StartsWith("/openapi", StringComparison.Ordinal)) return null;
        var yaml = path.EndsWith(".yaml", StringComparison.Ordinal);
        if (!yaml && !path.EndsWith(".json", StringComparison.Ordinal)) return null;
        var name = path["/openapi".Length..^".json".Length];
        return documents.Find(name is "" ? DocumentSetup.All : name.TrimStart('/'), yaml) is { } text ? new Page(yaml ? "application/yaml" : "application/json", text) : null;
    }

    private sealed class Page(string type, string text)
    {
        private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);
        private readonly string _etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12))}\"";

        public static Page Of(string file, string type, Func<string, string>? fill = null)
        {
            var text = Text(file);
            return new Page(type, fill is null ? text : fill(text));
        }

        public static string Text(string file)
        {
            using var stream = typeof(Pages).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"{file} is not embedded.");
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }

        public Task WriteAsync(HttpContext http)
        {
            var response = http.Response;
            response.Headers.ETag = _etag;
            response.Headers.CacheControl = "no-cache";
            if (type == "text/html") response.Headers.ContentSecurityPolicy = Policy;
            if (http.Request.Headers.IfNoneMatch == _etag)
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
            response.ContentType = $"{type}; charset=utf-8";
            return response.Body.WriteAsync(_bytes, http.RequestAborted).AsTask();
        }
    }
}
