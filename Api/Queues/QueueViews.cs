using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Queues;

namespace MicroPlatform.Api.Queues;

/// <summary>What else there is besides waiting.</summary>
public enum TicketOption
{
    /// <summary>离开</summary>
    Leave,
    /// <summary>我回来了: take the place up again.</summary>
    ComeBack,
    /// <summary>改为回电</summary>
    SwapForCallback,
    /// <summary>改约时段: book a time on the same matter.</summary>
    BookSlot,
    /// <summary>进入通话</summary>
    JoinCall,
}

public static class TicketOptionLabels
{
    public static string Label(this TicketOption option) => option switch
    {
        TicketOption.Leave => "离开",
        TicketOption.ComeBack => "我回来了",
        TicketOption.SwapForCallback => "改为回电",
        TicketOption.BookSlot => "改约时段",
        TicketOption.JoinCall => "进入通话",
        _ => throw new ArgumentOutOfRangeException(nameof(option)),
    };
}

/// <summary>How long it will take, from how long the last services took.</summary>
/// <param name="Low50">Seconds; half of all people wait between this and <paramref name="High50"/>.</param>
/// <param name="Low90">Nine in ten wait between this and <paramref name="High90"/>.</param>
/// <param name="Text">To be shown as it is.</param>
public sealed record WaitView(int Low50, int High50, int Low90, int High90, string Text)
{
    public static WaitView? Of(WaitEstimate? wait) => wait is null ? null : new WaitView(wait.Low50, wait.High50, wait.Low90, wait.High90, wait.High50 <= 60
        ? "马上就到" : $"约{Math.Max(1, wait.Low50 / 60)}至{(wait.High50 + 59) / 60}分钟，最长可能{(wait.High90 + 59) / 60}分钟");
}

/// <summary>Somebody of the office who is there.</summary>
public sealed record OnDutyView(string Name, string? Title, PresenceState State, string StateText);

/// <summary>A place in a queue as its citizen sees it.</summary>
/// <param name="Before">People before; null unless waiting.</param>
/// <param name="Wait">How long from now; null unless waiting.</param>
/// <param name="Promised">What was said when joining.</param>
/// <param name="QueueOpen">Whether somebody takes citizens in now. When not, the place stays.</param>
/// <param name="KeptUntil">The turn came and nobody answered: until then one can come back to the head.</param>
/// <param name="CallId">The call to join; null unless called.</param>
/// <param name="Options">What the citizen may do next. Unknown values are to be ignored.</param>
public sealed record TicketView(
    string Id, string QueueId, string QueueName, string OrganisationId, string OrganisationName, string Number, TicketState State, string StateText, TicketWish Wants, string WantsText,
    PriorityClass Priority, string PriorityText, string? MatterId, string? MatterNumberText, DateTimeOffset JoinedAt, int? Before, WaitView? Wait, WaitView? Promised, bool QueueOpen,
    IReadOnlyList<OnDutyView> OnDuty, string? StaffName, DateTimeOffset? KeptUntil, string? CallId, DateTimeOffset? EndedAt, IReadOnlyList<TicketOption> Options, int PollAfterSeconds, int Version)
{
    internal static TicketView Of(TicketDetail t, QueueSight sight) => new(
        t.Id, t.QueueId, t.QueueName, t.OrganisationId, t.OrganisationName, t.Number, t.State, t.State.Label(), t.Wants, t.Wants.Label(), t.Priority, t.Priority.Label(), t.MatterId,
        t.MatterNumber is { } number ? MatterNumber.Display(number) : null, t.JoinedAt, sight.Wait?.Before, WaitView.Of(sight.Wait), WaitView.Of(t.Promise), sight.IsOpen, sight.OnDuty,
        t.State.BindsStaff() ? t.StaffName : null, t.KeptUntil, t.State is TicketState.Called or TicketState.InService ? t.CallId : null, t.EndedAt, OptionsOf(t),
        t.State.IsOver() ? 60 : t.State == TicketState.Waiting ? 5 : 2, t.Version);

    private static IReadOnlyList<TicketOption> OptionsOf(TicketDetail t) => t.State switch
    {
        TicketState.Waiting when t.Kind == QueueKind.Window => [TicketOption.Leave],
        TicketState.Parked when t.Kind == QueueKind.Window => [TicketOption.ComeBack, TicketOption.Leave],
        TicketState.Waiting when t.Wants == TicketWish.Callback => [TicketOption.Leave, TicketOption.BookSlot],
        TicketState.Waiting => [TicketOption.Leave, TicketOption.SwapForCallback, TicketOption.BookSlot],
        TicketState.Parked when t.Wants == TicketWish.Callback => [TicketOption.ComeBack, TicketOption.Leave, TicketOption.BookSlot],
        TicketState.Parked => [TicketOption.ComeBack, TicketOption.SwapForCallback, TicketOption.Leave, TicketOption.BookSlot],
        TicketState.Called or TicketState.InService when t.CallId is not null => [TicketOption.JoinCall],
        TicketState.Missed or TicketState.Closed => [TicketOption.BookSlot],
        _ => [],
    };
}

/// <summary>A place in a queue as the office sees it. Nothing of the person but what the matter is about.</summary>
/// <param name="RingUntil">Until when the caller's phone rings for it; null: it does not.</param>
/// <param name="WaitedSeconds">Since joining.</param>
public sealed record StaffTicketView(
    string Id, string QueueId, string QueueName, string Number, TicketState State, string StateText, TicketWish Wants, string WantsText, PriorityClass Priority, string PriorityText,
    string? MatterId, string? MatterNumberText, string? Title, string? CategoryCode, string? CategoryName, string? RegionName, string? Reason, DateTimeOffset JoinedAt, int WaitedSeconds,
    int Calls, DateTimeOffset? RingUntil, string? StaffId, string? StaffName, string? CallId, DateTimeOffset? KeptUntil, int Version)
{
    public static StaffTicketView Of(TicketDetail t, DateTimeOffset now) => new(
        t.Id, t.QueueId, t.QueueName, t.Number, t.State, t.State.Label(), t.Wants, t.Wants.Label(), t.Priority, t.Priority.Label(), t.MatterId,
        t.MatterNumber is { } number ? MatterNumber.Display(number) : null, t.Title, t.CategoryCode, t.CategoryName, t.RegionName, t.Reason, t.JoinedAt,
        (int)((t.EndedAt ?? now) - t.JoinedAt).TotalSeconds, t.Calls, t.State == TicketState.Waiting ? t.RingUntil : null, t.State.BindsStaff() ? t.StaffId : null,
        t.State.BindsStaff() ? t.StaffName : null, t.State.BindsStaff() ? t.CallId : null, t.KeptUntil, t.Version);
}
