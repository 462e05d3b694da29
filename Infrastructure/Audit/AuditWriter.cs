using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Audit;

/// <summary>
/// Writes who did what, in the transaction in which it became true. Details hold ids, codes and outcomes, never a citizen's words,
/// names or numbers. A job links the rows into a hash chain right after (<see cref="AuditChain"/>).
/// </summary>
public static class AuditWriter
{
    /// <param name="action">Stable <c>feature.verb</c>, e.g. <c>consultations.answer</c>.</param>
    /// <param name="detail">A few words or small JSON; never personal data.</param>
    public static Task AuditAsync(this UnitOfWork tx, Actor actor, string action, string subjectKind, string subjectId, string? detail = null) =>
        tx.ExecuteLaterAsync("""
            INSERT INTO audit_entries (id, at, actor_kind, actor_id, action, subject_kind, subject_id, detail)
            VALUES (@id, @Now, @kind, @actorId, @action, @subjectKind, @subjectId, @detail)
            """, new { id = tx.NewId(), tx.Now, kind = actor.Kind.ToString(), actorId = actor.Id, action, subjectKind, subjectId, detail });
}
