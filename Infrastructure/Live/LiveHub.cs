using System.Collections.Concurrent;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Live;

/// <summary>
/// Those who wait on this node. Listen first, then read the database, then wait: what happens in between is not missed. A waiter also
/// looks by itself now and then, so that a lost hint costs a second, not the news.
/// </summary>
public sealed class LiveHub
{
    private static readonly TimeSpan LookWhenHealthy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookWhenNot = TimeSpan.FromMilliseconds(700);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Listener, byte>> _listeners = new(StringComparer.Ordinal);
    private readonly ILiveBus _bus;
    private readonly TimeProvider _time;

    public LiveHub(ILiveBus bus, TimeProvider time)
    {
        (_bus, _time) = (bus, time);
        bus.Received = Wake;
    }

    /// <summary>False while hints may be getting lost: whoever waits then looks more often.</summary>
    public bool IsHealthy => _bus.IsHealthy;

    public Task PublishAsync(params IReadOnlyList<string> topics) => _bus.PublishAsync(topics);

    /// <summary>Tells, once the transaction is committed, all of these at once; a topic of nobody is passed over.</summary>
    public void PublishAfter(UnitOfWork tx, params IReadOnlyList<string?> topics) => tx.AfterCommit(() => _bus.PublishAsync([.. topics.OfType<string>().Distinct()]));

    public Listener Listen(params IReadOnlyList<string> topics)
    {
        var listener = new Listener(this, topics);
        foreach (var topic in topics) Add(listener, topic);
        return listener;
    }

    /// <summary>
    /// Long poll: calls <paramref name="read"/> until <paramref name="isNews"/> holds for what it returns or the time is up, and answers
    /// the last reading. At most one reading per wake-up.
    /// </summary>
    public async Task<T> PollAsync<T>(IReadOnlyList<string> topics, TimeSpan wait, Func<Task<T>> read, Func<T, bool> isNews, CancellationToken cancel)
    {
        if (wait <= TimeSpan.Zero) return await read();
        using var listener = Listen(topics);
        var began = _time.GetTimestamp();
        while (true)
        {
            listener.Reset();
            var reading = await read();
            var left = wait - _time.GetElapsedTime(began);
            if (isNews(reading) || left <= TimeSpan.Zero) return reading;
            var look = _bus.IsHealthy ? LookWhenHealthy : LookWhenNot;
            await listener.WaitAsync(left < look ? left : look, _time, cancel);
        }
    }

    private void Wake(string topic)
    {
        if (!_listeners.TryGetValue(topic, out var listeners)) return;
        foreach (var listener in listeners.Keys) listener.Signal(topic);
    }

    private void Add(Listener listener, string topic) => _listeners.GetOrAdd(topic, _ => new()).TryAdd(listener, 0);

    private void Remove(Listener listener, IEnumerable<string> topics)
    {
        foreach (var topic in topics)
        {
            if (!_listeners.TryGetValue(topic, out var listeners)) continue;
            listeners.TryRemove(listener, out _);
            // A listener added between the two lines would be lost with the set; it looks by itself a few seconds later.
            if (listeners.IsEmpty) _listeners.TryRemove(new KeyValuePair<string, ConcurrentDictionary<Listener, byte>>(topic, listeners));
        }
    }

    /// <summary>One who waits. Disposing it stops the waiting.</summary>
    public sealed class Listener(LiveHub hub, IReadOnlyList<string> topics) : IDisposable
    {
        private readonly ConcurrentDictionary<string, byte> _more = new(StringComparer.Ordinal);
        private volatile TaskCompletionSource _signal = New();

        /// <summary>Called for each hint, with its topic, besides waking <see cref="WaitAsync"/>.</summary>
        public Action<string>? OnTopic { get; set; }

        public void Reset()
        {
            if (_signal.Task.IsCompleted) _signal = New();
        }

        /// <summary>Returns when woken or when the time is up.</summary>
        public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancel)
        {
            try
            {
                await _signal.Task.WaitAsync(atMost, time, cancel);
            }
            catch (TimeoutException)
            {
                // Time is up: the caller looks by itself.
            }
        }

        /// <summary>Listens to one more topic from now on.</summary>
        public void Heed(string topic)
        {
            if (_more.TryAdd(topic, 0)) hub.Add(this, topic);
        }

        /// <summary>No longer listens to a topic of <see cref="Heed"/>.</summary>
        public void Ignore(string topic)
        {
            if (_more.TryRemove(topic, out _)) hub.Remove(this, [topic]);
        }

        public void Dispose() => hub.Remove(this, topics.Concat(_more.Keys));

        internal void Signal(string topic)
        {
            OnTopic?.Invoke(topic);
            _signal.TrySetResult();
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
