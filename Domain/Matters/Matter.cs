using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Domain.Matters;

/// <summary>
/// 事项: one citizen's problem under one number, whatever door it came through. The service working on it (a consultation, an
/// appointment, a call) calls these verbs; the matter keeps who is responsible, whose turn it is and what the citizen may read of it.
/// </summary>
public sealed class Matter
{
    private readonly List<TimelineEntry> _newTimeline = [];

    public required string Id { get; init; }
    public required string Number { get; init; }
    public required MatterKind Kind { get; init; }
    public required string CategoryCode { get; init; }
    public required string RegionCode { get; init; }
    public required Channel Channel { get; init; }
    public required string CitizenId { get; init; }

    /// <summary>First words of the question, for lists.</summary>
    public required string Title { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public ContactPreference ContactPreference { get; private set; }

    /// <summary>The unit that is responsible (首问负责: until another has accepted).</summary>
    public required string OrganisationId { get; set; }

    /// <summary>The person responsible, or null while it lies in the unit's inbox.</summary>
    public string? HandlerId { get; private set; }
    public MatterStatus Status { get; private set; } = MatterStatus.Received;

    /// <summary>Since when the office has owed the citizen something; null when it is the citizen's turn or all is over. Inboxes are sorted by it.</summary>
    public DateTimeOffset? WaitingSince { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }
    public string? MergedIntoId { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Number of the stored version this was read from; every save demands it and raises it by one.</summary>
    public int Version { get; init; }

    /// <summary>Public and internal timeline entries made since loading.</summary>
    public IReadOnlyList<TimelineEntry> NewTimeline => _newTimeline;

    /// <summary>Longest title, in characters.</summary>
    private const int TitleLength = 40;

    /// <summary>First line of a text, cut without splitting a character.</summary>
    public static string TitleOf(string text)
    {
        var line = text.Split('\n', 2)[0].Trim();
        if (line.Length <= TitleLength) return line;
        var elements = System.Globalization.StringInfo.GetTextElementEnumerator(line);
        var title = "";
        while (elements.MoveNext() && title.Length + elements.GetTextElement().Length < TitleLength) title += elements.GetTextElement();
        return title + "…";
    }

    public static Matter Restore(Matter bare, MatterState state)
    {
        (bare.ContactPreference, bare.HandlerId, bare.Status, bare.WaitingSince) = (state.ContactPreference, state.HandlerId, state.Status, state.WaitingSince);
        (bare.ClosedAt, bare.MergedIntoId, bare.UpdatedAt) = (state.ClosedAt, state.MergedIntoId, state.UpdatedAt);
        return bare;
    }

    /// <summary>The first entry of every timeline: the number is given out and the office's time runs.</summary>
    public void Open(ContactPreference preference, DateTimeOffset now)
    {
        ContactPreference = preference;
        WaitingSince = now;
        Touch(now, "received", Kind switch
        {
            MatterKind.Consultation => "您的咨询已登记，等待受理",
            MatterKind.Appointment => "您的预约已登记",
            MatterKind.HotlineTicket => "您的热线诉求已登记，等待办理",
            MatterKind.VideoConsultation => "您的视频咨询已登记，正在排队",
            MatterKind.Visit => "您的来访已登记，正在排队",
            _ => throw new InvalidOperationException($"No words for a matter of kind {Kind}."),
        });
    }

    /// <summary>A matter that begins with a time agreed, not with a question: somebody is responsible from the start.</summary>
    /// <param name="waits">Whether the office still owes a word, and the matter lies in its inbox.</param>
    public void TakeOn(string? handlerId, bool waits, DateTimeOffset now)
    {
        HandlerId = handlerId;
        Status = MatterStatus.InProgress;
        WaitingSince = waits ? WaitingSince ?? now : null;
        UpdatedAt = now;
    }

    /// <summary>An entry that the citizen reads.</summary>
    public void Tell(DateTimeOffset now, string kind, string text) => Touch(now, kind, text);

    /// <summary>Ended by mistake: goes on as it was.</summary>
    public void Reopen(DateTimeOffset now, string text)
    {
        Status = MatterStatus.InProgress;
        ClosedAt = null;
        Touch(now, "reopened", text);
    }

    public void AssignTo(string handlerId, string handlerName, DateTimeOffset now)
    {
        HandlerId = handlerId;
        if (Status == MatterStatus.Received) Status = MatterStatus.InProgress;
        Touch(now, "assigned", $"已由{handlerName}受理");
    }

    /// <summary>Back to the unit's inbox; the citizen's waiting goes on from where it began.</summary>
    public void Release(DateTimeOffset now, string reason)
    {
        HandlerId = null;
        if (Status == MatterStatus.InProgress) Status = MatterStatus.Received;
        Touch(now, "released", reason, isPublic: false);
    }

    /// <summary>To another unit, which has accepted.</summary>
    public void MoveTo(string organisationId, string organisationName, DateTimeOffset now)
    {
        OrganisationId = organisationId;
        HandlerId = null;
        if (Status == MatterStatus.InProgress) Status = MatterStatus.Received;
        Touch(now, "transferred", $"已转由{organisationName}办理");
    }

    public void CitizensTurn(DateTimeOffset now, string text)
    {
        Status = MatterStatus.AwaitingCitizen;
        WaitingSince = null;
        Touch(now, "answered", text);
    }

    /// <summary>The citizen has written. A wait that already runs keeps its beginning.</summary>
    public void OfficesTurn(DateTimeOffset now, string text)
    {
        Status = HandlerId is null ? MatterStatus.Received : MatterStatus.InProgress;
        WaitingSince ??= now;
        Touch(now, "asked", text);
    }

    public void End(MatterStatus how, DateTimeOffset now, string text, string? mergedIntoId = null)
    {
        if (!how.IsOver()) throw new ArgumentOutOfRangeException(nameof(how));
        Status = how;
        WaitingSince = null;
        ClosedAt = now;
        MergedIntoId = mergedIntoId;
        Touch(now, how.ToString().ToLowerInvariant(), text);
    }

    public void Prefer(ContactPreference preference, DateTimeOffset now)
    {
        ContactPreference = preference;
        Touch(now, "contact_preference", "联系方式偏好已更新", isPublic: false);
    }

    /// <summary>An entry that only the office reads.</summary>
    public void Remark(DateTimeOffset now, string kind, string text) => Touch(now, kind, text, isPublic: false);

    private void Touch(DateTimeOffset now, string kind, string text, bool isPublic = true)
    {
        UpdatedAt = now;
        _newTimeline.Add(new TimelineEntry(kind, text, isPublic, now));
    }
}

/// <summary>The parts of a matter that change, as stored.</summary>
public sealed record MatterState(
    ContactPreference ContactPreference, string? HandlerId, MatterStatus Status, DateTimeOffset? WaitingSince,
    DateTimeOffset? ClosedAt, string? MergedIntoId, DateTimeOffset UpdatedAt);

/// <summary>One line of a matter's timeline.</summary>
/// <param name="Kind">Stable snake_case word for programs.</param>
/// <param name="Text">Chinese, shown as it is.</param>
/// <param name="IsPublic">Whether the citizen sees it.</param>
public sealed record TimelineEntry(string Kind, string Text, bool IsPublic, DateTimeOffset At);
