using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Live;

namespace MicroPlatform.Api.Live;

/// <summary>
/// One socket: a loop that hears the client and a loop that speaks to it. Nothing is queued for the client but short replies; messages are
/// read from the database when the client can take them, from where it left off, so a slow one costs no memory and a lost hint no message.
/// </summary>
internal sealed class LiveSession(WebSocket socket, LiveSockets sockets, LiveAccess access, LiveHub hub, LiveOptions options, TimeProvider time)
{
    /// <summary>Bytes of one message of a client.</summary>
    public const int MaxMessage = 4096;

    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _hints = new(StringComparer.Ordinal);
    private readonly Channel<object> _replies = Channel.CreateBounded<object>(new BoundedChannelOptions(32) { SingleReader = true });
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _ending = new();
    private LiveHub.Listener? _listener;
    private (int Code, string Reason) _close = ((int)WebSocketCloseStatus.NormalClosure, "");

    public CurrentUser? User { get; private set; }

    /// <summary>When the token runs out; before there is one, when it must have come.</summary>
    public DateTimeOffset ExpiresAt { get; private set; } = time.GetUtcNow() + options.AuthWithin;

    /// <summary>The threads followed here, with what the client has of them.</summary>
    public IEnumerable<KeyValuePair<string, Subscription>> Subscriptions => _subscriptions;

    /// <summary>Serves the socket until either side has had enough.</summary>
    public async Task RunAsync(CancellationToken aborted)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(aborted, _ending.Token);
        var hearing = HearAsync(linked.Token);
        try
        {
            await SpeakAsync(linked.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or ChannelClosedException)
        {
            // Ended by this side, or gone.
        }
        finally
        {
            _listener?.Dispose();
            await CloseAsync(hearing);
            _ending.Dispose();
        }
    }

    /// <summary>Ends the session with a close code. The first reason counts.</summary>
    public void End(int code, string reason)
    {
        if (_ending.IsCancellationRequested) return;
        _close = (code, reason);
        _ending.Cancel();
    }

    /// <summary>There may be something new in a thread.</summary>
    public void Touch(string consultationId)
    {
        if (_subscriptions.TryGetValue(consultationId, out var subscription)) subscription.Dirty = true;
        _wake.Writer.TryWrite(true);
    }

    private async Task HearAsync(CancellationToken cancel)
    {
        var buffer = new byte[MaxMessage];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    // Never cancelled: that would tear the line down before the goodbye.
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                    if (part.MessageType == WebSocketMessageType.Close)
                    {
                        End((int)WebSocketCloseStatus.NormalClosure, "");
                        return;
                    }
                    if (!part.EndOfMessage && length == MaxMessage)
                    {
                        End((int)WebSocketCloseStatus.MessageTooBig, "message too big");
                        return;
                    }
                }
                while (!part.EndOfMessage);
                if (part.MessageType != WebSocketMessageType.Text || Parse(buffer.AsSpan(0, length)) is not { } request)
                {
                    End(LiveCloses.Malformed, "malformed");
                    return;
                }
                await ObeyAsync(request, cancel);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            End((int)WebSocketCloseStatus.EndpointUnavailable, "");
        }
    }

    private static LiveRequest? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<LiveRequest>(json, WireJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task ObeyAsync(LiveRequest request, CancellationToken cancel)
    {
        switch (request)
        {
            case { Type: "auth" }:
                await AuthenticateAsync(request.Token, cancel);
                break;
            case { Type: "ping" }:
                Reply(new PongFrame(time.GetUtcNow()));
                break;
            case { Type: "subscribe" } when User is not null:
                Subscribe(request.ConsultationId ?? "", request.After ?? 0);
                break;
            case { Type: "unsubscribe" } when User is not null:
                if (_subscriptions.TryRemove(request.ConsultationId ?? "", out _)) _listener!.Ignore(LiveTopics.Consultation(request.ConsultationId!));
                break;
            case { Type: "subscribe" or "unsubscribe" }:
                End(LiveCloses.Unauthenticated, "auth first");
                break;
            default:
                End(LiveCloses.Malformed, "unknown type");
                break;
        }
    }

    private async Task AuthenticateAsync(string? token, CancellationToken cancel)
    {
        if (await access.AuthenticateAsync(token, cancel) is not { } known || (User is not null && User.Id != known.User.Id))
        {
            End(LiveCloses.Unauthenticated, "token not good");
            return;
        }
        ExpiresAt = known.ExpiresAt;
        if (User is null)
        {
            var topics = await access.TopicsAsync(known.User, cancel);
            _listener = hub.Listen(topics);
            _listener.OnTopic = Hear;
            User = known.User;
            if (!sockets.Admit(this))
            {
                End(LiveCloses.TooMany, "too many connections");
                return;
            }
        }
        Reply(new ReadyFrame(ExpiresAt));
    }

    private void Subscribe(string consultationId, int after)
    {
        if (!Id.IsWellFormed(consultationId)) Reply(RefusedFrame.Of(CommonRefusals.NotFound, consultationId.Length > Id.Length ? null : consultationId));
        else if (after < 0 || (_subscriptions.Count >= options.MaxSubscriptions && !_subscriptions.ContainsKey(consultationId))) Reply(RefusedFrame.Of(CommonRefusals.Invalid, consultationId));
        else
        {
            // Listen first, then read: what comes in between is not missed.
            _listener!.Heed(LiveTopics.Consultation(consultationId));
            _subscriptions[consultationId] = new Subscription(after);
            Touch(consultationId);
        }
    }

    private void Hear(string topic)
    {
        const string Consultations = "consultation:";
        if (topic.StartsWith(Consultations, StringComparison.Ordinal)) Touch(topic[Consultations.Length..]);
        else
        {
            foreach (var hint in LiveAccess.Meaning(topic)) _hints.TryAdd(hint, 0);
            _wake.Writer.TryWrite(true);
        }
    }

    private void Reply(object frame)
    {
        if (_replies.Writer.TryWrite(frame)) _wake.Writer.TryWrite(true);
        else End(LiveCloses.TooSlow, "too slow");
    }

    private async Task SpeakAsync(CancellationToken cancel)
    {
        while (await _wake.Reader.WaitToReadAsync(cancel))
        {
            _wake.Reader.TryRead(out _);
            while (_replies.Reader.TryRead(out var reply)) await SendAsync(reply, cancel);
            foreach (var hint in _hints.Keys)
                if (_hints.TryRemove(hint, out _)) await SendAsync(new ChangedFrame(hint), cancel);
            foreach (var (id, subscription) in _subscriptions)
                if (subscription.Dirty) await TellAsync(id, subscription, cancel);
        }
    }

    private async Task TellAsync(string id, Subscription subscription, CancellationToken cancel)
    {
        subscription.Dirty = false;
        bool more;
        do
        {
            var reading = await access.ReadAsync(User!, id, subscription.Seq, cancel);
            if (reading.IsRefused)
            {
                _subscriptions.TryRemove(id, out _);
                _listener!.Ignore(LiveTopics.Consultation(id));
                await SendAsync(RefusedFrame.Of(reading.Refusal!, id), cancel);
                return;
            }
            var (version, thread) = reading.Value;
            if (thread.Items.Count > 0 || version != subscription.Version) await SendAsync(new ThreadFrame(id, thread), cancel);
            (subscription.Seq, subscription.Version, more) = (thread.LastSeq, version, thread.HasMore);
        }
        while (more);
    }

    private async Task SendAsync(object frame, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.SendWithin);
        try
        {
            await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame, frame.GetType(), WireJson.Options).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            End(LiveCloses.TooSlow, "too slow");
        }
    }

    /// <summary>Says goodbye, gives the client a moment to say it back, and drops the line.</summary>
    private async Task CloseAsync(Task hearing)
    {
        End((int)WebSocketCloseStatus.EndpointUnavailable, "");
        try
        {
            using var limit = new CancellationTokenSource(Goodbye);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await socket.CloseOutputAsync((WebSocketCloseStatus)_close.Code, _close.Reason, limit.Token);
            await hearing.WaitAsync(limit.Token);
            var rest = new byte[256];
            while (socket.State == WebSocketState.CloseSent && (await socket.ReceiveAsync(rest.AsMemory(), limit.Token)).MessageType != WebSocketMessageType.Close) { }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // Gone already, or too slow even for this.
        }
        socket.Abort();
        await hearing;
    }

    /// <summary>A thread followed on this socket. Written by the speaking loop; <see cref="Dirty"/> by anybody.</summary>
    internal sealed class Subscription(int after)
    {
        private volatile bool _dirty;

        public bool Dirty { get => _dirty; set => _dirty = value; }

        public int Seq { get; set; } = after;

        /// <summary>Of the matter, when last told; 0 before.</summary>
        public int Version { get; set; }
    }
}
