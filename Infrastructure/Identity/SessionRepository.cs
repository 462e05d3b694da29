using System.Text.Json;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>A new access token and the refresh token that comes with it.</summary>
public sealed record TokenPair(string AccessToken, DateTimeOffset AccessTokenExpiresAt, string RefreshToken, DateTimeOffset RefreshTokenExpiresAt);

/// <summary>Opens, refreshes and ends sessions. Every way of ending one goes through here, so that this node forgets it at once.</summary>
public sealed class SessionRepository(Database database, AccessTokens tokens, SigningKeyStore signingKeys, SessionGate gate, Sealer sealer, TokenOptions options)
{
    public static readonly SealedColumn Successor = new("refresh_tokens", "successor_sealed", "token_hash");

    /// <summary>Opens a session in the transaction of the sign-in.</summary>
    public async Task<TokenPair> OpenAsync(UnitOfWork tx, ActorKind kind, string subjectId, IReadOnlyList<Role> roles, string? client)
    {
        var id = tx.NewId();
        var (life, _) = LifeOf(kind);
        await tx.ExecuteAsync("""
            INSERT INTO sessions (id, kind, subject_id, client, created_at, last_used_at, expires_at)
            VALUES (@id, @kind, @subjectId, @client, @Now, @Now, @expiresAt)
            """, new { id, kind = kind.ToString(), subjectId, client = Shortened(client), tx.Now, expiresAt = tx.Now + life });
        return await IssueAsync(tx, new AccessClaims(subjectId, id, kind, roles), tx.Now + life);
    }

    /// <summary>R30: one rotation however many ask at once; the same pair for half a minute; the end of the session for a copied token.</summary>
    /// <param name="rolesOf">The roles the subject has now, read in the transaction; null when the account may not go on.</param>
    public async Task<Outcome<TokenPair>> RefreshAsync(string tokenHash, Func<UnitOfWork, ActorKind, string, Task<IReadOnlyList<Role>?>> rolesOf)
    {
        var outcome = await database.WriteAsync<(TokenPair? Pair, Refusal? Why)>(async tx =>
        {
            var row = await FindAsync(tx, tokenHash);
            if (row is null) return (null, IdentityRefusals.TokenInvalid);
            switch (RefreshRules.Judge(row.State, tx.Now, options.RefreshGrace))
            {
                case RefreshVerdict.Replay:
                    return (JsonSerializer.Deserialize<TokenPair>(sealer.Open(row.SuccessorSealed!, Successor.Of(tokenHash))), null);
                case RefreshVerdict.Rotate when await rolesOf(tx, row.Kind, row.SubjectId) is { } roles:
                    return (await RotateAsync(tx, row, tokenHash, roles), null);
                case RefreshVerdict.Reused:
                    await EndAsync(tx, row.SessionId, SessionEnd.RefreshReused);
                    await tx.AuditAsync(Actor.System, "identity.refresh_reused", "session", row.SessionId, row.Kind.ToString());
                    return (null, IdentityRefusals.SessionRevoked);
                case RefreshVerdict.Expired:
                    return (null, IdentityRefusals.TokenExpired);
                default:
                    return (null, IdentityRefusals.SessionRevoked);
            }
        });
        if (outcome.IsRefused) return outcome.Refusal!;
        return outcome.Value.Why is { } why ? why : outcome.Value.Pair!;
    }

    /// <summary>Ends one session of a person; false when there is none such, or none alive.</summary>
    public async Task<bool> EndOwnAsync(UnitOfWork tx, string subjectId, string sessionId, SessionEnd why)
    {
        var alive = await tx.ScalarAsync<long>(
            "SELECT COUNT(*) FROM sessions WHERE id = @sessionId AND subject_id = @subjectId AND revoked_at IS NULL", new { sessionId, subjectId });
        if (alive == 0) return false;
        await EndAsync(tx, sessionId, why);
        return true;
    }

    /// <summary>Ends every session of a person, on every device; <paramref name="exceptSessionId"/> goes on.</summary>
    public async Task<int> EndAllAsync(UnitOfWork tx, string subjectId, SessionEnd why, string? exceptSessionId = null)
    {
        // The write first: it also sees a session that a sign-in has committed since this transaction began.
        await tx.ExecuteAsync("""
            UPDATE sessions SET revoked_at = @Now, revoked_why = @why WHERE subject_id = @subjectId AND revoked_at IS NULL AND expires_at > @Now AND id <> @except
            """, new { tx.Now, why = why.ToString(), subjectId, except = exceptSessionId ?? "" });
        var ids = (await tx.QueryAsync<string>("SELECT id FROM sessions WHERE subject_id = @subjectId AND revoked_at = @Now", new { subjectId, tx.Now })).AsList();
        foreach (var id in ids) await ForgetAsync(tx, id);
        return ids.Count;
    }

    /// <summary>Erases successors that can no longer be asked for, and sessions that ended long ago. Run by the clock.</summary>
    public async Task<int> CleanAsync(TimeSpan keepEnded)
    {
        var erased = await database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
            "UPDATE refresh_tokens SET successor_sealed = NULL WHERE successor_sealed IS NOT NULL AND used_at < @before", new { before = tx.Now - options.RefreshGrace * 2 }));
        return erased + await database.WriteAlwaysAsync(async tx =>
        {
            var before = tx.Now - keepEnded;
            await tx.ExecuteAsync("DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE expires_at < @before)", new { before });
            return await tx.ExecuteAsync("DELETE FROM sessions WHERE expires_at < @before", new { before });
        });
    }

    private async Task<TokenPair> RotateAsync(UnitOfWork tx, Row row, string tokenHash, IReadOnlyList<Role> roles)
    {
        var pair = await IssueAsync(tx, new AccessClaims(row.SubjectId, row.SessionId, row.Kind, roles), row.State.SessionExpiresAt);
        await tx.ExecuteExpectingOneAsync("""
            UPDATE refresh_tokens SET used_at = @Now, successor_hash = @next, successor_sealed = @secret WHERE token_hash = @tokenHash AND used_at IS NULL
            """, new { tx.Now, next = RefreshToken.HashOf(pair.RefreshToken), secret = sealer.Seal(JsonSerializer.Serialize(pair), Successor.Of(tokenHash)), tokenHash });
        await tx.ExecuteAsync("UPDATE sessions SET last_used_at = @Now WHERE id = @SessionId", new { tx.Now, row.SessionId });
        return pair;
    }

    private async Task<TokenPair> IssueAsync(UnitOfWork tx, AccessClaims claims, DateTimeOffset sessionExpiresAt)
    {
        var refresh = RefreshToken.New();
        var (_, idle) = LifeOf(claims.Kind);
        var expiresAt = tx.Now + idle < sessionExpiresAt ? tx.Now + idle : sessionExpiresAt;
        await tx.ExecuteAsync(
            "INSERT INTO refresh_tokens (token_hash, session_id, issued_at, expires_at) VALUES (@hash, @SessionId, @Now, @expiresAt)",
            new { hash = RefreshToken.HashOf(refresh), claims.SessionId, tx.Now, expiresAt });
        var (access, accessExpiresAt) = tokens.Issue(claims, signingKeys.Current);
        return new TokenPair(access, accessExpiresAt, refresh, expiresAt);
    }

    private async Task EndAsync(UnitOfWork tx, string sessionId, SessionEnd why)
    {
        await tx.ExecuteAsync("UPDATE sessions SET revoked_at = @Now, revoked_why = @why WHERE id = @sessionId AND revoked_at IS NULL", new { tx.Now, why = why.ToString(), sessionId });
        await ForgetAsync(tx, sessionId);
    }

    private async Task ForgetAsync(UnitOfWork tx, string sessionId)
    {
        await tx.ExecuteAsync("UPDATE refresh_tokens SET successor_sealed = NULL WHERE session_id = @sessionId AND successor_sealed IS NOT NULL", new { sessionId });
        tx.AfterCommit(() => { gate.Forget(sessionId); return Task.CompletedTask; });
    }

    private static async Task<Row?> FindAsync(UnitOfWork tx, string tokenHash)
    {
        var read = await tx.FirstOrDefaultAsync<Read>("""
            SELECT t.session_id, s.kind, s.subject_id, t.successor_sealed, t.expires_at, t.used_at, n.used_at AS successor_used_at,
                   s.expires_at AS session_expires_at, s.revoked_at AS session_revoked_at
            FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id LEFT JOIN refresh_tokens n ON n.token_hash = t.successor_hash
            WHERE t.token_hash = @tokenHash
            """, new { tokenHash });
        return read is null ? null : new Row(read.SessionId, Enum.Parse<ActorKind>(read.Kind), read.SubjectId, read.SuccessorSealed, new RefreshState
        {
            ExpiresAt = read.ExpiresAt, UsedAt = read.UsedAt, HasSuccessor = read.SuccessorSealed is not null, SuccessorUsed = read.SuccessorUsedAt is not null,
            SessionExpiresAt = read.SessionExpiresAt, SessionRevokedAt = read.SessionRevokedAt,
        });
    }

    private (TimeSpan Session, TimeSpan Idle) LifeOf(ActorKind kind) =>
        kind == ActorKind.Citizen ? (options.CitizenSession, options.CitizenIdle) : (options.StaffSession, options.StaffIdle);

    /// <summary>What a client says of itself is untrusted text: printable, and not long.</summary>
    private static string? Shortened(string? client)
    {
        if (string.IsNullOrWhiteSpace(client)) return null;
        var clean = new string([.. client.Where(c => c is >= ' ' and < '\u007f').Take(120)]);
        return clean.Length == 0 ? null : clean;
    }

    private sealed record Row(string SessionId, ActorKind Kind, string SubjectId, string? SuccessorSealed, RefreshState State);

    private sealed record Read
    {
        public required string SessionId { get; init; }
        public required string Kind { get; init; }
        public required string SubjectId { get; init; }
        public string? SuccessorSealed { get; init; }
        public DateTimeOffset ExpiresAt { get; init; }
        public DateTimeOffset? UsedAt { get; init; }
        public DateTimeOffset? SuccessorUsedAt { get; init; }
        public DateTimeOffset SessionExpiresAt { get; init; }
        public DateTimeOffset? SessionRevokedAt { get; init; }
    }
}
