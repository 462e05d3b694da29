using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;

namespace MicroPlatform.Domain.Consultations;

/// <summary>
/// 留言咨询: a message thread on a matter. Verbs change it; each consults <see cref="ConsultationTransitions"/> through
/// <see cref="Move"/>, the one door to its state, and moves the matter along with it.
/// </summary>
public sealed class Consultation
{
    /// <summary>Citizen's and office's texts each at most this long, in UTF-16 code units.</summary>
    public const int MaxText = 5000;

    /// <summary>Messages per thread.</summary>
    public const int MaxMessages = 500;

    /// <summary>Consultations one citizen may have open at once.</summary>
    public const int MaxOpenPerCitizen = 20;

    private readonly List<Message> _newMessages = [];
    private readonly List<IDomainEvent> _events = [];

    public required string Id { get; init; }
    public required Matter Matter { get; init; }
    public ConsultationState State { get; private set; }

    /// <summary>When the first answer is promised (R-31: 24 hours after asking).</summary>
    public DateTimeOffset AnswerDueAt { get; private set; }
    public DateTimeOffset? FirstAnsweredAt { get; private set; }

    /// <summary>Silence of the citizen counts from here.</summary>
    public DateTimeOffset? LastAnsweredAt { get; private set; }

    /// <summary>Since when the present handler has it; null while nobody has.</summary>
    public DateTimeOffset? AssignedAt { get; private set; }

    /// <summary>When it was reported as overdue; at most once.</summary>
    public DateTimeOffset? OverdueAt { get; private set; }

    /// <summary>Number of the last message; messages count 1, 2, 3 … without gaps, so it is also the cursor of the office's thread.</summary>
    public int LastSeq { get; private set; }

    /// <summary>Number of the last message that the citizen sees: notes are not counted, so that no gap tells of one.</summary>
    public int LastPublicSeq { get; private set; }

    public IReadOnlyList<Message> NewMessages => _newMessages;

    public IReadOnlyList<IDomainEvent> Events => _events;

    public static Consultation Restore(string id, Matter matter, ConsultationState state, ConsultationTimes times, int lastSeq, int lastPublicSeq) => new()
    {
        Id = id, Matter = matter, State = state, LastSeq = lastSeq, LastPublicSeq = lastPublicSeq, AnswerDueAt = times.AnswerDueAt, FirstAnsweredAt = times.FirstAnsweredAt,
        LastAnsweredAt = times.LastAnsweredAt, AssignedAt = times.AssignedAt, OverdueAt = times.OverdueAt,
    };

    /// <summary>The citizen asks. The matter must be new.</summary>
    public static Consultation Submit(string id, Matter matter, NewMessage question, TimeSpan promise, DateTimeOffset now)
    {
        var consultation = new Consultation { Id = id, Matter = matter, State = ConsultationState.Submitted, AnswerDueAt = now + promise };
        consultation.Append(question, MessageKind.Question, Actor.Citizen(matter.CitizenId), now);
        consultation._events.Add(new ConsultationSubmitted(id, matter.Id));
        return consultation;
    }

    /// <summary>What began as something else, under the same number, goes on as messages: a call whose picture fails. Whoever writes first decides whose turn it is.</summary>
    /// <param name="handlerId">Who had the citizen; stays responsible. Null: it lies in the unit's inbox.</param>
    public static Consultation ContinueOn(string id, Matter matter, NewMessage words, Actor author, string? handlerId, TimeSpan promise, DateTimeOffset now)
    {
        var consultation = new Consultation { Id = id, Matter = matter, AnswerDueAt = now + promise, AssignedAt = handlerId is null ? null : now };
        matter.TakeOn(handlerId, waits: author.Kind == ActorKind.Citizen, now);
        if (author.Kind == ActorKind.Citizen)
        {
            consultation.State = handlerId is null ? ConsultationState.Submitted : ConsultationState.Assigned;
            matter.OfficesTurn(now, "转为留言继续办理，等待答复");
            consultation.Append(words, MessageKind.Question, author, now);
            consultation._events.Add(new ConsultationSubmitted(id, matter.Id));
            return consultation;
        }
        consultation.State = ConsultationState.Answered;
        (consultation.FirstAnsweredAt, consultation.LastAnsweredAt) = (now, now);
        matter.CitizensTurn(now, "转为留言继续办理，请查看");
        consultation._events.Add(new ConsultationAnswered(id, matter.Id, consultation.Append(words, MessageKind.Answer, author, now).Seq));
        return consultation;
    }

    /// <summary>A handler takes it, or a colleague or the duty rule gives it.</summary>
    /// <param name="onlyIfFree">True for a claim: refused when somebody else already has it.</param>
    public Outcome<Done> AssignTo(string handlerId, string handlerName, bool onlyIfFree, DateTimeOffset now)
    {
        if (onlyIfFree && Matter.HandlerId is { } holder && holder != handlerId) return ConsultationRefusals.TakenByOther;
        if (Matter.HandlerId == handlerId) return Done.It;
        if (Move(ConsultationAction.Assign) is { } refusal) return refusal;
        AssignedAt = now;
        Matter.AssignTo(handlerId, handlerName, now);
        _events.Add(new ConsultationAssigned(Id, Matter.Id, handlerId));
        return Done.It;
    }

    /// <summary>Back to the unit's inbox, unanswered.</summary>
    public Outcome<Done> Release(string reason, DateTimeOffset now)
    {
        if (Move(ConsultationAction.Release) is { } refusal) return refusal;
        AssignedAt = null;
        Matter.Release(now, reason);
        _events.Add(new ConsultationReleased(Id, Matter.Id));
        return Done.It;
    }

    /// <summary>Another unit has accepted it and is responsible from now on.</summary>
    public Outcome<Done> MoveTo(string organisationId, string organisationName, DateTimeOffset now)
    {
        if (Move(ConsultationAction.MoveUnit) is { } refusal) return refusal;
        AssignedAt = null;
        Matter.MoveTo(organisationId, organisationName, now);
        _events.Add(new ConsultationMoved(Id, Matter.Id, organisationId));
        return Done.It;
    }

    /// <summary>The office answers. Judged by <see cref="AnswerQuality"/> before it gets here.</summary>
    public Outcome<Message> Answer(NewMessage answer, Actor author, DateTimeOffset now)
    {
        if (author.Id != Matter.HandlerId) return ConsultationRefusals.NotResponsible;
        if (Room() is { } full) return full;
        if (Move(ConsultationAction.Answer) is { } refusal) return refusal;
        FirstAnsweredAt ??= now;
        LastAnsweredAt = now;
        Matter.CitizensTurn(now, "已答复，请查看");
        var message = Append(answer, MessageKind.Answer, author, now);
        _events.Add(new ConsultationAnswered(Id, Matter.Id, message.Seq));
        return message;
    }

    /// <summary>The citizen adds to the question or asks on.</summary>
    public Outcome<Message> Ask(NewMessage question, DateTimeOffset now)
    {
        if (Room() is { } full) return full;
        if (Move(ConsultationAction.Ask) is { } refusal) return refusal;
        Matter.OfficesTurn(now, State == ConsultationState.FollowUp ? "您已追问，等待答复" : "您补充了说明");
        var message = Append(question, MessageKind.FollowUp, Actor.Citizen(Matter.CitizenId), now);
        _events.Add(new ConsultationAsked(Id, Matter.Id, message.Seq));
        return message;
    }

    /// <summary>The office notes something for itself.</summary>
    public Outcome<Message> Note(NewMessage note, Actor author, DateTimeOffset now)
    {
        if (Room() is { } full) return full;
        if (Move(ConsultationAction.Note) is { } refusal) return refusal;
        Matter.Remark(now, "noted", "内部备注");
        return Append(note, MessageKind.Note, author, now);
    }

    /// <summary>By the citizen, or by the platform after days of silence.</summary>
    public Outcome<Done> Close(Actor by, DateTimeOffset now)
    {
        if (Move(ConsultationAction.Close) is { } refusal) return refusal;
        Matter.End(MatterStatus.Closed, now, by.Kind == ActorKind.System ? "长时间未追问，咨询自动结束" : "咨询已结束");
        _events.Add(new ConsultationClosed(Id, Matter.Id, by.Kind == ActorKind.System));
        return Done.It;
    }

    public Outcome<Done> Withdraw(DateTimeOffset now)
    {
        if (Move(ConsultationAction.Withdraw) is { } refusal) return refusal;
        Matter.End(MatterStatus.Withdrawn, now, "您已撤回咨询");
        _events.Add(new ConsultationWithdrawn(Id, Matter.Id));
        return Done.It;
    }

    /// <param name="reason">Told to the citizen.</param>
    public Outcome<Done> Reject(string reason, DateTimeOffset now)
    {
        if (Move(ConsultationAction.Reject) is { } refusal) return refusal;
        Matter.End(MatterStatus.Rejected, now, $"未予受理：{reason}");
        _events.Add(new ConsultationRejected(Id, Matter.Id, reason));
        return Done.It;
    }

    /// <summary>This one is the duplicate; the other goes on.</summary>
    public Outcome<Done> MergeInto(Consultation other, DateTimeOffset now)
    {
        if (other.Matter.CitizenId != Matter.CitizenId || other.Id == Id || other.Matter.Status.IsOver()) return ConsultationRefusals.MergeNotPossible;
        if (Move(ConsultationAction.Merge) is { } refusal) return refusal;
        Matter.End(MatterStatus.Merged, now, $"与{MatterNumber.Display(other.Matter.Number)}号事项重复，已合并办理", other.Matter.Id);
        other.Matter.Remark(now, "merged_from", $"并入{MatterNumber.Display(Matter.Number)}号事项");
        _events.Add(new ConsultationMerged(Id, Matter.Id, other.Id));
        return Done.It;
    }

    /// <summary>The promised time is over and nobody has answered: noted inside and reported to the head of the centre, once.</summary>
    /// <param name="headId">Who is told; null when no unit above has a head.</param>
    /// <returns>False when there is nothing to report.</returns>
    public bool ReportOverdue(string? headId, DateTimeOffset now)
    {
        if (OverdueAt is not null || FirstAnsweredAt is not null || Matter.Status.IsOver() || AnswerDueAt > now) return false;
        OverdueAt = now;
        Matter.Remark(now, "overdue", "超过承诺答复时限，已提醒中心主任");
        _events.Add(new ConsultationOverdue(Id, Matter.Id, headId));
        return true;
    }

    /// <summary>Why it cannot go to another unit now; null when it can.</summary>
    public Refusal? WhyNotMovable() =>
        ConsultationTransitions.Table.ContainsKey((State, ConsultationAction.MoveUnit)) ? null
        : Matter.Status.IsOver() ? ConsultationRefusals.Over : ConsultationRefusals.WrongState;

    private Refusal? Room() => LastSeq >= MaxMessages ? ConsultationRefusals.ThreadFull : null;

    private Refusal? Move(ConsultationAction action)
    {
        if (!ConsultationTransitions.Table.TryGetValue((State, action), out var to))
            return Matter.Status.IsOver() ? ConsultationRefusals.Over : ConsultationRefusals.WrongState;
        State = to;
        return null;
    }

    private Message Append(NewMessage text, MessageKind kind, Actor author, DateTimeOffset now)
    {
        if (kind != MessageKind.Note) LastPublicSeq++;
        var message = new Message(text.Id, Id, ++LastSeq, LastPublicSeq, kind, author, text.Text, text.ClientMessageId, now);
        _newMessages.Add(message);
        return message;
    }
}

/// <summary>The clocks of a consultation, as stored.</summary>
public sealed record ConsultationTimes(
    DateTimeOffset AnswerDueAt, DateTimeOffset? FirstAnsweredAt, DateTimeOffset? LastAnsweredAt, DateTimeOffset? AssignedAt, DateTimeOffset? OverdueAt);
