namespace MicroPlatform.Infrastructure.Queues;

/// <summary>
/// Reads the history of one queue and nothing else, knows nothing of the guards, and says what cannot have happened: a lost line, somebody served twice or by two,
/// somebody with two at a time, somebody overtaken.
/// </summary>
public sealed class QueueHistoryCheck
{
    /// <summary>Who declined somebody may take others before them for so long; longer than the rule, for clocks of several nodes.</summary>
    private static readonly TimeSpan DeclineExcuses = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _hands = new(StringComparer.Ordinal);
    private readonly SortedSet<(long Rank, string Id)> _waiting = new(Comparer<(long Rank, string Id)>.Create((a, b) => a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank) : string.CompareOrdinal(a.Id, b.Id)));
    private readonly Dictionary<string, List<string>> _faults = new(StringComparer.Ordinal);
    private long _seq;

    /// <summary>Kinds of faults, each with the tickets it was found at. Expected: none.</summary>
    public IReadOnlyDictionary<string, List<string>> Faults => _faults;

    /// <summary>States as the history has them, by ticket.</summary>
    public IReadOnlyDictionary<string, string> States => _places.ToDictionary(p => p.Key, p => p.Value.State);

    /// <param name="excused">Tickets that some people of the office must not serve: overtaking them may be right.</param>
    public void Read(HistoryLine line, Func<string, bool> excused)
    {
        if (line.Seq != _seq + 1) Fault("gap", $"{_seq}-{line.Seq}");
        _seq = line.Seq;
        if (line.Action == "Join")
        {
            if (_places.ContainsKey(line.TicketId)) Fault("joinedTwice", line.TicketId);
            _places[line.TicketId] = new Place { State = "Waiting", Rank = line.RankAt };
            _waiting.Add((line.RankAt, line.TicketId));
            return;
        }
        if (!_places.TryGetValue(line.TicketId, out var place))
        {
            // Came from another queue with its time; its life before is told there.
            place = new Place { State = line.Action == "Transfer" ? "Waiting" : "Nowhere", Rank = line.RankAt };
            _places[line.TicketId] = place;
            if (line.Action != "Transfer") Fault("fromNowhere", line.TicketId);
        }
        if (place.State is "Done" or "Left" or "Missed" or "Closed") Fault("afterTheEnd", line.TicketId);
        switch (line.Action)
        {
            case "Ring":
                Overtaken(line, place, line.Rung, excused);
                (place.Rung, place.RungUntil) = (line.Rung, line.Until ?? 0);
                break;
            case "Decline":
                place.Declined[line.StaffId!] = line.At;
                break;
            case "Call" or "Pick":
                Called(line, place, excused);
                break;
        }
        if (line.RankAt > place.Rank) Fault("fellBack", line.TicketId);
        Moved(line, place);
    }

    private void Called(HistoryLine line, Place place, Func<string, bool> excused)
    {
        if (place.State is not ("Waiting" or "Parked")) Fault("servedByTwo", line.TicketId);
        if (_hands.TryGetValue(line.StaffId!, out var other) && other != line.TicketId) Fault("staffWithTwo", line.TicketId);
        _hands[line.StaffId!] = line.TicketId;
        place.StaffId = line.StaffId;
        // Rung for it and accepted: that the ring was right was looked at when it began.
        var rung = place.RungUntil > line.At && place.Rung.Contains(line.StaffId!);
        // Picked out of the order is not overtaking: somebody has answered for it.
        if (line.Action == "Call" && !rung && place.State == "Waiting") Overtaken(line, place, [line.StaffId!], excused);
        (place.Rung, place.RungUntil) = ([], 0);
    }

    /// <summary>Somebody before them is neither rung for nor has been declined by the same people.</summary>
    private void Overtaken(HistoryLine line, Place place, IReadOnlyList<string> by, Func<string, bool> excused)
    {
        foreach (var (rank, id) in _waiting)
        {
            if (rank > place.Rank || rank == place.Rank && string.CompareOrdinal(id, line.TicketId) >= 0) return;
            var before = _places[id];
            if (line.Action == "Ring" && before.RungUntil > line.At || excused(id)) continue;
            if (by.All(s => before.Declined.TryGetValue(s, out var at) && line.At - at < DeclineExcuses.TotalMilliseconds)) continue;
            Fault("overtaken", id);
        }
    }

    private void Moved(HistoryLine line, Place place)
    {
        if (place.State == "Waiting") _waiting.Remove((place.Rank, line.TicketId));
        if (line.State == "Waiting") _waiting.Add((line.RankAt, line.TicketId));
        if (line.State == "Done" && place.Served++ > 0) Fault("servedTwice", line.TicketId);
        if (line.State is not ("Called" or "InService" or "Finishing") && place.StaffId is { } staff)
        {
            if (_hands.GetValueOrDefault(staff) == line.TicketId) _hands.Remove(staff);
            place.StaffId = null;
        }
        (place.State, place.Rank) = (line.State, line.RankAt);
    }

    private void Fault(string kind, string ticketId)
    {
        if (!_faults.TryGetValue(kind, out var list)) _faults[kind] = list = [];
        list.Add(ticketId);
    }

    private sealed class Place
    {
        public required string State { get; set; }
        public required long Rank { get; set; }
        public string? StaffId { get; set; }
        public int Served { get; set; }
        public IReadOnlyList<string> Rung { get; set; } = [];
        public long RungUntil { get; set; }
        public Dictionary<string, long> Declined { get; } = new(StringComparer.Ordinal);
    }
}

/// <summary>One line of <c>ticket_events</c>; instants in milliseconds.</summary>
public sealed record HistoryLine(long Seq, string TicketId, string Action, string State, long RankAt, string? StaffId, IReadOnlyList<string> Rung, long? Until, long At);
