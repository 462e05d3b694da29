using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Domain.Queues;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Queues;

/// <summary>
/// Loads and saves tickets with their history. Every save stands inside <see cref="QueueRepository.EnterAsync"/> of the ticket's queue. One save writes the
/// ticket (conditional on its version), its new lines of the queue's history, who is rung, and events; the copy of the order and waiting readers are told after
/// the commit. That nobody serves two and nobody waits twice is judged by the unique keys.
/// </summary>
public sealed class TicketRepository(Database database, MatterRepository matters, OutboxWriter outbox, QueueProjection projection, LiveHub live)
{
    private const string Columns = """
        id, queue_id, kind, day, sequence, number, citizen_id, matter_id, appointment_id, category_code, region_code, reason, opposing_hash, priority, joined_at, rank_at, state, wants,
        staff_id, serving_key, open_key, desk, call_id, calls, rings, ring_until, first_called_at, called_at, started_at, parked_at, kept_until, served_at, told_closed_at, ended_at,
        told_before, told_low50, told_high50, told_low90, told_high90, version
        """;

    public static async Task<Ticket?> FindAsync(UnitOfWork tx, string id) => Id.IsWellFormed(id)
        ? (await tx.FirstOrDefaultAsync<TicketRow>($"SELECT {Columns} FROM tickets WHERE id = @id", new { id }))?.ToTicket()
        : null;

    /// <summary>Those who wait in a queue, first to last.</summary>
    public static async Task<IReadOnlyList<Ticket>> WaitingAsync(UnitOfWork tx, string queueId) =>
        [.. (await tx.QueryAsync<TicketRow>($"SELECT {Columns} FROM tickets WHERE queue_id = @queueId AND state = 'Waiting' ORDER BY rank_at, id", new { queueId })).Select(r => r.ToTicket())];

    /// <summary>Whether somebody of the office has a ticket in hand. The key judges; this says it in words before it comes to that.</summary>
    public static async Task<bool> ServesAsync(UnitOfWork tx, string staffId) => await tx.ScalarAsync<long>("SELECT COUNT(*) FROM tickets WHERE serving_key = @staffId", new { staffId }) > 0;

    /// <summary>The first who waits and whom somebody may serve: by the conflict check, and not come for a colleague's appointment; null when there is none.</summary>
    /// <param name="directs">They direct the unit, and so may call for whoever is booked.</param>
    public static async Task<Ticket?> FirstForAsync(UnitOfWork tx, string queueId, string staffId, bool directs = false) => (await tx.FirstOrDefaultAsync<TicketRow>($"""
        SELECT {Columns} FROM tickets WHERE queue_id = @queueId AND state = 'Waiting'
          AND (opposing_hash IS NULL OR NOT EXISTS (SELECT 1 FROM known_parties k WHERE k.staff_id = @staffId AND k.name_hash = tickets.opposing_hash))
          AND (appointment_id IS NULL OR @directs = 1 OR EXISTS (SELECT 1 FROM appointments a WHERE a.id = tickets.appointment_id AND (a.staff_id IS NULL OR a.staff_id = @staffId)))
        ORDER BY rank_at, id LIMIT 1
        """, new { queueId, staffId, directs }))?.ToTicket();

    /// <summary>How many wait, and how many of them before somebody of this rank.</summary>
    public static async Task<QueuePosition> CountAsync(UnitOfWork tx, string queueId, DateTimeOffset rankAt, string id) => new(
        await tx.ScalarAsync<int>("SELECT COUNT(*) FROM tickets WHERE queue_id = @queueId AND state = 'Waiting' AND (rank_at < @rankAt OR (rank_at = @rankAt AND id < @id))", new { queueId, rankAt, id }),
        await tx.ScalarAsync<int>("SELECT COUNT(*) FROM tickets WHERE queue_id = @queueId AND state = 'Waiting'", new { queueId }));

    /// <summary>The last ticket that was given out for an appointment; null when none was.</summary>
    public static async Task<Ticket?> FindByAppointmentAsync(UnitOfWork tx, string appointmentId) =>
        (await tx.FirstOrDefaultAsync<TicketRow>($"SELECT {Columns} FROM tickets WHERE appointment_id = @appointmentId ORDER BY id DESC LIMIT 1", new { appointmentId }))?.ToTicket();

    /// <summary>Refused when the citizen has an open place already.</summary>
    public async Task<Outcome<Done>> InsertAsync(UnitOfWork tx, Ticket ticket, Actor actor)
    {
        var refusal = await JudgedAsync(() => tx.ExecuteAsync($"""
            INSERT INTO tickets ({Columns})
            VALUES (@Id, @QueueId, @Kind, @Day, @Sequence, @Number, @CitizenId, @MatterId, @AppointmentId, @CategoryCode, @RegionCode, @Reason, @OpposingHash, @Priority, @JoinedAt, @RankAt,
                    @State, @Wants, @StaffId, @ServingKey, @OpenKey, @Desk, @CallId, @Calls, @Rings, @RingUntil, @FirstCalledAt, @CalledAt, @StartedAt, @ParkedAt, @KeptUntil, @ServedAt,
                    @ToldClosedAt, @EndedAt, @ToldBefore, @ToldLow50, @ToldHigh50, @ToldLow90, @ToldHigh90, 1)
            """, TicketRow.Of(ticket)));
        if (refusal is not null) return refusal;
        await WriteNewsAsync(tx, ticket, actor, was: null);
        return Done.It;
    }

    /// <param name="was">The queue it stood in before, when it has moved to another; that one is entered, too.</param>
    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public async Task<Outcome<Done>> SaveAsync(UnitOfWork tx, Ticket ticket, Actor actor, TicketPlace? was = null)
    {
        var refusal = await JudgedAsync(() => tx.ExecuteExpectingOneAsync("""
            UPDATE tickets SET queue_id = @QueueId, day = @Day, sequence = @Sequence, number = @Number, priority = @Priority, rank_at = @RankAt, state = @State, wants = @Wants,
                   staff_id = @StaffId, serving_key = @ServingKey, open_key = @OpenKey, desk = @Desk, call_id = @CallId, calls = @Calls, rings = @Rings, ring_until = @RingUntil,
                   first_called_at = @FirstCalledAt, called_at = @CalledAt, started_at = @StartedAt, parked_at = @ParkedAt, kept_until = @KeptUntil, served_at = @ServedAt,
                   told_closed_at = @ToldClosedAt, ended_at = @EndedAt, version = version + 1
            WHERE id = @Id AND version = @Version
            """, TicketRow.Of(ticket)));
        if (refusal is not null) return refusal;
        await WriteNewsAsync(tx, ticket, actor, was);
        return Done.It;
    }

    /// <summary>Ends the matter that was opened for the waiting, and nothing else: one that is about more goes on.</summary>
    public async Task EndMatterAsync(UnitOfWork tx, Ticket ticket, MatterStatus how, string text, Actor actor)
    {
        if (ticket.MatterId is null || await matters.FindAsync(tx, ticket.MatterId) is not { Kind: MatterKind.VideoConsultation or MatterKind.Visit } matter || matter.Status.IsOver()) return;
        matter.End(how, tx.Now, text);
        await matters.SaveAsync(tx, matter, actor);
    }

    /// <summary>An entry that the citizen reads on the matter; nothing where there is none.</summary>
    public async Task TellAsync(UnitOfWork tx, Ticket ticket, string kind, string text, Actor actor)
    {
        if (ticket.MatterId is null || await matters.FindAsync(tx, ticket.MatterId) is not { } matter || matter.Status.IsOver()) return;
        matter.Tell(tx.Now, kind, text);
        await matters.SaveAsync(tx, matter, actor);
    }

    /// <summary>Which of the two keys says no, in words; null when none does.</summary>
    private async Task<Refusal?> JudgedAsync(Func<Task> write)
    {
        try
        {
            await write();
            return null;
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            if (e.Message.Contains("serving", StringComparison.Ordinal)) return QueueRefusals.StaffServing;
            if (e.Message.Contains("open", StringComparison.Ordinal)) return QueueRefusals.AlreadyQueued;
            throw new ConcurrencyConflictException();
        }
    }

    private async Task WriteNewsAsync(UnitOfWork tx, Ticket ticket, Actor actor, TicketPlace? was)
    {
        var queueId = ticket.Place.QueueId;
        await tx.ExecuteAsync("UPDATE queue_lines SET seq = seq + @lines WHERE queue_id = @queueId", new { lines = ticket.History.Count, queueId });
        var seq = await tx.ScalarAsync<long>("SELECT seq FROM queue_lines WHERE queue_id = @queueId", new { queueId });
        await tx.InsertLaterAsync("ticket_events", "queue_id, seq, ticket_id, action, state, rank_at, staff_id, ring, until_at, rung, actor_kind, actor_id, at",
            [.. ticket.History.Select((e, i) => new object?[]
            {
                queueId, seq - ticket.History.Count + 1 + i, ticket.Id, e.Action.ToString(), e.State.ToString(), e.RankAt, e.StaffId, e.Ring, e.Until,
                e.Rung.Count == 0 ? null : string.Join(',', e.Rung), actor.Kind.ToString(), actor.Id, e.At,
            })]);
        var told = ticket.History.SelectMany(e => e.Rung.Append(e.StaffId)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var entry in ticket.History) told.UnionWith(await WriteRingsAsync(tx, ticket.Id, entry));
        await outbox.WriteAsync(tx, ticket.Events);
        projection.PutAfter(tx, queueId, ticket.Id, seq, ticket.State == TicketState.Waiting ? ticket.RankAt : null);
        if (was is not null && was.QueueId != queueId) projection.PutAfter(tx, was.QueueId, ticket.Id, await QueueProjection.SeqAsync(tx, was.QueueId), null);
        live.PublishAfter(tx, [LiveTopics.Ticket(ticket.Id), LiveTopics.Queue(queueId), ticket.CitizenId is { } citizen ? LiveTopics.Citizen(citizen) : null, .. told.Select(LiveTopics.Staff)]);
    }

    /// <returns>Whose phones ring no longer.</returns>
    private static async Task<IEnumerable<string>> WriteRingsAsync(UnitOfWork tx, string ticketId, TicketEntry entry)
    {
        if (entry.Action == TicketAction.Ring)
            return await WriteRungAsync(tx, ticketId, entry);
        if (entry.Action == TicketAction.Decline)
        {
            await tx.ExecuteAsync("UPDATE ticket_rings SET declined_at = @At WHERE ticket_id = @ticketId AND staff_id = @StaffId", new { entry.At, ticketId, entry.StaffId });
            return [];
        }
        if (entry.State == TicketState.Waiting && entry.Action != TicketAction.TellClosed) return [];
        // Taken, gone or closed: nobody is rung for it any more.
        var rung = (await tx.QueryAsync<string>("SELECT staff_id FROM ticket_rings WHERE ticket_id = @ticketId", new { ticketId })).ToList();
        if (rung.Count > 0) await tx.ExecuteAsync("DELETE FROM ticket_rings WHERE ticket_id = @ticketId", new { ticketId });
        return rung;
    }

    private static async Task<IEnumerable<string>> WriteRungAsync(UnitOfWork tx, string ticketId, TicketEntry entry)
    {
        var before = (await tx.QueryAsync<string>("SELECT staff_id FROM ticket_rings WHERE ticket_id = @ticketId", new { ticketId })).ToList();
        await tx.ExecuteAsync("DELETE FROM ticket_rings WHERE ticket_id = @ticketId AND (declined_at IS NULL OR staff_id IN @Rung)", new { ticketId, entry.Rung });
        await tx.InsertLaterAsync("ticket_rings", "ticket_id, staff_id, ring, until_at, declined_at", [.. entry.Rung.Select(s => new object?[] { ticketId, s, entry.Ring, entry.Until, null })]);
        return before.Except(entry.Rung, StringComparer.Ordinal);
    }
}
