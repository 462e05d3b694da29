using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;
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
            "SELECT matter_id, state, answer_due_at, first_answered_at, last_seq FROM consultations WHERE id = @id", new { id });
        if (row is null) return null;
        var matter = await matters.FindAsync(tx, row.MatterId) ?? throw new InvalidOperationException($"Consultation {id} has no matter.");
        return Consultation.Restore(id, matter, Enum.Parse<ConsultationState>(row.State), row.AnswerDueAt, row.FirstAnsweredAt, row.LastSeq);
    }

    /// <summary>The citizen's own, or null: not theirs and not there are the same.</summary>
    public async Task<Consultation?> FindOwnAsync(UnitOfWork tx, string id, string citizenId) =>
        await FindAsync(tx, id) is { } consultation && consultation.Matter.CitizenId == citizenId ? consultation : null;

    public async Task InsertAsync(UnitOfWork tx, Consultation consultation, Actor actor)
    {
        await matters.InsertAsync(tx, consultation.Matter, actor);
        await tx.ExecuteAsync("""
            INSERT INTO consultations (id, matter_id, state, answer_due_at, first_answered_at, last_seq)
            VALUES (@Id, @MatterId, @State, @AnswerDueAt, @FirstAnsweredAt, @LastSeq)
            """, Args(consultation));
        await WriteNewsAsync(tx, consultation);
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public async Task SaveAsync(UnitOfWork tx, Consultation consultation, Actor actor)
    {
        await matters.SaveAsync(tx, consultation.Matter, actor);
        await tx.ExecuteAsync("""
            UPDATE consultations SET state = @State, first_answered_at = @FirstAnsweredAt, last_seq = @LastSeq WHERE id = @Id
            """, Args(consultation));
        await WriteNewsAsync(tx, consultation);
    }

    /// <summary>The message this author has already written under this client message id: the client is saying it again (R10).</summary>
    public async Task<MessageRow?> FindMessageAsync(UnitOfWork tx, string consultationId, string authorId, string? clientMessageId) =>
        clientMessageId is null ? null : await tx.FirstOrDefaultAsync<MessageRow>($"""
            SELECT {ConsultationQueries.MessageColumns} FROM messages m LEFT JOIN staff_members s ON s.id = m.author_id
            WHERE m.consultation_id = @consultationId AND m.author_id = @authorId AND m.client_message_id = @clientMessageId
            """, new { consultationId, authorId, clientMessageId });

    /// <summary>Everything the citizen has written, for <see cref="AnswerQuality"/>.</summary>
    public async Task<IReadOnlyList<string>> CitizensTextsAsync(UnitOfWork tx, string consultationId) =>
        [.. await tx.QueryAsync<string>("SELECT text FROM messages WHERE consultation_id = @consultationId AND kind IN ('Question', 'FollowUp')", new { consultationId })];

    private async Task WriteNewsAsync(UnitOfWork tx, Consultation consultation)
    {
        foreach (var message in consultation.NewMessages)
            await tx.ExecuteAsync("""
                INSERT INTO messages (id, consultation_id, seq, kind, author_kind, author_id, text, client_message_id, at)
                VALUES (@Id, @ConsultationId, @Seq, @kind, @authorKind, @authorId, @Text, @ClientMessageId, @At)
                """, new
            {
                message.Id, message.ConsultationId, message.Seq, kind = message.Kind.ToString(), authorKind = message.Author.Kind.ToString(),
                authorId = message.Author.Id, message.Text, message.ClientMessageId, message.At,
            });
        await outbox.WriteAsync(tx, consultation.Events);
        tx.AfterCommit(async () =>
        {
            await live.PublishAsync(LiveTopics.Consultation(consultation.Id));
            await live.PublishAsync(LiveTopics.Citizen(consultation.Matter.CitizenId));
            await live.PublishAsync(LiveTopics.Unit(consultation.Matter.OrganisationId));
            if (consultation.Matter.HandlerId is { } handler) await live.PublishAsync(LiveTopics.Staff(handler));
        });
    }

    private static object Args(Consultation c) => new
    {
        c.Id, MatterId = c.Matter.Id, State = c.State.ToString(), c.AnswerDueAt, c.FirstAnsweredAt, c.LastSeq,
    };

    private sealed record Row
    {
        public required string MatterId { get; init; }
        public required string State { get; init; }
        public DateTimeOffset AnswerDueAt { get; init; }
        public DateTimeOffset? FirstAnsweredAt { get; init; }
        public int LastSeq { get; init; }
    }
}
