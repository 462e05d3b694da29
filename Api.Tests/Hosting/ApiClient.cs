using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MicroPlatform.Api.Http;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>One person's device.</summary>
/// <param name="id">Id of the citizen or staff member; empty for nobody.</param>
public sealed class ApiClient(Uri address, string? token, string id) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    public string Id { get; } = id;

    public string? Token { get; set; } = token;

    /// <summary>Of a partner: puts its signature on a request, given what is sent to where.</summary>
    public Action<HttpRequestMessage, string, byte[]>? Sign { get; init; }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    /// <param name="key">Idempotency-Key; a new one when absent, none when empty.</param>
    public Task<Answer> PostAsync(string path, object? body = null, string? key = null) => SendAsync(HttpMethod.Post, path, body, Key(key));

    public Task<Answer> PutAsync(string path, object? body = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, body, headers);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Delete, path, null, headers);

    /// <summary>A file, as UTF-8 unless it is bytes already.</summary>
    public Task<Answer> PostCsvAsync(string path, string text) => PostCsvAsync(path, Encoding.UTF8.GetBytes(text));

    public Task<Answer> PostCsvAsync(string path, byte[] file)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return SendAsync(HttpMethod.Post, path, content, Key(null));
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (Token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => new StringContent(JsonSerializer.Serialize(body, WireJson.Options), Encoding.UTF8, "application/json"),
        };
        if (Sign is not null) Sign(request, path, request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync());
        using var response = await _http.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers);
    }

    public void Dispose() => _http.Dispose();

    private static (string, string)[] Key(string? key) =>
        key is "" ? [] : [(Idempotency.Header, key ?? Guid.CreateVersion7().ToString("N"))];
}

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>A member, by path: <c>matter.number</c>.</summary>
    public JsonElement this[string path] => path.Split('.').Aggregate(Json, (element, name) => element.GetProperty(name));

    public string String(string path) => this[path].GetString()!;

    /// <summary>The stable word of a refusal; a partner's stands in <c>reason</c>.</summary>
    public string Code => Json.TryGetProperty("reason", out var reason) ? reason.GetString()! : String("code");

    /// <summary>Asserts the status and gives the answer back, with the body in the message when it is another.</summary>
    public Answer Gives(HttpStatusCode status)
    {
        Assert.That(Status, Is.EqualTo(status), Text);
        return this;
    }

    /// <summary>Asserts a problem of this status and code, well-formed and with a Chinese title.</summary>
    public Answer Refuses(HttpStatusCode status, string code)
    {
        Gives(status);
        Assert.Multiple(() =>
        {
            Assert.That(ContentHeaders.ContentType?.MediaType, Is.EqualTo(Problems.ContentType));
            Assert.That(Code, Is.EqualTo(code), Text);
            Assert.That(this["status"].GetInt32(), Is.EqualTo((int)status));
            Assert.That(String("title"), Does.Match(@"\p{IsCJKUnifiedIdeographs}"));
            Assert.That(String("traceId"), Is.Not.Empty);
        });
        return this;
    }
}

/// <summary>The same on what is still under way.</summary>
public static class Answers
{
    public static async Task<Answer> Gives(this Task<Answer> answer, HttpStatusCode status) => (await answer).Gives(status);

    public static async Task<Answer> Refuses(this Task<Answer> answer, HttpStatusCode status, string code) => (await answer).Refuses(status, code);
}
