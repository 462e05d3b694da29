using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroPlatform.Infrastructure.VideoCalls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>
/// The servers' sides of Janus, LiveKit and TRTC's cloud on 127.0.0.1, as far as rooms go: each looks at its proof as the real one does and keeps rooms in memory.
/// </summary>
internal sealed class VideoStubServer : IAsyncDisposable
{
    public const string Secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c";
    public const string AdminKey = "a0b1c2d3e4f5061728394a5b6c7d8e9f";
    public const string ApiKey = "APIkey123";
    public const string CloudId = "AKIDtest";

    private readonly WebApplication _app;
    private long _ids = 1000;

    private VideoStubServer(WebApplication app) => _app = app;

    /// <summary>Rooms and who is in them: connection to participant.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, string>> Rooms { get; } = new();

    /// <summary>Answers nothing but 500.</summary>
    public bool IsDown { get; set; }

    public int Requests;

    public ConcurrentQueue<string> Actions { get; } = new();

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<VideoStubServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new VideoStubServer(builder.Build());
        server._app.Use((http, next) =>
        {
            Interlocked.Increment(ref server.Requests);
            if (!server.IsDown) return next(http);
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        server._app.MapPost("/janus/{**path}", server.Janus);
        server._app.MapPost("/twirp/livekit.RoomService/{method}", server.LiveKit);
        server._app.MapPost("/", server.Cloud);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> Janus(HttpRequest request)
    {
        var json = (await JsonNode.ParseAsync(request.Body))!;
        var data = ((string?)json["token"] ?? "").Split(':')[0].Split(',');
        if (data.Length != 3 || (string?)json["token"] != JanusToken.Api(Secret, DateTimeOffset.FromUnixTimeSeconds(long.Parse(data[0], null))))
            return Results.Json(new { janus = "error", error = new { code = 403, reason = "Unauthorized request (wrong or missing secret/token)" } });
        if ((string?)json["janus"] != "message") return Results.Json(new { janus = "success", data = new { id = Interlocked.Increment(ref _ids) } });
        return Results.Json(new { janus = "success", plugindata = new { plugin = JanusToken.Plugin, data = Room(json["body"]!) } });
    }

    private object Room(JsonNode body)
    {
        var room = (string)body["room"]!;
        Actions.Enqueue($"{body["request"]} {room}");
        switch ((string)body["request"]!)
        {
            case "create":
                if ((string?)body["admin_key"] != AdminKey) return new { videoroom = "event", error_code = 433, error = "Unauthorized" };
                return Rooms.TryAdd(room, new()) ? new { videoroom = "created", room } : new { videoroom = "event", error_code = 427, error = "exists" };
            case "destroy":
                return Rooms.TryRemove(room, out _) ? new { videoroom = "destroyed", room } : new { videoroom = "event", error_code = 426, error = "No such room" };
            case "kick":
                return Rooms.TryGetValue(room, out var inside) && inside.TryRemove((string)body["id"]!, out _) ? new { videoroom = "success" } : new { videoroom = "event", error_code = 428, error = "No such user" };
            default:
                return Rooms.TryGetValue(room, out var there)
                    ? new { videoroom = "participants", room, participants = there.Keys.Append("made.up.id").Select(id => new { id, publisher = true }) }
                    : new { videoroom = "event", error_code = 426, error = "No such room" };
        }
    }

    private async Task<IResult> LiveKit(string method, HttpRequest request)
    {
        var token = request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        var rights = LiveKitToken.Open(token, ApiKey, Secret)?["video"];
        var json = (await JsonNode.ParseAsync(request.Body))!;
        var room = (string?)json["room"] ?? (string?)json["name"] ?? "";
        Actions.Enqueue($"{method} {room}");
        var allowed = method is "CreateRoom" or "DeleteRoom" ? (bool?)rights?["roomCreate"] == true : (bool?)rights?["roomAdmin"] == true && (string?)rights?["room"] == room;
        if (!allowed) return Results.Json(new { code = "unauthenticated", msg = "permissions denied" }, statusCode: 401);
        switch (method)
        {
            case "CreateRoom":
                Rooms.TryAdd(room, new());
                return Results.Json(new { name = room, sid = "RM_1" });
            case "DeleteRoom":
                return Rooms.TryRemove(room, out _) ? Results.Json(new { }) : Results.Json(new { code = "not_found", msg = "no such room" }, statusCode: 404);
            case "RemoveParticipant":
                var gone = Rooms.TryGetValue(room, out var inside) ? inside.Where(c => c.Value == (string?)json["identity"]).ToList() : [];
                foreach (var (connection, _) in gone) inside!.TryRemove(connection, out _);
                return gone.Count > 0 ? Results.Json(new { }) : Results.Json(new { code = "not_found", msg = "participant does not exist" }, statusCode: 404);
            default:
                return Results.Json(new { participants = Rooms.TryGetValue(room, out var there) ? there.Select(c => new { sid = c.Key, identity = c.Value }) : [] });
        }
    }

    private async Task<IResult> Cloud(HttpRequest request)
    {
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy);
        var json = JsonNode.Parse(copy.ToArray())!;
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(request.Headers["X-TC-Timestamp"].ToString(), null));
        var expected = CloudApiSignature.Authorize(CloudId, Secret, "trtc", request.Host.Value!, copy.ToArray(), at);
        if (request.Headers.Authorization != expected) return Pascal(new { Response = new { Error = new { Code = "AuthFailure.SignatureFailure", Message = "no" }, RequestId = "r" } });
        var (action, room) = (request.Headers["X-TC-Action"].ToString(), (string)json["RoomId"]!);
        Actions.Enqueue($"{action} {room}");
        var there = Rooms.TryGetValue(room, out var inside);
        if (!there) return Pascal(new { Response = new { Error = new { Code = "FailedOperation.RoomNotExist", Message = "no" }, RequestId = "r" } });
        if (action == "DismissRoomByStrRoomId") Rooms.TryRemove(room, out _);
        foreach (var user in json["UserIds"]?.AsArray() ?? [])
            foreach (var (connection, who) in inside!) if (who == (string?)user) inside.TryRemove(connection, out _);
        return Pascal(new { Response = new { RequestId = "r" } });
    }

    /// <summary>Tencent's members begin with capitals.</summary>
    private static IResult Pascal(object answer) => Results.Text(JsonSerializer.Serialize(answer), "application/json");
}
