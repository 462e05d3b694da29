using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Api.Tests.Hotline;

/// <summary>A vendor's server on this machine: takes pushes and hands out recordings, and can be told how to misbehave.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Everything that came, in the order of its coming.</summary>
    public ConcurrentQueue<Push> Got { get; } = new();

    /// <summary>What is answered to a push.</summary>
    public Func<Push, (int Status, string Body, string? RetryAfter)> Answer { get; set; } = _ => (200, """{"code":0,"msg":"接收成功"}""", null);

    /// <summary>Files by path.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/{**path}", (Delegate)receiver.TakeAsync);
        app.MapGet("/{**path}", (HttpContext http) => http.Request.Path == "/redirect" ? Results.Redirect("http://127.0.0.1:1/") :
            receiver.Files.TryGetValue(http.Request.Path, out var file) ? Results.Bytes(file) : Results.NotFound());
        await app.StartAsync();
        receiver.Address = new Uri(app.Urls.First());
        return receiver;
    }

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var push = new Push(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        Got.Enqueue(push);
        var (status, text, retryAfter) = Answer(push);
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
        return Results.Text(text, "application/json", statusCode: status);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>One push as it arrived.</summary>
internal sealed record Push(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public System.Text.Json.JsonElement Json => System.Text.Json.JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    public System.Text.Json.JsonElement Data => Json.GetProperty("data");
}
