using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>The trace that staff leave when they read what is sealed about a person.</summary>
public static class SealedReads
{
    public const string Action = "identity.read_sealed";

    /// <param name="fields">Column names, never values.</param>
    public static Task AuditReadAsync(this UnitOfWork tx, Actor reader, string citizenId, params string[] fields) =>
        tx.AuditAsync(reader, Action, "citizen", citizenId, string.Join(',', fields));
}
