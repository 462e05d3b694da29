using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Materials;

/// <summary>
/// 材料: a photograph, document or recording of one citizen, with its versions. Verbs change it; each consults <see cref="MaterialTransitions"/>
/// through <see cref="Move"/>, the one door to its state.
/// </summary>
public sealed class Material
{
    /// <summary>Longest name, in UTF-16 code units.</summary>
    public const int MaxName = 80;

    /// <summary>Versions of one material.</summary>
    public const int MaxVersions = 50;

    /// <summary>Below this age somebody is a minor (未成年人保护法 art. 2).</summary>
    public const int AdultAge = 18;

    /// <summary>Materials one message or booking may carry.</summary>
    public const int MaxAttachments = 9;

    public required string Id { get; init; }
    public required string OwnerId { get; init; }

    /// <summary>What the citizen calls it; the name of the file when they said nothing.</summary>
    public required string Name { get; set; }

    /// <summary>The checklist item it is meant for; null for anything.</summary>
    public string? ItemCode { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public MaterialState State { get; private set; }

    /// <summary>It shows or concerns somebody under eighteen: staff say why before they look (未成年人保护法 art. 73; PIPL art. 28).</summary>
    public bool ConcernsMinor { get; private set; }

    /// <summary>Number of the newest version.</summary>
    public int CurrentVersion { get; private set; }

    /// <summary>Matters it is attached to. What somebody relies on is not the citizen's alone to delete.</summary>
    public int Uses { get; private set; }
    public DateTimeOffset? ErasedAt { get; private set; }

    /// <summary>Number of the stored row this was read from; every save demands it and raises it by one.</summary>
    public int Version { get; init; }

    public static Material Restore(Material bare, MaterialState state, bool concernsMinor, int currentVersion, int uses, DateTimeOffset? erasedAt)
    {
        (bare.State, bare.ConcernsMinor, bare.CurrentVersion, bare.Uses, bare.ErasedAt) = (state, concernsMinor, currentVersion, uses, erasedAt);
        return bare;
    }

    /// <summary>The first version has arrived.</summary>
    /// <param name="infected">The scanner found something: it goes straight into quarantine.</param>
    public static Material Upload(Material bare, bool concernsMinor, bool infected)
    {
        (bare.State, bare.ConcernsMinor, bare.CurrentVersion) = (infected ? MaterialState.Quarantined : MaterialState.Ready, concernsMinor, 1);
        return bare;
    }

    /// <param name="onMinorsMatter">The matter is about somebody under age, so the material is too.</param>
    /// <param name="again">It is on this matter already.</param>
    public Outcome<Done> Attach(bool onMinorsMatter, bool again)
    {
        if (Move(MaterialAction.Attach) is { } refusal) return refusal;
        ConcernsMinor |= onMinorsMatter;
        if (!again) Uses++;
        return Done.It;
    }

    /// <returns>The number of the new version.</returns>
    public Outcome<int> Replace()
    {
        if (CurrentVersion >= MaxVersions) return MaterialRefusals.TooManyVersions;
        if (Move(MaterialAction.Replace) is { } refusal) return refusal;
        return ++CurrentVersion;
    }

    public Outcome<Done> Quarantine() => Move(MaterialAction.Quarantine) is { } refusal ? refusal : Done.It;

    /// <summary>An administrator has decided that the scanner was wrong.</summary>
    public Outcome<Done> Release() => Move(MaterialAction.Release) is { } refusal ? refusal : Done.It;

    /// <summary>The citizen takes back what nobody has used.</summary>
    public Outcome<Done> Delete(DateTimeOffset now) => Uses > 0 && State == MaterialState.Ready ? MaterialRefusals.InUse : Erase(now);

    /// <summary>For good: the key goes with it. By the owner through <see cref="Delete"/>, by retention, or by an administrator out of quarantine.</summary>
    public Outcome<Done> Erase(DateTimeOffset now)
    {
        if (Move(MaterialAction.Erase) is { } refusal) return refusal;
        ErasedAt = now;
        Name = "";
        return Done.It;
    }

    private Refusal? Move(MaterialAction action)
    {
        if (!MaterialTransitions.Table.TryGetValue((State, action), out var to))
            return State == MaterialState.Quarantined ? MaterialRefusals.Quarantined : State == MaterialState.Erased ? MaterialRefusals.Gone : MaterialRefusals.WrongState;
        State = to;
        return null;
    }
}
