using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Administration;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Administration;

/// <summary>Keeps requests for a second administrator's word. <c>version</c> guards every decision, <c>open_key</c> holds one open request for a thing.</summary>
public sealed class ApprovalRepository(Database database)
{
    private const string Columns = """
        a.id, a.act, a.subject_id, a.subject_name, a.subject_version, a.reason, a.state, a.requested_by, a.requested_at, a.expires_at, a.decided_by, a.decided_at, a.decision_reason,
        a.undo_until, a.undone_by, a.undone_at, a.version
        """;

    /// <summary>Outside the transaction that decides: there the first thing is a write, so that what the act reads afterwards is the latest.</summary>
    public async Task<Approval?> FindAsync(string id, CancellationToken cancel) => await database.ReadAsync(async c =>
        (await c.QueryFirstOrDefaultAsync<Row>($"SELECT {Columns} FROM approvals a WHERE a.id = @id", new { id }))?.ToApproval(), cancel);

    /// <summary>False while the same is asked already.</summary>
    public async Task<bool> TryInsertAsync(UnitOfWork tx, Approval approval)
    {
        try
        {
            await tx.ExecuteAsync("""
                INSERT INTO approvals (id, act, subject_id, subject_name, subject_version, open_key, reason, state, requested_by, requested_at, expires_at, version)
                VALUES (@Id, @act, @SubjectId, @SubjectName, @SubjectVersion, @key, @Reason, @state, @RequestedBy, @RequestedAt, @ExpiresAt, 1)
                """, new
            {
                approval.Id, act = approval.Act.ToString(), approval.SubjectId, approval.SubjectName, approval.SubjectVersion, key = KeyOf(approval), approval.Reason, state = approval.State.ToString(),
                approval.RequestedBy, approval.RequestedAt, approval.ExpiresAt,
            });
            return true;
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return false;
        }
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else decided in between; the transaction runs again.</exception>
    public static Task SaveAsync(UnitOfWork tx, Approval approval) => tx.ExecuteExpectingOneAsync("""
        UPDATE approvals SET state = @state, open_key = NULL, decided_by = @DecidedBy, decided_at = @DecidedAt, decision_reason = @DecisionReason, undo_until = @UndoUntil, undone_by = @UndoneBy,
               undone_at = @UndoneAt, version = version + 1
        WHERE id = @Id AND version = @Version
        """, new
    {
        state = approval.State.ToString(), approval.DecidedBy, approval.DecidedAt, approval.DecisionReason, approval.UndoUntil, approval.UndoneBy, approval.UndoneAt, approval.Id, approval.Version,
    });

    /// <summary>Nobody decided in time.</summary>
    public static Task<int> ExpireAsync(UnitOfWork tx) => tx.ExecuteAsync(
        "UPDATE approvals SET state = 'Expired', open_key = NULL, version = version + 1 WHERE state = 'Pending' AND expires_at <= @Now", new { tx.Now });

    /// <summary>Newest first, with the names of who asked, decided and took back.</summary>
    public Task<List<ApprovalRow>> ListAsync(ApprovalState? state, string? after, int limit, CancellationToken cancel) => database.ReadAsync(async c =>
        (await c.QueryAsync<Row>($"""
            {Named} WHERE 1 = 1 {(state is null ? "" : "AND a.state = @state")} {(after is null ? "" : "AND a.id < @after")} ORDER BY a.id DESC LIMIT @limit
            """, new { state = state?.ToString(), after, limit })).Select(r => r.ToRow()).ToList(), cancel);

    public Task<ApprovalRow?> ViewAsync(string id, CancellationToken cancel) => database.ReadAsync(c => ViewAsync(c, null, id), cancel);

    public static async Task<ApprovalRow> ViewAsync(UnitOfWork tx, string id) => await ViewAsync(await tx.ConnectionAsync(), tx.Transaction, id) ?? throw new InvalidOperationException($"Approval {id} was just written.");

    /// <summary>How many administrators could sign in now.</summary>
    public Task<long> AdministratorsAsync(CancellationToken cancel) => database.ReadAsync(c => c.ExecuteScalarAsync<long>(
        "SELECT COUNT(DISTINCT p.staff_id) FROM posts p JOIN staff_members s ON s.id = p.staff_id WHERE p.role = 'Administrator' AND s.active = 1"), cancel);

    private static async Task<ApprovalRow?> ViewAsync(DbConnection connection, DbTransaction? transaction, string id) =>
        (await connection.QueryFirstOrDefaultAsync<Row>($"{Named} WHERE a.id = @id", new { id }, transaction))?.ToRow();

    private const string Named = $"""
        SELECT {Columns}, r.name AS requested_by_name, d.name AS decided_by_name, u.name AS undone_by_name FROM approvals a
        LEFT JOIN staff_members r ON r.id = a.requested_by LEFT JOIN staff_members d ON d.id = a.decided_by LEFT JOIN staff_members u ON u.id = a.undone_by
        """;

    private static string KeyOf(Approval approval) => $"{approval.Act}/{approval.SubjectId}";

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Act { get; init; }
        public required string SubjectId { get; init; }
        public required string SubjectName { get; init; }
        public int? SubjectVersion { get; init; }
        public required string Reason { get; init; }
        public required string State { get; init; }
        public required string RequestedBy { get; init; }
        public DateTimeOffset RequestedAt { get; init; }
        public DateTimeOffset ExpiresAt { get; init; }
        public string? DecidedBy { get; init; }
        public DateTimeOffset? DecidedAt { get; init; }
        public string? DecisionReason { get; init; }
        public DateTimeOffset? UndoUntil { get; init; }
        public string? UndoneBy { get; init; }
        public DateTimeOffset? UndoneAt { get; init; }
        public int Version { get; init; }
        public string? RequestedByName { get; init; }
        public string? DecidedByName { get; init; }
        public string? UndoneByName { get; init; }

        public Approval ToApproval() => Approval.Restore(
            new Approval(Id, Enum.Parse<ApprovableAct>(Act), SubjectId, SubjectName, SubjectVersion, Reason, RequestedBy, RequestedAt, ExpiresAt),
            new ApprovalFacts(Enum.Parse<ApprovalState>(State), DecidedBy, DecidedAt, DecisionReason, UndoUntil, UndoneBy, UndoneAt, Version));

        public ApprovalRow ToRow() => new(ToApproval(), RequestedByName, DecidedByName, UndoneByName);
    }
}

/// <summary>A request with the names of those who dealt with it.</summary>
public sealed record ApprovalRow(Approval Approval, string? RequestedByName, string? DecidedByName, string? UndoneByName);
