using MicroPlatform.Domain.Clocks;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Domain.Hotline;

/// <summary>
/// 热线工单: a matter that came over the hotline. Its state is what its events add up to (<see cref="HotlineTransitions"/>), so news may come in any
/// order; verbs of our own office are events as well, and must fit the state as it is.
/// </summary>
public sealed class HotlineTicket
{
    /// <summary>Sent back so often, the head of the centre decides (首问负责 would go round in circles).</summary>
    public const int MostRefusals = 3;

    private const string StillOpen = "热线工单仍在办理";

    private readonly List<HotlineEvent> _events = [];
    private readonly List<HotlineEvent> _new = [];
    private readonly List<HotlineEvent> _rejudged = [];
    private readonly List<IDomainEvent> _news = [];

    public required string Id { get; init; }
    public required string AppId { get; init; }
    public required string TicketNo { get; init; }
    public required Matter Matter { get; init; }

    /// <summary>The centre it goes back to.</summary>
    public required string CentreId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public HotlineContent Content { get; private set; } = null!;
    public HotlineAge Age { get; private set; } = new(null, null);
    public HotlineTicketState State { get; private set; }
    public HotlineResult? Result { get; private set; }
    public string? ReplySummary { get; private set; }
    public string? MergedIntoNo { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Of the stored row; every save raises it, and <c>sequence</c> of what is pushed is the version it led to.</summary>
    public int Version { get; init; }

    public IReadOnlyList<HotlineEvent> Events => _events;
    public IReadOnlyList<HotlineEvent> NewEvents => _new;

    /// <summary>Stored before, and put into or out of place by one that came late.</summary>
    public IReadOnlyList<HotlineEvent> RejudgedEvents => _rejudged;
    public IReadOnlyList<IDomainEvent> News => _news;

    /// <summary>How often units have sent it back.</summary>
    public int Refusals => _events.Count(e => e is { Type: HotlineEventType.Returned, Applied: true });

    /// <summary>The head of the centre has had the last word: the last dispatch came after the third refusal.</summary>
    public bool IsDecided => Refusals >= MostRefusals && State != HotlineTicketState.Returned;

    /// <summary>Waits for the head of the centre.</summary>
    public bool WaitsForHead => Refusals >= MostRefusals && State == HotlineTicketState.Returned;

    public static HotlineTicket Restore(HotlineTicket bare, HotlineTicketData data, IEnumerable<HotlineEvent> events)
    {
        (bare.Content, bare.Age, bare.State, bare.Result, bare.ReplySummary, bare.MergedIntoNo, bare.UpdatedAt) =
            (data.Content, data.Age, data.State, data.Result, data.ReplySummary, data.MergedIntoNo, data.UpdatedAt);
        bare._events.AddRange(events);
        return bare;
    }

    /// <summary>A new one, at the unit that it is for.</summary>
    public static HotlineTicket Open(HotlineTicket bare, HotlineContent content, HotlineAge age, Actor by, DateTimeOffset now)
    {
        (bare.Content, bare.Age, bare.UpdatedAt, bare.State) = (content, age, now, HotlineTicketState.Received);
        bare.Add(new HotlineEvent("mp-opened", HotlineEventType.Dispatched, Earlier(content.AcceptedAt, now), by, null, null, bare.Matter.OrganisationId), now);
        bare._news.Add(new HotlineTicketOpened(bare.Id, bare.AppId, bare.Matter.Id, content.Urgency));
        return bare;
    }

    /// <summary>The hotline has written it anew.</summary>
    /// <returns>Whether anything is different.</returns>
    public Outcome<bool> Replace(HotlineContent content, HotlineAge age, DateTimeOffset now)
    {
        if (content.Hash == Content.Hash) return false;
        if (age.IsBefore(Age)) return HotlineRefusals.StaleUpdate;
        var worse = content.Urgency == HotlineUrgency.Critical && Content.Urgency != HotlineUrgency.Critical;
        (Content, Age, UpdatedAt) = (content, new HotlineAge(age.Version ?? Age.Version, age.UpdatedAt ?? Age.UpdatedAt), now);
        Matter.Remark(now, "hotline_updated", "热线更新了工单内容");
        if (worse) _news.Add(new HotlineTicketOpened(Id, AppId, Matter.Id, content.Urgency));
        return true;
    }

    /// <summary>Something that the hotline tells of.</summary>
    /// <returns>False when it was told before.</returns>
    public Outcome<bool> Hear(HotlineEvent happened, HotlineReply? reply, DateTimeOffset now)
    {
        if (_events.FirstOrDefault(e => e.EventId == happened.EventId) is { } known) return known.Repeats(happened) ? false : HotlineRefusals.EventIdReused;
        var met = State;
        HotlineTransitions.Fold(_events.Append(happened), (e, at, counts) =>
        {
            if (!ReferenceEquals(e, happened)) return;
            (met, happened.Applied) = (at, counts);
        });
        if (!happened.Applied) return HotlineRefusals.IllegalTransition with { Allowed = [.. HotlineTransitions.Allowed(met).Where(IsOfTheWire).Select(WireName)] };
        if (reply is not null) (Result, ReplySummary) = (reply.Result ?? Result, reply.Summary ?? ReplySummary);
        Add(happened, now);
        return true;
    }

    /// <summary>Somebody of the unit takes it.</summary>
    public Outcome<Done> Accept(string staffId, string staffName, string eventId, DateTimeOffset now)
    {
        if (Act(eventId, HotlineEventType.Accepted, Actor.Staff(staffId), null, null, now) is { } refusal) return refusal;
        Matter.AssignTo(staffId, staffName, now);
        return Done.It;
    }

    /// <summary>The unit sends it back: within its first working days, with a reason, and not after the head has decided.</summary>
    /// <param name="latest">Last day on which it may.</param>
    public Outcome<Done> SendBack(string reason, Actor by, DateOnly latest, string eventId, DateTimeOffset now)
    {
        if (IsDecided) return HotlineRefusals.RefusalFinal;
        if (now.DateInChina() > latest) return HotlineRefusals.RefusalTooLate;
        if (Act(eventId, HotlineEventType.Returned, by, reason, null, now) is { } refusal) return refusal;
        return Done.It;
    }

    /// <summary>To a unit, or to another one.</summary>
    /// <param name="asHead">By a head of the centre.</param>
    public Outcome<Done> Dispatch(string organisationId, string organisationName, bool asHead, string? remark, Actor by, string eventId, DateTimeOffset now)
    {
        if (WaitsForHead && !asHead) return HotlineRefusals.HeadDecides;
        var type = State is HotlineTicketState.Received or HotlineTicketState.Returned ? HotlineEventType.Dispatched : HotlineEventType.Reassigned;
        if (Act(eventId, type, by, remark, organisationId, now) is { } refusal) return refusal;
        Matter.MoveTo(organisationId, organisationName, now);
        return Done.It;
    }

    /// <summary>The answer to the caller.</summary>
    public Outcome<Done> Answer(HotlineResult result, string reply, Actor by, string eventId, DateTimeOffset now)
    {
        (Result, ReplySummary) = (result, reply);
        return Act(eventId, HotlineEventType.Resolved, by, null, null, now) is { } refusal ? refusal : Done.It;
    }

    /// <summary>Any other step of our own.</summary>
    public Outcome<Done> Step(HotlineEventType type, string? remark, Actor by, string eventId, DateTimeOffset now) =>
        Act(eventId, type, by, remark, null, now) is { } refusal ? refusal : Done.It;

    /// <summary>Into another of the same caller, which goes on; both keep their numbers.</summary>
    public Outcome<Done> MergeInto(HotlineTicket other, Actor by, string eventId, DateTimeOffset now)
    {
        if (other.Id == Id || other.Content.Phone is null || other.Content.Phone != Content.Phone) return HotlineRefusals.NotSameCaller;
        if (other.State.IsOver()) return HotlineRefusals.IllegalTransition;
        (MergedIntoNo, _mergedIntoMatter) = (other.TicketNo, other.Matter.Id);
        return Act(eventId, HotlineEventType.Merged, by, null, other.TicketNo, now) is { } refusal ? refusal : Done.It;
    }

    /// <summary>When the unit that has it now got it.</summary>
    public DateTimeOffset DispatchedAt => _events.LastOrDefault(e => e is { Applied: true, Type: HotlineEventType.Dispatched or HotlineEventType.Reassigned })?.OccurredAt ?? CreatedAt;

    /// <summary>Last day on which the unit may send it back.</summary>
    public DateOnly RefusableUntil(WorkCalendar calendar, int workingDays) => calendar.AddWorkingDays(DispatchedAt.DateInChina(), workingDays);

    public static bool IsOfTheWire(HotlineEventType type) => type is not (HotlineEventType.Started or HotlineEventType.InfoRequested);

    internal static string WireName(HotlineEventType type) => char.ToLowerInvariant(type.ToString()[0]) + type.ToString()[1..];

    private string? _mergedIntoMatter;

    /// <summary>A step of our own fits the table as it stands: nothing is assumed of what we would know.</summary>
    private Refusal? Act(string eventId, HotlineEventType type, Actor by, string? remark, string? data, DateTimeOffset now)
    {
        if (!HotlineTransitions.Table.ContainsKey((State, type)))
            return HotlineRefusals.IllegalTransition with { Allowed = [.. Enum.GetValues<HotlineEventType>().Where(e => HotlineTransitions.Table.ContainsKey((State, e))).Select(WireName)] };
        // Never before what is known already, or it would stand in the middle of it: a hotline's clock may be ahead of ours.
        var last = _events.Count == 0 ? now : _events.Max(e => e.OccurredAt);
        Add(new HotlineEvent(eventId, type, last >= now ? last.AddMilliseconds(1) : now, by, null, remark, data), now);
        return null;
    }

    private void Add(HotlineEvent happened, DateTimeOffset now)
    {
        _events.Add(happened);
        _new.Add(happened);
        var was = State;
        State = HotlineTransitions.Fold(_events, (e, _, counts) =>
        {
            if (e.Applied == counts) return;
            e.Applied = counts;
            if (!_new.Exists(n => ReferenceEquals(n, e))) _rejudged.Add(e);
        });
        _events.Sort((a, b) => a.OccurredAt.CompareTo(b.OccurredAt));
        UpdatedAt = now;
        Matter.Remark(now, $"hotline_{happened.Type.ToString().ToLowerInvariant()}", $"热线工单：{happened.Type.Label()}{(happened.Remark is { } why ? $"（{why}）" : "")}");
        // An answer may come after the news that it was asked about: the state stays and the answer is new.
        if (State != was || happened is { Applied: true, Type: HotlineEventType.Resolved }) Reflect(happened, now);
        if (happened.By.Kind != ActorKind.Partner || State != was) _news.Add(new HotlineTicketMoved(Id, AppId, Matter.Id, happened.Type, State, Version + 1, happened.By.Kind == ActorKind.Partner));
    }

    /// <summary>The matter stands where the ticket stands.</summary>
    private void Reflect(HotlineEvent happened, DateTimeOffset now)
    {
        if (Matter.Status.IsOver() && !State.IsOver()) Matter.Reopen(now, "热线工单已重新办理");
        switch (State)
        {
            case HotlineTicketState.Accepted or HotlineTicketState.Processing:
                Matter.TakeOn(Matter.HandlerId, waits: true, now);
                break;
            case HotlineTicketState.Returned:
                // Whoever tells of it: the unit itself, or the hotline for it.
                Matter.Release(now, $"退单（第{Refusals}次）{(happened.Remark is { } why ? $"：{why}" : "")}");
                Matter.OrganisationId = CentreId;
                if (WaitsForHead) Matter.Remark(now, "hotline_head", "已三次退单，由中心主任裁定");
                if (Matter.WaitingSince is null) Matter.OfficesTurn(now, StillOpen);
                break;
            case HotlineTicketState.AwaitingInfo:
                Matter.CitizensTurn(now, "请补充情况，工作人员会与您联系");
                break;
            case HotlineTicketState.Resolved or HotlineTicketState.FollowedUp when Matter.WaitingSince is not null || happened.Type == HotlineEventType.Resolved:
                Matter.CitizensTurn(now, ReplySummary is { } reply ? $"热线工单已答复：{reply}" : "热线工单已办结");
                break;
            case HotlineTicketState.Closed when !Matter.Status.IsOver():
                Matter.End(MatterStatus.Closed, now, "热线工单已归档");
                break;
            case HotlineTicketState.Withdrawn:
                Matter.End(MatterStatus.Withdrawn, now, "热线工单已撤回");
                break;
            case HotlineTicketState.Merged:
                Matter.End(MatterStatus.Merged, now, $"已并入您的另一件热线工单{MergedIntoNo}", _mergedIntoMatter);
                break;
            case var _ when State.IsTheOffices() && Matter.WaitingSince is null:
                // Late news has undone what it was the citizen's turn for.
                Matter.OfficesTurn(now, StillOpen);
                break;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

/// <summary>The parts of a ticket that change, as stored.</summary>
public sealed record HotlineTicketData(
    HotlineContent Content, HotlineAge Age, HotlineTicketState State, HotlineResult? Result, string? ReplySummary, string? MergedIntoNo, DateTimeOffset UpdatedAt);

/// <summary>What the hotline tells with an event of what came of it.</summary>
public sealed record HotlineReply(HotlineResult? Result, string? Summary);
