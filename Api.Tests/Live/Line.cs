using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Tests.Hosting;

namespace MicroPlatform.Api.Tests.Live;

/// <summary>One socket, from the client's side.</summary>
internal sealed class Line : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    public static async Task<Line> ConnectAsync(TestApi api)
    {
        var line = new Line();
        await line._socket.ConnectAsync(new UriBuilder(api.Address) { Scheme = "ws", Path = "/v1/live" }.Uri, CancellationToken.None);
        return line;
    }

    public static async Task<Line> OpenAsync(TestApi api, ApiClient person)
    {
        var line = await ConnectAsync(api);
        await line.SayAsync(new { type = "auth", token = person.Token });
        await line.HearAsync("ready");
        return line;
    }

    public Task SayAsync(object said) => SayRawAsync(JsonSerializer.Serialize(said, WireJson.Options));

    public Task SayRawAsync(string said, WebSocketMessageType type = WebSocketMessageType.Text) => _socket.SendAsync(Encoding.UTF8.GetBytes(said), type, true, CancellationToken.None);

    /// <summary>The next frame of a type; hints in between are passed over.</summary>
    public async Task<JsonElement> HearAsync(string type, TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(10));
        while (true)
        {
            var (text, result) = await ReceiveAsync(limit.Token);
            if (result.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException($"Closed with {(int?)result.CloseStatus} {result.CloseStatusDescription} while waiting for {type}.");
            var frame = JsonDocument.Parse(text).RootElement;
            var got = frame.GetProperty("type").GetString();
            if (got == type) return frame;
            if (got != "changed") throw new InvalidOperationException($"Expected {type}, heard {text}");
        }
    }

    public async Task<int> CloseCodeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(8));
        while (true)
        {
            var (_, result) = await ReceiveAsync(limit.Token);
            if (result.MessageType == WebSocketMessageType.Close) return (int)result.CloseStatus!.Value;
        }
    }

    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public void Dispose() => _socket.Dispose();

    private async Task<(string Text, WebSocketReceiveResult Result)> ReceiveAsync(CancellationToken cancel)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult result;
        do
        {
            result = await _socket.ReceiveAsync(buffer, cancel);
            whole.Write(buffer, 0, result.Count);
        }
        while (!result.EndOfMessage);
        return (Encoding.UTF8.GetString(whole.ToArray()), result);
    }
}
