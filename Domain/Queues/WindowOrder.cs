namespace MicroPlatform.Domain.Queues;

/// <summary>People with and without an appointment at one service point, called in one order.</summary>
public static class WindowOrder
{
    /// <summary>Who has an appointment stands where somebody stands who came so long before its start: a booked time is worth something, and nobody waits for it for ever.</summary>
    public static readonly TimeSpan BookedHeadStart = TimeSpan.FromMinutes(30);

    /// <summary>Who comes later than this waits like everybody else.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(15);

    /// <param name="startsAt">Of the appointment; null for a walk-in.</param>
    public static TicketRank RankOf(QueueSettings queue, DateTimeOffset? startsAt, DateTimeOffset joinedAt, PriorityClass priority)
    {
        var walkIn = queue.RankOf(joinedAt, priority);
        var booked = startsAt is { } start && joinedAt <= start + LateAfter ? start - BookedHeadStart : walkIn;
        return new TicketRank(priority, booked < walkIn ? booked : walkIn);
    }

    /// <summary>What the hall hears, digit by digit as numbers are called in China: 请A零一二号，到3号窗口办理。</summary>
    public static string Speech(string number, string? desk) =>
        $"请{string.Concat(number.Select(c => char.IsAsciiDigit(c) ? "零一二三四五六七八九"[c - '0'] : c))}号，到{desk ?? "服务台"}办理";
}
