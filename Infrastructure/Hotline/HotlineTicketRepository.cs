using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Live;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>
/// Loads and saves hotline tickets with their matter and all their events. One save writes the matter (conditional on its version: the guard of
/// every path), the ticket, new events, how it stood, and the news.
/// </summary>
public sealed class HotlineTicketRepository(Database database, MatterRepository matters, OutboxWriter outbox, Sealer sealer, LiveHub live)
{
    public static readonly SealedColumn CallerName = new("hotline_tickets", "caller_name_sealed", "id");
    public static readonly SealedColumn CallerPhone = new("hotline_tickets", "caller_phone_sealed", "id");
    public static readonly SealedColumn NationalIdNumber = new("hotline_tickets", "national_id_sealed", "id");
    public static readonly SealedColumn Address = new("hotline_tickets", "address_sealed", "id");

    private const string Columns = """
        id, app_id, ticket_no, matter_id, centre_id, source, door, demand, category_code, title, content, caller_name_sealed, caller_phone_sealed, phone_hash, gender,
        national_id_sealed, area_code, address_sealed, longitude, latitude, urgency, confidential, accepted_at, deadline_at, agent_no, call_id, department_code, attachments, ext,
        content_hash, their_version, their_updated_at, state, result, reply_summary, merged_into_no, created_at, updated_at, version
        """;

    public async Task<HotlineTicket?> FindAsync(UnitOfWork tx, string id) => Id.IsWellFormed(id)
        ? await RestoreAsync(tx, await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM hotline_tickets WHERE id = @id", new { id }))
        : null;

    public async Task<HotlineTicket?> FindByNoAsync(UnitOfWork tx, string appId, string ticketNo) =>
        await RestoreAsync(tx, await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM hotline_tickets WHERE app_id = @appId AND ticket_no = @ticketNo", new { appId, ticketNo }));

    /// <summary>The ticket behind a matter; null when it came through another door.</summary>
    public async Task<HotlineTicket?> FindByMatterAsync(UnitOfWork tx, string matterId) =>
        await RestoreAsync(tx, await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM hotline_tickets WHERE matter_id = @matterId", new { matterId }));

    /// <summary>What a staff member may work on: tickets at their units and below, those they are responsible for, and those that their centre dispatches.</summary>
    public async Task<StaffTicket?> FindForStaffAsync(UnitOfWork tx, string id, string staffId)
    {
        if (await FindAsync(tx, id) is not { } ticket) return null;
        var scope = await RegistryQueries.ScopeAsync(tx, staffId);
        var (path, centre) = (await RegistryQueries.PathAsync(tx, ticket.Matter.OrganisationId), await RegistryQueries.PathAsync(tx, ticket.CentreId));
        var mine = ticket.Matter.HandlerId == staffId;
        return mine || scope.Covers(path) || scope.Directs(centre) ? new StaffTicket(ticket, mine, scope.Covers(path), scope.Directs(path) || scope.Directs(centre), scope.Heads(centre)) : null;
    }

    public async Task InsertAsync(UnitOfWork tx, HotlineTicket ticket, Actor actor)
    {
        await matters.InsertAsync(tx, ticket.Matter, actor);
        try
        {
            await tx.ExecuteAsync($"""
                INSERT INTO hotline_tickets ({Columns})
                VALUES (@Id, @AppId, @TicketNo, @MatterId, @CentreId, @Source, @Door, @Demand, @CategoryCode, @Title, @Content, @CallerNameSealed, @CallerPhoneSealed, @PhoneHash, @Gender,
                        @NationalIdSealed, @AreaCode, @AddressSealed, @Longitude, @Latitude, @Urgency, @Confidential, @AcceptedAt, @DeadlineAt, @AgentNo, @CallId, @DepartmentCode, @Attachments, @Ext,
                        @ContentHash, @TheirVersion, @TheirUpdatedAt, @State, @Result, @ReplySummary, @MergedIntoNo, @CreatedAt, @UpdatedAt, 1)
                """, RowOf(ticket));
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            // The same number, sent twice at once: run again and find it.
            throw new ConcurrencyConflictException();
        }
        await WriteNewsAsync(tx, ticket);
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public async Task SaveAsync(UnitOfWork tx, HotlineTicket ticket, Actor actor)
    {
        await matters.SaveAsync(tx, ticket.Matter, actor);
        await tx.ExecuteExpectingOneAsync("""
            UPDATE hotline_tickets SET source = @Source, door = @Door, demand = @Demand, category_code = @CategoryCode, title = @Title, content = @Content,
                   caller_name_sealed = @CallerNameSealed, caller_phone_sealed = @CallerPhoneSealed, phone_hash = @PhoneHash, gender = @Gender, national_id_sealed = @NationalIdSealed,
                   area_code = @AreaCode, address_sealed = @AddressSealed, longitude = @Longitude, latitude = @Latitude, urgency = @Urgency, confidential = @Confidential,
                   accepted_at = @AcceptedAt, deadline_at = @DeadlineAt, agent_no = @AgentNo, call_id = @CallId, department_code = @DepartmentCode, attachments = @Attachments, ext = @Ext,
                   content_hash = @ContentHash, their_version = @TheirVersion, their_updated_at = @TheirUpdatedAt, state = @State, result = @Result, reply_summary = @ReplySummary,
                   merged_into_no = @MergedIntoNo, updated_at = @UpdatedAt, version = version + 1
            WHERE id = @Id AND version = @Version
            """, RowOf(ticket));
        await WriteNewsAsync(tx, ticket);
    }

    /// <summary>The account is deleted: what names the caller goes (PIPL art. 47), the case file stays. Nobody is suggested or called by that number any more.</summary>
    public static async Task RestrictAsync(UnitOfWork tx, string citizenId)
    {
        await tx.ExecuteAsync("""
            UPDATE hotline_tickets SET caller_name_sealed = NULL, caller_phone_sealed = NULL, phone_hash = NULL, national_id_sealed = NULL, address_sealed = NULL, version = version + 1
            WHERE matter_id IN (SELECT id FROM matters WHERE citizen_id = @citizenId)
            """, new { citizenId });
        await tx.ExecuteAsync("""
            UPDATE hotline_tasks SET phone_sealed = NULL, phone_hash = NULL, version = version + 1
            WHERE ticket_id IN (SELECT t.id FROM hotline_tickets t JOIN matters m ON m.id = t.matter_id WHERE m.citizen_id = @citizenId)
            """, new { citizenId });
    }

    private async Task WriteNewsAsync(UnitOfWork tx, HotlineTicket ticket)
    {
        await tx.InsertLaterAsync("hotline_ticket_events", "id, ticket_id, event_id, type, occurred_at, received_at, actor_kind, actor_id, operator, remark, data, applied",
            [.. ticket.NewEvents.Select(e => new object?[] { tx.NewId(), ticket.Id, e.EventId, e.Type.ToString(), e.OccurredAt, tx.Now, e.By.Kind.ToString(), e.By.Id, e.Operator, e.Remark, e.Data, e.Applied })]);
        foreach (var e in ticket.RejudgedEvents)
            await tx.ExecuteLaterAsync("UPDATE hotline_ticket_events SET applied = @Applied WHERE ticket_id = @Id AND event_id = @EventId", new { e.Applied, ticket.Id, e.EventId });
        await tx.ExecuteLaterAsync("""
            INSERT INTO hotline_ticket_versions (ticket_id, version, app_id, at, state, result, content_hash) VALUES (@Id, @version, @AppId, @Now, @state, @result, @Hash)
            """, new { ticket.Id, version = ticket.Version + 1, ticket.AppId, tx.Now, state = ticket.State.ToString(), result = ticket.Result?.ToString(), ticket.Content.Hash });
        await outbox.WriteAsync(tx, ticket.News);
        live.PublishAfter(tx, LiveTopics.Citizen(ticket.Matter.CitizenId), LiveTopics.Unit(ticket.Matter.OrganisationId));
    }

    private async Task<HotlineTicket?> RestoreAsync(UnitOfWork tx, Row? r)
    {
        if (r is null) return null;
        var matter = await matters.FindAsync(tx, r.MatterId) ?? throw new InvalidOperationException($"Hotline ticket {r.Id} has no matter.");
        var events = await tx.QueryAsync<EventRow>("SELECT event_id, type, occurred_at, actor_kind, actor_id, operator, remark, data, applied FROM hotline_ticket_events WHERE ticket_id = @Id ORDER BY occurred_at, id", new { r.Id });
        // Checked when it was written; a birth date cannot have become a future one since.
        _ = NationalId.TryParse(Opened(r.NationalIdSealed, NationalIdNumber, r.Id), DateOnly.MaxValue, out var nationalId);
        _ = PersonName.TryParse(Opened(r.CallerNameSealed, CallerName, r.Id), out var name);
        var content = new HotlineContent(
            r.Source, Enum.Parse<HotlineDoor>(r.Door), r.Demand is null ? null : Enum.Parse<HotlineDemand>(r.Demand), r.CategoryCode, r.Title, r.Content, name,
            Opened(r.CallerPhoneSealed, CallerPhone, r.Id), Enum.Parse<CallerGender>(r.Gender), nationalId, r.AreaCode, Opened(r.AddressSealed, Address, r.Id), r.Longitude, r.Latitude,
            Enum.Parse<HotlineUrgency>(r.Urgency), r.Confidential, r.AcceptedAt, r.DeadlineAt, r.AgentNo, r.CallId, r.DepartmentCode, r.Attachments, r.Ext, r.ContentHash);
        return HotlineTicket.Restore(
            new HotlineTicket { Id = r.Id, AppId = r.AppId, TicketNo = r.TicketNo, Matter = matter, CentreId = r.CentreId, CreatedAt = r.CreatedAt, Version = r.Version },
            new HotlineTicketData(content, new HotlineAge(r.TheirVersion, r.TheirUpdatedAt), Enum.Parse<HotlineTicketState>(r.State), r.Result is null ? null : Enum.Parse<HotlineResult>(r.Result),
                r.ReplySummary, r.MergedIntoNo, r.UpdatedAt),
            events.Select(e => new HotlineEvent(e.EventId, Enum.Parse<HotlineEventType>(e.Type), e.OccurredAt, new Actor(Enum.Parse<ActorKind>(e.ActorKind), e.ActorId), e.Operator, e.Remark, e.Data) { Applied = e.Applied }));
    }

    private Row RowOf(HotlineTicket t)
    {
        var c = t.Content;
        return new Row
        {
            Id = t.Id, AppId = t.AppId, TicketNo = t.TicketNo, MatterId = t.Matter.Id, CentreId = t.CentreId, Source = c.Source, Door = c.Door.ToString(), Demand = c.Demand?.ToString(),
            CategoryCode = c.CategoryCode, Title = c.Title, Content = c.Content, CallerNameSealed = Sealed(c.CallerName?.Reveal(), CallerName, t.Id),
            CallerPhoneSealed = Sealed(c.CallerPhone, CallerPhone, t.Id), PhoneHash = c.Phone is { } phone ? sealer.LookupHash(LookupKind.Phone, phone.Reveal()) : null, Gender = c.Gender.ToString(),
            NationalIdSealed = Sealed(c.NationalId?.Reveal(), NationalIdNumber, t.Id), AreaCode = c.AreaCode, AddressSealed = Sealed(c.Address, Address, t.Id), Longitude = c.Longitude,
            Latitude = c.Latitude, Urgency = c.Urgency.ToString(), Confidential = c.Confidential, AcceptedAt = c.AcceptedAt, DeadlineAt = c.DeadlineAt, AgentNo = c.AgentNo, CallId = c.CallId,
            DepartmentCode = c.DepartmentCode, Attachments = c.Attachments, Ext = c.Ext, ContentHash = c.Hash, TheirVersion = t.Age.Version, TheirUpdatedAt = t.Age.UpdatedAt,
            State = t.State.ToString(), Result = t.Result?.ToString(), ReplySummary = t.ReplySummary, MergedIntoNo = t.MergedIntoNo, CreatedAt = t.CreatedAt, UpdatedAt = t.UpdatedAt, Version = t.Version,
        };
    }

    private string? Sealed(string? value, SealedColumn column, string id) => value is null ? null : sealer.Seal(value, column.Of(id));

    private string? Opened(string? value, SealedColumn column, string id) => value is null ? null : sealer.Open(value, column.Of(id));

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string AppId { get; init; }
        public required string TicketNo { get; init; }
        public required string MatterId { get; init; }
        public required string CentreId { get; init; }
        public required string Source { get; init; }
        public required string Door { get; init; }
        public string? Demand { get; init; }
        public string? CategoryCode { get; init; }
        public string? Title { get; init; }
        public required string Content { get; init; }
        public string? CallerNameSealed { get; init; }
        public string? CallerPhoneSealed { get; init; }
        public string? PhoneHash { get; init; }
        public required string Gender { get; init; }
        public string? NationalIdSealed { get; init; }
        public string? AreaCode { get; init; }
        public string? AddressSealed { get; init; }
        public int? Longitude { get; init; }
        public int? Latitude { get; init; }
        public required string Urgency { get; init; }
        public bool Confidential { get; init; }
        public DateTimeOffset AcceptedAt { get; init; }
        public DateTimeOffset? DeadlineAt { get; init; }
        public string? AgentNo { get; init; }
        public string? CallId { get; init; }
        public string? DepartmentCode { get; init; }
        public string? Attachments { get; init; }
        public string? Ext { get; init; }
        public required string ContentHash { get; init; }
        public long? TheirVersion { get; init; }
        public DateTimeOffset? TheirUpdatedAt { get; init; }
        public required string State { get; init; }
        public string? Result { get; init; }
        public string? ReplySummary { get; init; }
        public string? MergedIntoNo { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }
        public int Version { get; init; }
    }

    private sealed record EventRow
    {
        public required string EventId { get; init; }
        public required string Type { get; init; }
        public DateTimeOffset OccurredAt { get; init; }
        public required string ActorKind { get; init; }
        public required string ActorId { get; init; }
        public string? Operator { get; init; }
        public string? Remark { get; init; }
        public string? Data { get; init; }
        public bool Applied { get; init; }
    }
}

/// <summary>A hotline ticket in the hands of a staff member.</summary>
/// <param name="Mine">They are responsible.</param>
/// <param name="Serves">They work in its unit, or above.</param>
/// <param name="Directs">They direct its unit, or its centre.</param>
/// <param name="Heads">They are head of its centre, or above.</param>
public sealed record StaffTicket(HotlineTicket Ticket, bool Mine, bool Serves, bool Directs, bool Heads)
{
    public bool MayDecide => Mine || Directs;
}
