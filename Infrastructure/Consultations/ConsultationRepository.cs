using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>
/// Loads and saves consultations with their matter. One save writes the matter (conditional on its version), the consultation, new
/// messages, timeline and events; waiting readers are woken after the commit.
/// </summary>
public sealed class ConsultationRepository(MatterRepository matters, OutboxWriter outbox, LiveHub live)
{
    public async Task<Consultation?> FindAsync(UnitOfWork tx, string id)
    {
        if (!Id.IsWellFormed(id)) return null;
        var row = await tx.FirstOrDefaultAsync<Row>(
            "SELECT matter_id, state, answer_due_at, first_answered_at, last_answered_at, assigned_at, overdue_at, last_seq, last_public_seq FROM consultations WHERE id = @id", new { id });
        if (row is null) return null;
        var matter = await matters.FindAsync(tx, row.MatterId) ?? throw new InvalidOperationException($"Consultation {id} has no matter.");
        return Consultation.Restore(id, matter, Enum.Parse<ConsultationState>(row.State),
            new ConsultationTimes(row.AnswerDueAt, row.FirstAnsweredAt, row.LastAnsweredAt, row.AssignedAt, row.OverdueAt), row.LastSeq, row.LastPublicSeq);
    }

    /// <summary>The citizen's own, or null: not theirs and not there are the same.</summary>
    public async Task<Consultation?> FindOwnAsync(UnitOfWork tx, string id, string citizenId) =>
        await FindAsync(tx, id) is { } consultation && consultation.Matter.CitizenId == citizenId ? consultation : null;

    /// <summary>What a staff member may work on: matters of their units and below, and those they are responsible for. Null: not there, or out of scope.</summary>
    public async Task<StaffConsultation?> FindForStaffAsync(UnitOfWork tx, string id, string staffId)
    {
        if (await FindAsync(tx, id) is not { } consultation) return null;
        var scope = await RegistryQueries.ScopeAsync(tx, staffId);
        var path = await RegistryQueries.PathAsync(tx, consultation.Matter.OrganisationId);
        var mine = consultation.Matter.HandlerId == staffId;
        return mine || scope.Covers(path) ? new StaffConsultation(consultation, mine, scope.Directs(path)) : null;
    }

    /// <summary>Whoever lets it go by hand does not get it back by the duty rule.</summary>
    public Task ExcludeFromDispatchAsync(UnitOfWork tx, string consultationId, string staffId) => tx.ExecuteAsync(
        $"{tx.Dialect.InsertIgnore} dispatch_exclusions (consultation_id, staff_id) VALUES (@consultationId, @staffId)", new { consultationId, staffId });

    /// <summary>The thread of a matter; null where it has none.</summary>
    public async Task<Consultation?> FindByMatterAsync(UnitOfWork tx, string matterId) =>
        await tx.ScalarAsync<string>("SELECT id FROM consultations WHERE matter_id = @matterId", new { matterId }) is { } id ? await FindAsync(tx, id) : null;

    /// <summary>Writes a new thread, with its matter when that is new too.</summary>
    public async Task InsertAsync(UnitOfWork tx, Consultation consultation, Actor actor)
    {
        if (consultation.Matter.Version == 0) await matters.InsertAsync(tx, consultation.Matter, actor);
        else await matters.SaveAsync(tx, consultation.Matter, actor);
        await tx.ExecuteLaterAsync("""
            INSERT INTO consultations (id, matter_id, state, answer_due_at, first_answered_at, last_answered_at, assigned_at, last_seq, last_public_seq)
            VALUES (@Id, @MatterId, @State, @AnswerDueAt, @FirstAnsweredAt, @LastAnsweredAt, @AssignedAt, @LastSeq, @LastPublicSeq)
            """, Args(consultation));
        await WriteNewsAsync(tx, consultation);
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public async Task SaveAsync(UnitOfWork tx, Consultation consultation, Actor actor)
    {
        await matters.SaveAsync(tx, consultation.Matter, actor);
        await tx.ExecuteLaterAsync("""
            UPDATE consultations SET state = @State, first_answered_at = @FirstAnsweredAt, last_answered_at = @LastAnsweredAt, assigned_at = @AssignedAt,
                   overdue_at = @OverdueAt, last_seq = @LastSeq, last_public_seq = @LastPublicSeq WHERE id = @Id
            """, Args(consultation));
        await WriteNewsAsync(tx, consultation);
    }

    /// <summary>The message this author has already written under this client message id: the client is saying it again (R10).</summary>
    public async Task<MessageRow?> FindMessageAsync(UnitOfWork tx, string consultationId, string authorId, string? clientMessageId) =>
        clientMessageId is null ? null : await WithAttachmentsAsync(tx, await tx.FirstOrDefaultAsync<MessageRow>($"""
            SELECT {ConsultationQueries.AuthorsColumns} FROM messages m LEFT JOIN staff_members s ON s.id = m.author_id
            WHERE m.consultation_id = @consultationId AND m.author_id = @authorId AND m.client_message_id = @clientMessageId
            """, new { consultationId, authorId, clientMessageId }));

    /// <summary>A message just written, with its author's name.</summary>
    public async Task<MessageRow?> FindMessageAsync(UnitOfWork tx, string consultationId, int seq) => await WithAttachmentsAsync(tx, await tx.FirstOrDefaultAsync<MessageRow>($"""
        SELECT {ConsultationQueries.AuthorsColumns} FROM messages m LEFT JOIN staff_members s ON s.id = m.author_id
        WHERE m.consultation_id = @consultationId AND m.seq = @seq
        """, new { consultationId, seq }));

    private static async Task<MessageRow?> WithAttachmentsAsync(UnitOfWork tx, MessageRow? message)
    {
        if (message is not null) await ConsultationQueries.WithAttachmentsAsync(await tx.ConnectionAsync(), tx.Transaction, [message]);
        return message;
    }

    /// <summary>Everything the citizen has written, for <see cref="AnswerQuality"/>.</summary>
    public async Task<IReadOnlyList<string>> CitizensTextsAsync(UnitOfWork tx, string consultationId) =>
        [.. await tx.QueryAsync<string>("SELECT text FROM messages WHERE consultation_id = @consultationId AND kind IN ('Question', 'FollowUp')", new { consultationId })];

    private async Task WriteNewsAsync(UnitOfWork tx, Consultation consultation)
    {
        foreach (var message in consultation.NewMessages)
            await tx.ExecuteLaterAsync("""
                INSERT INTO messages (id, consultation_id, seq, public_seq, kind, author_kind, author_id, text, client_message_id, at)
                VALUES (@Id, @ConsultationId, @Seq, @PublicSeq, @kind, @authorKind, @authorId, @Text, @ClientMessageId, @At)
                """, new
            {
                message.Id, message.ConsultationId, message.Seq, message.PublicSeq, kind = message.Kind.ToString(), authorKind = message.Author.Kind.ToString(),
                authorId = message.Author.Id, message.Text, message.ClientMessageId, message.At,
            });
        await outbox.WriteAsync(tx, consultation.Events);
        live.PublishAfter(
            tx, LiveTopics.Consultation(consultation.Id), LiveTopics.Citizen(consultation.Matter.CitizenId), LiveTopics.Unit(consultation.Matter.OrganisationId), LiveTopics.Staff(consultation.Matter.HandlerId));
    }

    private static object Args(Consultation c) => new
    {
        c.Id, MatterId = c.Matter.Id, State = c.State.ToString(), c.AnswerDueAt, c.FirstAnsweredAt, c.LastAnsweredAt, c.AssignedAt, c.OverdueAt, c.LastSeq, c.LastPublicSeq,
    };

    private sealed record Row
    {
        public required string MatterId { get; init; }
        public required string State { get; init; }
        public DateTimeOffset AnswerDueAt { get; init; }
        public DateTimeOffset? FirstAnsweredAt { get; init; }
        public DateTimeOffset? LastAnsweredAt { get; init; }
        public DateTimeOffset? AssignedAt { get; init; }
        public DateTimeOffset? OverdueAt { get; init; }
        public int LastSeq { get; init; }
        public int LastPublicSeq { get; init; }
    }
}

/// <summary>A consultation in the hands of a staff member.</summary>
/// <param name="Mine">They are responsible for it.</param>
/// <param name="Directs">They are clerk of its unit, or head of it or of a unit above.</param>
public sealed record StaffConsultation(Consultation Consultation, bool Mine, bool Directs)
{
    public Matter Matter => Consultation.Matter;

    /// <summary>What only the person responsible, or who directs the unit, may do.</summary>
    public bool MayDecide => Mine || Directs;
}
