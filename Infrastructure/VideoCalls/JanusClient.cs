using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// Janus' HTTP API, as far as rooms need it: a session and a handle for each errand, ended with it. The server forgets both by itself after a minute, so an errand
/// that breaks off leaves nothing behind.
/// </summary>
internal sealed class JanusClient(IHttpClientFactory clients, IOptions<VideoOptions> options, TimeProvider time, ILogger<JanusClient> log)
{
    /// <summary>Errors of the videoroom plugin (<c>janus_videoroom.c</c>, v1.1.2).</summary>
    public const int NoSuchRoom = 426;
    public const int RoomExists = 427;
    public const int NoSuchFeed = 428;

    private readonly ProviderHttp _http = new(clients, JanusProvider.ProviderName, options, time, log);

    private JanusOptions Options => options.Value.Janus;

    /// <summary>Asks the videoroom plugin some things, one after the other, as one errand.</summary>
    /// <param name="errand">Gets the way to ask; an answer is the plugin's <c>data</c>, with <c>error_code</c> where it says no.</param>
    public async Task<Outcome<T>> AskAsync<T>(Func<Func<JsonObject, Task<Outcome<JsonObject>>>, Task<Outcome<T>>> errand, CancellationToken cancel)
    {
        var session = await CallAsync("open a session", "", new JsonObject { ["janus"] = "create" }, cancel);
        if (session.IsRefused) return session.Refusal!;
        var sessionPath = $"/{Number(session.Value)}";
        try
        {
            var handle = await CallAsync("attach to the rooms", sessionPath, new JsonObject { ["janus"] = "attach", ["plugin"] = JanusToken.Plugin }, cancel);
            if (handle.IsRefused) return handle.Refusal!;
            var path = $"{sessionPath}/{Number(handle.Value)}";
            return await errand(async body =>
            {
                var answer = await CallAsync((string)body["request"]!, path, new JsonObject { ["janus"] = "message", ["body"] = body }, cancel);
                if (answer.IsRefused) return answer.Refusal!;
                if (answer.Value["plugindata"]?["data"] is JsonObject data) return data;
                log.LogWarning("janus answered {What} without data", (string?)body["request"]);
                return VideoRefusals.ProviderDown;
            });
        }
        finally
        {
            await CallAsync("end a session", sessionPath, new JsonObject { ["janus"] = "destroy" }, cancel);
        }
    }

    private async Task<Outcome<JsonObject>> CallAsync(string what, string path, JsonObject body, CancellationToken cancel)
    {
        var text = body.DeepClone().AsObject();
        text["transaction"] = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));
        text["token"] = JanusToken.Api(Options.TokenSecret, time.GetUtcNow() + TimeSpan.FromMinutes(1));
        var reply = await _http.SendAsync(what, () => new HttpRequestMessage(HttpMethod.Post, Options.ApiUrl.TrimEnd('/') + path) { Content = JsonContent.Create(text) }, cancel);
        if (!reply.IsAnswer) return VideoRefusals.ProviderDown;
        if (WeChatJson.Parse(reply.Body) is not { } json)
        {
            log.LogWarning("janus answered {What} with {Length} bytes that are not a JSON object", what, reply.Body.Length);
            return VideoRefusals.ProviderDown;
        }
        if (json.Text("janus") == "success") return JsonObject.Create(json)!;
        // 403: the secrets of the two sides differ, which only an operator can mend.
        log.LogError("janus refuses to {What}: {Code} {Reason}", what, json.TryGetProperty("error", out var error) ? error.Number("code") : null, error.ValueKind == System.Text.Json.JsonValueKind.Object ? error.Text("reason") : null);
        return VideoRefusals.ProviderDown;
    }

    /// <summary>Ids of sessions and handles are numbers up to 2^53.</summary>
    private static string Number(JsonObject answer) => answer["data"]?["id"]?.ToString() ?? "0";
}
