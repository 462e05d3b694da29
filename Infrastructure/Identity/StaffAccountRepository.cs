using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>Keeps the credentials of staff. Every change raises the version, which ends the step tokens made before it.</summary>
public sealed class StaffAccountRepository(Database database, Sealer sealer)
{
    public static readonly SealedColumn TotpSecret = new("staff_members", "totp_sealed", "id");
    public static readonly SealedColumn EnrolmentSecret = new("totp_enrolments", "secret_sealed", "staff_id");

    public async Task<StaffAccount?> FindAsync(UnitOfWork tx, string id) => await LoadAsync(await tx.ConnectionAsync(), tx.Transaction, "id = @key", id);

    /// <summary>For screens: outside a transaction.</summary>
    public Task<StaffAccount?> FindAsync(DbConnection connection, string id) => LoadAsync(connection, null, "id = @key", id);

    public async Task<StaffAccount?> FindByUserNameAsync(UnitOfWork tx, string userName) => await LoadAsync(await tx.ConnectionAsync(), tx.Transaction, "username = @key", userName);

    public static async Task<IReadOnlyList<Role>> RolesAsync(UnitOfWork tx, string id) => await RolesAsync(await tx.ConnectionAsync(), tx.Transaction, id);

    public static async Task<bool> IsActiveAsync(UnitOfWork tx, string id) =>
        await tx.ScalarAsync<long>("SELECT COUNT(*) FROM staff_members WHERE id = @id AND active = 1", new { id }) == 1;

    /// <summary>The longest-standing active account with a role, for the demonstration.</summary>
    public static Task<string?> FirstWithRoleAsync(UnitOfWork tx, Role role) => tx.ScalarAsync<string>("""
        SELECT s.id FROM staff_members s JOIN posts p ON p.staff_id = s.id WHERE s.active = 1 AND p.role = @role ORDER BY s.created_at, s.id LIMIT 1
        """, new { role = role.ToString() });

    /// <summary>
    /// Takes a code's step once: of two requests with one code the second finds it taken. Also the point where a sign-in meets an
    /// administrator who disables or changes the account: whoever writes second sees the first.
    /// </summary>
    public static async Task<bool> UseTotpStepAsync(UnitOfWork tx, StaffAccount account, long step) => await tx.ExecuteAsync(
        "UPDATE staff_members SET totp_last_step = @step WHERE id = @Id AND version = @Version AND active = 1 AND totp_last_step < @step", new { account.Id, account.Version, step }) == 1;

    /// <summary>The same password with more rounds. Not a change of credentials, so the version stays.</summary>
    public static Task RehashAsync(UnitOfWork tx, StaffAccount account, string hash) =>
        tx.ExecuteAsync("UPDATE staff_members SET password_hash = @hash WHERE id = @Id AND version = @Version", new { hash, account.Id, account.Version });

    public static Task SetPasswordAsync(UnitOfWork tx, StaffAccount account, string hash, bool temporary) => tx.ExecuteExpectingOneAsync(
        "UPDATE staff_members SET password_hash = @hash, password_temporary = @temporary, version = version + 1 WHERE id = @Id AND version = @Version",
        new { hash, temporary, account.Id, account.Version });

    /// <summary>The secret to be confirmed; asking again shows a new one.</summary>
    public async Task<byte[]> BeginTotpAsync(UnitOfWork tx, StaffAccount account)
    {
        var secret = Totp.NewSecret();
        await tx.ExecuteAsync("DELETE FROM totp_enrolments WHERE staff_id = @Id", new { account.Id });
        await tx.ExecuteAsync(
            "INSERT INTO totp_enrolments (staff_id, secret_sealed, created_at) VALUES (@Id, @secret, @Now)",
            new { account.Id, secret = sealer.Seal(Convert.ToBase64String(secret), EnrolmentSecret.Of(account.Id)), tx.Now });
        return secret;
    }

    /// <summary>The secret that waits for its first code, or null.</summary>
    public async Task<byte[]?> PendingTotpAsync(UnitOfWork tx, string id) =>
        await tx.ScalarAsync<string>("SELECT secret_sealed FROM totp_enrolments WHERE staff_id = @id", new { id }) is { } value
            ? Convert.FromBase64String(sealer.Open(value, EnrolmentSecret.Of(id)))
            : null;

    public async Task ConfirmTotpAsync(UnitOfWork tx, StaffAccount account, byte[] secret, long usedStep)
    {
        await tx.ExecuteExpectingOneAsync(
            "UPDATE staff_members SET totp_sealed = @secret, totp_last_step = @usedStep, version = version + 1 WHERE id = @Id AND version = @Version",
            new { secret = sealer.Seal(Convert.ToBase64String(secret), TotpSecret.Of(account.Id)), usedStep, account.Id, account.Version });
        await tx.ExecuteAsync("DELETE FROM totp_enrolments WHERE staff_id = @Id", new { account.Id });
    }

    /// <summary>The phone is lost: the next sign-in enrols a new one.</summary>
    public static async Task ResetTotpAsync(UnitOfWork tx, StaffAccount account)
    {
        await tx.ExecuteExpectingOneAsync(
            "UPDATE staff_members SET totp_sealed = NULL, totp_last_step = 0, version = version + 1 WHERE id = @Id AND version = @Version", new { account.Id, account.Version });
        await tx.ExecuteAsync("DELETE FROM totp_enrolments WHERE staff_id = @Id", new { account.Id });
    }

    public static Task SetActiveAsync(UnitOfWork tx, StaffAccount account, bool active) => tx.ExecuteExpectingOneAsync(
        "UPDATE staff_members SET active = @active, version = version + 1 WHERE id = @Id AND version = @Version", new { active, account.Id, account.Version });

    /// <summary>
    /// Makes administrators' removals wait for each other and says whether somebody else would be left. The write comes first: it locks
    /// the rows, and what is counted afterwards is what others have committed. Two administrators who remove each other leave one.
    /// </summary>
    public static async Task<bool> AnotherAdministratorAsync(UnitOfWork tx, string exceptId)
    {
        await tx.ExecuteAsync("UPDATE posts SET role = role WHERE role = 'Administrator'");
        return await tx.ScalarAsync<long>("""
            SELECT COUNT(*) FROM staff_members s WHERE s.active = 1 AND s.id <> @exceptId
            AND EXISTS (SELECT 1 FROM posts p WHERE p.staff_id = s.id AND p.role = 'Administrator')
            """, new { exceptId }) > 0;
    }

    /// <summary>Adds an account with a first password; false when the user name is taken.</summary>
    public async Task<bool> TryAddAsync(UnitOfWork tx, string id, string userName, string name, string? title, string hash)
    {
        try
        {
            await tx.ExecuteAsync("""
                INSERT INTO staff_members (id, username, name, title, specialities, active, password_hash, password_temporary, totp_last_step,
                                           last_assigned_at, created_at, version)
                VALUES (@id, @userName, @name, @title, '', 1, @hash, 1, 0, 0, @Now, 1)
                """, new { id, userName, name, title, hash, tx.Now });
            return true;
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return false;
        }
    }

    /// <summary>False when there is no such unit, or the post is given twice.</summary>
    public async Task<bool> TryAddPostAsync(UnitOfWork tx, string id, string organisationId, Role role) =>
        await tx.ExecuteAsync("""
            INSERT INTO posts (id, staff_id, organisation_id, role)
            SELECT @post, @id, o.id, @role FROM organisations o WHERE o.id = @organisationId AND o.active = 1
            AND NOT EXISTS (SELECT 1 FROM posts p WHERE p.staff_id = @id AND p.organisation_id = @organisationId AND p.role = @role)
            """, new { post = tx.NewId(), id, organisationId, role = role.ToString() }) == 1;

    public static Task RemovePostsAsync(UnitOfWork tx, string id) => tx.ExecuteAsync("DELETE FROM posts WHERE staff_id = @id", new { id });

    /// <summary>A password to be told once and changed at once: 16 characters, none that is read as another (0O, 1lI).</summary>
    public static string NewTemporaryPassword() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789", 16);

    private static async Task<IReadOnlyList<Role>> RolesAsync(DbConnection connection, DbTransaction? transaction, string id) =>
        [.. (await connection.QueryAsync<string>("SELECT DISTINCT role FROM posts WHERE staff_id = @id ORDER BY role", new { id }, transaction)).Select(Enum.Parse<Role>)];

    private async Task<StaffAccount?> LoadAsync(DbConnection connection, DbTransaction? transaction, string where, string key)
    {
        var row = await connection.QueryFirstOrDefaultAsync<Row>($"""
            SELECT id, username, name, active, password_hash, password_temporary, totp_sealed, totp_last_step, version FROM staff_members WHERE {where}
            """, new { key }, transaction);
        if (row is null) return null;
        return new StaffAccount
        {
            Id = row.Id, UserName = row.Username, Name = row.Name, Active = row.Active, PasswordHash = row.PasswordHash, PasswordTemporary = row.PasswordTemporary,
            TotpSecret = row.TotpSealed is { } value ? Convert.FromBase64String(sealer.Open(value, TotpSecret.Of(row.Id))) : null,
            TotpLastStep = row.TotpLastStep, Version = row.Version, Roles = await RolesAsync(connection, transaction, row.Id),
        };
    }

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Username { get; init; }
        public required string Name { get; init; }
        public bool Active { get; init; }
        public required string PasswordHash { get; init; }
        public bool PasswordTemporary { get; init; }
        public string? TotpSealed { get; init; }
        public long TotpLastStep { get; init; }
        public int Version { get; init; }
    }
}
