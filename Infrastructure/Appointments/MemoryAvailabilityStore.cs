using MicroPlatform.Domain.Appointments;

namespace MicroPlatform.Infrastructure.Appointments;

/// <summary>The copy of one node, in its memory.</summary>
public sealed class MemoryAvailabilityStore : IAvailabilityStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string ResourceId, DateOnly Day), ResourceDay> _days = [];
    private readonly Dictionary<string, (Hold Hold, string Holder)> _holds = new(StringComparer.Ordinal);

    /// <summary>Memory neither goes away nor back.</summary>
    public long Doubts => 0;

    public Task<AvailabilityReading> ReadAsync(IReadOnlyList<string> resourceIds, DateOnly from, int days, DateTimeOffset now, CancellationToken cancel)
    {
        lock (_gate)
        {
            var found = new Dictionary<(string, DateOnly), ResourceDay>(resourceIds.Count * days);
            foreach (var id in resourceIds)
                for (var day = from; day < from.AddDays(days); day = day.AddDays(1))
                    if (_days.TryGetValue((id, day), out var known)) found[(id, day)] = known;
            return Task.FromResult(new AvailabilityReading(found, [.. Alive(now).Select(h => h.Hold)]));
        }
    }

    public Task<IReadOnlyList<Hold>> HoldsAsync(DateTimeOffset now, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<Hold>>([.. Alive(now).Select(h => h.Hold)]);
    }

    public Task PutAsync(IReadOnlyList<ResourceDay> days, DateTimeOffset now, CancellationToken cancel)
    {
        lock (_gate)
        {
            foreach (var day in days)
                if (!_days.TryGetValue((day.ResourceId, day.Day), out var known) || known.Version <= day.Version) _days[(day.ResourceId, day.Day)] = day;
        }
        return Task.CompletedTask;
    }

    public Task ForgetAsync(CancellationToken cancel)
    {
        lock (_gate) _days.Clear();
        return Task.CompletedTask;
    }

    public Task<HoldOutcome> TryHoldAsync(HoldWish wish, DateTimeOffset now, CancellationToken cancel)
    {
        lock (_gate)
        {
            foreach (var (id, (hold, _)) in _holds.Where(h => h.Value.Hold.ExpiresAt <= now).ToList()) _holds.Remove(id);
            if (_holds.Values.Count(h => h.Holder == wish.Holder) >= wish.MostPerHolder) return Task.FromResult(new HoldOutcome(null, TooMany: true));
            foreach (var seat in wish.Seats)
            {
                if (_holds.Values.Any(h => h.Hold.ResourceId == wish.ResourceId && h.Hold.Day == wish.Day && h.Hold.Seat == seat && h.Hold.Span.Meets(wish.Span))) continue;
                var made = new Hold(wish.HoldId, wish.ResourceId, seat, wish.Day, wish.Span, wish.ExpiresAt);
                _holds[wish.HoldId] = (made, wish.Holder);
                return Task.FromResult(new HoldOutcome(made));
            }
            return Task.FromResult(new HoldOutcome(null));
        }
    }

    public Task<Hold?> FindHoldAsync(string holdId, DateTimeOffset now, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(_holds.TryGetValue(holdId, out var found) && found.Hold.ExpiresAt > now ? found.Hold : null);
    }

    public Task ReleaseHoldAsync(string holdId, CancellationToken cancel)
    {
        lock (_gate) _holds.Remove(holdId);
        return Task.CompletedTask;
    }

    private IEnumerable<(Hold Hold, string Holder)> Alive(DateTimeOffset now) => _holds.Values.Where(h => h.Hold.ExpiresAt > now);
}
