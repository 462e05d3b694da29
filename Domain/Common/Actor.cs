namespace MicroPlatform.Domain.Common;

/// <summary>What sort of actor did a thing.</summary>
public enum ActorKind
{
    /// <summary>A person with a problem, through the mini-program.</summary>
    Citizen,
    /// <summary>A lawyer, mediator, notary, clerk or administrator.</summary>
    Staff,
    /// <summary>A partner's server, such as the 12348 hotline.</summary>
    Partner,
    /// <summary>The platform itself: a job, a rule, a start-up step.</summary>
    System,
}

/// <summary>Who does a thing; written with every change.</summary>
public sealed record Actor(ActorKind Kind, string Id)
{
    public static readonly Actor System = new(ActorKind.System, "system");

    public static Actor Citizen(string id) => new(ActorKind.Citizen, id);

    public static Actor Staff(string id) => new(ActorKind.Staff, id);
}
