namespace MicroPlatform.Infrastructure.Queues;

/// <summary>The copy of one node, in its memory.</summary>
public sealed class MemoryQueueStore : IQueueStore
{
    private static readonly Comparer<(long Rank, string Id)> InOrder =
        Comparer<(long Rank, string Id)>.Create((a, b) => a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank) : string.CompareOrdinal(a.Id, b.Id));

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Copy> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string StaffId, DateTimeOffset Until)> _claims = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _beats = new(StringComparer.Ordinal);

    /// <summary>Memory neither goes away nor back.</summary>
    public long Doubts => 0;

    public Task<bool> PutAsync(string queueId, string ticketId, long seq, long? rank, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (!_queues.TryGetValue(queueId, out var copy)) return Task.FromResult(false);
            if (seq > copy.Built && seq > copy.Seqs.GetValueOrDefault(ticketId)) copy.Set(ticketId, seq, rank);
            return Task.FromResult(true);
        }
    }

    public Task RebuildAsync(string queueId, long seq, IReadOnlyList<WaitingPlace> places, CancellationToken cancel)
    {
        lock (_gate)
        {
            var was = _queues.GetValueOrDefault(queueId);
            // What was read before another rebuild is old.
            if (was is not null && was.Built > seq) return Task.CompletedTask;
            var copy = new Copy { Built = seq };
            foreach (var place in places) copy.Set(place.TicketId, null, place.Rank);
            foreach (var (id, later) in was?.Seqs.Where(s => s.Value > seq) ?? []) copy.Set(id, later, was!.Ranks.TryGetValue(id, out var rank) ? rank : null);
            _queues[queueId] = copy;
            return Task.CompletedTask;
        }
    }

    public Task ForgetAsync(string queueId, CancellationToken cancel)
    {
        lock (_gate) _queues.Remove(queueId);
        return Task.CompletedTask;
    }

    public Task<QueuePosition?> FindAsync(string queueId, string ticketId, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (!_queues.TryGetValue(queueId, out var copy) || !copy.Ranks.TryGetValue(ticketId, out var rank)) return Task.FromResult<QueuePosition?>(null);
            return Task.FromResult<QueuePosition?>(new QueuePosition(copy.Order.GetViewBetween((long.MinValue, ""), (rank, ticketId)).Count - 1, copy.Order.Count));
        }
    }

    public Task<IReadOnlyList<string>?> OrderAsync(string queueId, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<string>?>(_queues.TryGetValue(queueId, out var copy) ? [.. copy.Order.Select(p => p.Id)] : null);
    }

    public Task<bool> TryClaimAsync(string ticketId, string staffId, DateTimeOffset until, DateTimeOffset now, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_claims.TryGetValue(ticketId, out var claim) && claim.Until > now && claim.StaffId != staffId) return Task.FromResult(false);
            foreach (var (id, _) in _claims.Where(c => c.Value.Until <= now).ToList()) _claims.Remove(id);
            _claims[ticketId] = (staffId, until);
            return Task.FromResult(true);
        }
    }

    public Task ReleaseAsync(string ticketId, string staffId, CancellationToken cancel)
    {
        lock (_gate)
            if (_claims.TryGetValue(ticketId, out var claim) && claim.StaffId == staffId) _claims.Remove(ticketId);
        return Task.CompletedTask;
    }

    public Task BeatAsync(string staffId, DateTimeOffset until, DateTimeOffset now, CancellationToken cancel)
    {
        lock (_gate)
        {
            foreach (var (id, _) in _beats.Where(b => b.Value <= now).ToList()) _beats.Remove(id);
            _beats[staffId] = until;
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(string staffId, CancellationToken cancel)
    {
        lock (_gate) _beats.Remove(staffId);
        return Task.CompletedTask;
    }

    public Task<IReadOnlySet<string>> PresentAsync(DateTimeOffset now, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult<IReadOnlySet<string>>(_beats.Where(b => b.Value > now).Select(b => b.Key).ToHashSet(StringComparer.Ordinal));
    }

    private sealed class Copy
    {
        /// <summary>Number of the history as of which it was made.</summary>
        public required long Built { get; init; }
        public SortedSet<(long Rank, string Id)> Order { get; } = new(InOrder);
        public Dictionary<string, long> Ranks { get; } = new(StringComparer.Ordinal);

        /// <summary>Numbers of later news, by ticket; also of tickets that wait no longer.</summary>
        public Dictionary<string, long> Seqs { get; } = new(StringComparer.Ordinal);

        public void Set(string id, long? seq, long? rank)
        {
            if (Ranks.Remove(id, out var was)) Order.Remove((was, id));
            if (seq is { } known) Seqs[id] = known;
            if (rank is not { } to) return;
            Ranks[id] = to;
            Order.Add((to, id));
        }
    }
}
