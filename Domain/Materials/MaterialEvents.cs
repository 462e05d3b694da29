using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Materials;

/// <summary>Events about materials on one matter are delivered in order: their key is its id.</summary>
public abstract record MaterialEvent(string MatterId) : IDomainEvent
{
    string IDomainEvent.Key => MatterId;
}

/// <summary>The office has sent a notice of everything missing.</summary>
public sealed record MaterialsMissing(string NoticeId, string MatterId) : MaterialEvent(MatterId);

/// <summary>The office has sent one material back.</summary>
public sealed record MaterialRejected(string UseId, string MatterId) : MaterialEvent(MatterId);
