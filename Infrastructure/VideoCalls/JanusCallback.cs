using System.Text;
using System.Text.Json;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.VideoCalls;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.VideoCalls;

/// <summary>
/// Janus' sample event handler (<c>libjanus_sampleevh</c>): lists of events, with name and password of HTTP's basic authentication (RFC 7617), as it can sign nothing.
/// So it belongs on the machine of the server, or behind TLS. Only events of the videoroom plugin count, and only of ids that the platform gave out.
/// </summary>
internal sealed class JanusCallback(IOptions<VideoOptions> options) : IProviderCallback
{
    /// <summary>Type of a plugin's events (<c>JANUS_EVENT_TYPE_PLUGIN</c>).</summary>
    private const int OfPlugin = 64;

    public string Provider => JanusProvider.ProviderName;

    public string ProofHeader => "Authorization";

    public Outcome<ProviderNews> Read(string? proof, byte[] body, DateTimeOffset now)
    {
        var janus = options.Value.Janus;
        if (janus.EventUser.Length == 0) return CommonRefusals.NotFound;
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{janus.EventUser}:{janus.EventPassword}"));
        if (!ProviderCallbacks.Same(proof, expected)) return VideoRefusals.CallbackForged;
        if (Items(body) is not { } items) return VideoRefusals.CallbackMalformed;
        var events = items.Select(item => ReadOne(item, janus.TokenSecret)).OfType<ProviderEvent>().ToList();
        if (events.Count == 0) return new ProviderNews([]);
        // Told late or by a clock that is off, and together: those of the list that are in time count.
        var inTime = events.Where(e => (now - e.At).Duration() <= options.Value.CallbackWindow).ToList();
        return inTime.Count == 0 ? VideoRefusals.CallbackOutOfTime : new ProviderNews(inTime);
    }

    private static ProviderEvent? ReadOne(JsonElement item, string secret)
    {
        if (item.Number("type") != OfPlugin || !item.TryGetProperty("event", out var told) || told.Text("plugin") != JanusToken.Plugin || !told.TryGetProperty("data", out var data)) return null;
        if (data.Text("room") is not { Length: > 0 } room || ProviderCallbacks.Instant(item.Number("timestamp") / 1000) is not { } at) return null;
        ProviderEventKind? kind = data.Text("event") switch
        {
            "joined" => ProviderEventKind.Joined,
            "published" => ProviderEventKind.Published,
            "leaving" or "kicked" => ProviderEventKind.Left,
            "destroyed" => ProviderEventKind.RoomClosed,
            _ => null,
        };
        if (kind is null) return null;
        var (feed, key) = (data.Text("id"), ProviderCallbacks.KeyOf(item.Text("emitter"), room, data.Text("event"), data.Text("id"), item.Text("timestamp")));
        if (kind == ProviderEventKind.RoomClosed) return new ProviderEvent(key, room, null, null, kind.Value, at);
        // Somebody who has thought an id up may be in the room, but is nobody we know.
        return JanusFeedId.Open(secret, room, feed) is { } who ? new ProviderEvent(key, room, who, feed, kind.Value, at) : null;
    }

    /// <summary>A list, or one event alone where grouping is off.</summary>
    private static List<JsonElement>? Items(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement.Clone();
            return root.ValueKind switch
            {
                JsonValueKind.Array => [.. root.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object)],
                JsonValueKind.Object => [root],
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
