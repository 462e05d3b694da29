using MicroPlatform.Domain.Consultations;

namespace MicroPlatform.Domain.Queues;

/// <summary>
/// Whom to ring for whom, now. Pure: what is known goes in, what is to be done comes out, so that the rule can be tried on every case. In the order of the
/// places each ticket gets a ring of its own; within it the best-matched people, more of them from ring to ring, in the end everybody. Nobody is rung for two
/// tickets at a time, and no ticket waits for a ring while somebody who may serve it is free and a later one is rung for.
/// </summary>
public static class QueueRules
{
    /// <summary>Who has declined is not rung for the same ticket for so long.</summary>
    public static readonly TimeSpan DeclineHolds = TimeSpan.FromMinutes(2);

    /// <param name="waiting">Everybody who waits, in their order.</param>
    /// <param name="free">People of the office who are there and have nobody.</param>
    public static IReadOnlyList<RingDecision> Decide(QueueSettings queue, IReadOnlyList<RingTicket> waiting, IReadOnlyList<RingStaff> free, DateTimeOffset now)
    {
        var able = free.ToDictionary(s => s.StaffId);
        // Whoever's phone rings already is left to that.
        var rung = waiting.Where(t => t.IsRinging(now)).SelectMany(t => t.Rung).ToHashSet(StringComparer.Ordinal);
        var decisions = new List<RingDecision>();
        foreach (var ticket in waiting)
        {
            if (ticket.IsRinging(now) && ticket.Rung.Any(able.ContainsKey)) continue;
            var mine = ticket.Rung.Where(id => able.ContainsKey(id) && ticket.MayBeRung(id, now)).ToList();
            if (ticket.IsRinging(now)) rung.ExceptWith(ticket.Rung);
            var width = ticket.Rings < queue.RingWidths.Count ? queue.RingWidths[ticket.Rings] : int.MaxValue;
            var others = free.Where(s => !rung.Contains(s.StaffId) && !mine.Contains(s.StaffId) && ticket.MayBeRung(s.StaffId, now));
            // Those of the rings before stay in, as far as nobody else has got hold of them.
            string[] everybody = [.. mine.Where(id => !rung.Contains(id)), .. Best(others, ticket.CategoryCode).Select(s => s.StaffId)];
            var ring = everybody.Take(width).ToList();
            if (ring.Count == 0) continue;
            rung.UnionWith(ring);
            decisions.Add(new RingDecision(ticket.Id, ring, now + queue.RingFor));
        }
        return decisions;
    }

    /// <summary>As <see cref="Dispatch.Choose"/>: whoever knows the field, then who has served least today, then who has been without anybody longest.</summary>
    private static IEnumerable<RingStaff> Best(IEnumerable<RingStaff> staff, string? categoryCode) => staff
        .OrderByDescending(s => categoryCode is not null && s.Specialities.Any(x => Dispatch.Group(x) == Dispatch.Group(categoryCode)))
        .ThenBy(s => s.ServedToday)
        .ThenBy(s => s.LastServedAt)
        .ThenBy(s => s.StaffId, StringComparer.Ordinal);
}

/// <summary>Somebody who waits, as far as ringing needs to know.</summary>
/// <param name="Rings">Rings so far.</param>
/// <param name="Rung">Who is rung now, or was in the last ring; without those who have declined.</param>
/// <param name="Declined">Who has declined, and when.</param>
/// <param name="Conflicted">Who must not act against the other side.</param>
public sealed record RingTicket(
    string Id, string? CategoryCode, int Rings, DateTimeOffset? RingUntil, IReadOnlyList<string> Rung, IReadOnlyDictionary<string, DateTimeOffset> Declined, IReadOnlySet<string> Conflicted)
{
    public bool IsRinging(DateTimeOffset now) => RingUntil > now;

    public bool MayBeRung(string staffId, DateTimeOffset now) =>
        !Conflicted.Contains(staffId) && !(Declined.TryGetValue(staffId, out var at) && now < at + QueueRules.DeclineHolds);
}

/// <summary>Somebody of the office who has nobody now.</summary>
/// <param name="Specialities">Category codes; of each only the group counts.</param>
public sealed record RingStaff(string StaffId, IReadOnlyList<string> Specialities, int ServedToday, DateTimeOffset LastServedAt);

/// <summary>Ring these people for this ticket until then.</summary>
public sealed record RingDecision(string TicketId, IReadOnlyList<string> StaffIds, DateTimeOffset Until);
