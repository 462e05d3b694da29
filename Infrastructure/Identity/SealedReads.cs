using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>The trace that staff leave when they read what is sealed about a person.</summary>
public static class SealedReads
{
    public const string Action = "identity.read_sealed";

    /// <param name="detail">Which fields, for which matter, why; never a value.</param>
    public static Task AuditReadAsync(this UnitOfWork tx, Actor reader, string citizenId, string detail) =>
        tx.AuditAsync(reader, Action, "citizen", citizenId, detail);
}
