using MicroPlatform.Infrastructure.Redis;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace MicroPlatform.Infrastructure.Live;

/// <summary>The bus of several nodes: Redis pub/sub on one channel. A node hears itself directly, so its own hints survive a lost Redis.</summary>
public sealed class RedisLiveBus : ILiveBus
{
    private readonly RedisConnection _redis;
    private readonly ILogger<RedisLiveBus> _log;
    private readonly Task _subscribed;
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Tells a node's own hints from others', which it has already had directly.</summary>
    private readonly string _node = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));

    public RedisLiveBus(RedisConnection redis, ILogger<RedisLiveBus> log)
    {
        (_redis, _log) = (redis, log);
        _subscribed = SubscribeAsync();
    }

    public bool IsHealthy => _subscribed.IsCompletedSuccessfully && _redis.IsUp;

    public Action<string>? Received { get; set; }

    /// <summary>Completed once hints of other nodes arrive.</summary>
    internal Task Ready => _subscribed;

    public async Task PublishAsync(params IReadOnlyList<string> topics)
    {
        foreach (var topic in topics) Received?.Invoke(topic);
        try
        {
            // Whoever publishes has committed something and has nothing to wait for: a hint may be lost, and the server's "so many heard it" tells nobody anything.
            await _redis.TellAsync(db => db.PublishAsync(RedisKeys.LiveChannel, $"{_node} {string.Join(' ', topics)}", CommandFlags.FireAndForget));
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            _log.LogDebug(e, "A live hint was not published");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await _subscribed;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or OperationCanceledException)
        {
            _log.LogDebug(e, "Never subscribed");
        }
        _stopping.Dispose();
    }

    private async Task SubscribeAsync()
    {
        while (true)
        {
            try
            {
                var multiplexer = await _redis.MultiplexerAsync();
                await multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal(_redis.Prefix + RedisKeys.LiveChannel), (_, value) => Receive((string?)value)).WaitAsync(TimeSpan.FromSeconds(3));
                return;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                _log.LogDebug(e, "Not subscribed to live hints yet");
                await Task.Delay(TimeSpan.FromSeconds(1), _stopping.Token);
            }
        }
    }

    private void Receive(string? value)
    {
        var space = value?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        if (space <= 0 || value.AsSpan(0, space).SequenceEqual(_node)) return;
        foreach (var topic in value![(space + 1)..].Split(' ')) Received?.Invoke(topic);
    }
}
