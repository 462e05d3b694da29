using MicroPlatform.Domain.Common;
using static MicroPlatform.Domain.Appointments.SwapAction;
using static MicroPlatform.Domain.Appointments.SwapState;

namespace MicroPlatform.Domain.Appointments;

/// <summary>Where a request to swap stands.</summary>
public enum SwapState
{
    /// <summary>待答复: the colleague has not answered.</summary>
    Asked,
    /// <summary>已同意: the hours of that day are the colleague's.</summary>
    Accepted,
    /// <summary>已拒绝</summary>
    Declined,
    /// <summary>已撤回 by who asked.</summary>
    Withdrawn,
    /// <summary>已过期: nobody answered before the start.</summary>
    Expired,
}

/// <summary>What can be done with a request to swap.</summary>
public enum SwapAction
{
    /// <summary>同意</summary>
    Accept,
    /// <summary>拒绝</summary>
    Decline,
    /// <summary>撤回</summary>
    Withdraw,
    /// <summary>过期: the hours have begun.</summary>
    Expire,
}

public static class SwapLabels
{
    public static string Label(this SwapState state) => state switch
    {
        Asked => "待答复",
        Accepted => "已同意",
        Declined => "已拒绝",
        Withdrawn => "已撤回",
        Expired => "已过期",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this SwapAction action) => action switch
    {
        Accept => "同意",
        Decline => "拒绝",
        Withdraw => "撤回",
        Expire => "过期",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}

/// <summary>Every permitted move of a request to swap. What is not here is refused. A test tries every pair.</summary>
public static class SwapTransitions
{
    public static readonly IReadOnlyDictionary<(SwapState From, SwapAction Action), SwapState> Table = new Dictionary<(SwapState, SwapAction), SwapState>
    {
        [(Asked, Accept)] = Accepted,
        [(Asked, Decline)] = Declined,
        [(Asked, Withdraw)] = Withdrawn,
        [(Asked, Expire)] = Expired,
    };
}

/// <summary>换班: one asks another to take over the hours of one day. Nothing changes before the other has accepted.</summary>
/// <param name="OfficeHoursId">The rule of which one day is asked for.</param>
/// <param name="StartsAt">When the hours begin, and the request ends unanswered.</param>
/// <param name="Version">Every save demands it and raises it by one.</param>
public sealed record OfficeSwap(
    string Id, string OfficeHoursId, DateOnly Day, string OrganisationId, int FromMinute, int ToMinute, string FromStaffId, string ToStaffId, SwapState State, DateTimeOffset AskedAt,
    DateTimeOffset StartsAt, DateTimeOffset? DecidedAt, int Version)
{
    /// <summary>Who answers is who was asked, who withdraws is who asked; others do not see it.</summary>
    public Outcome<OfficeSwap> Decide(SwapAction action, DateTimeOffset now)
    {
        if (!SwapTransitions.Table.TryGetValue((State, action), out var to)) return AppointmentRefusals.SwapClosed;
        if (action != Expire && now >= StartsAt) return AppointmentRefusals.SwapClosed;
        return this with { State = to, DecidedAt = now };
    }
}
