using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Matters;

/// <summary>The citizen has said how it was.</summary>
public sealed record MatterRated(string MatterId, MatterKind Kind, int Score) : IDomainEvent
{
    string IDomainEvent.Key => MatterId;
}
