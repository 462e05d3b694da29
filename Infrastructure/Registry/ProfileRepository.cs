using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Registry;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Registry;

/// <summary>Loads and saves profiles. <c>profile_version</c> guards every edit.</summary>
public sealed class ProfileRepository(Database database)
{
    private const string Select = "SELECT id, name, title, specialities, languages, introduction, practising_since, profile_version FROM staff_members WHERE id = @id";

    public Task<StaffProfile?> FindAsync(string id, CancellationToken cancel) => database.ReadAsync(c => FindAsync(c, null, id), cancel);

    public static async Task<StaffProfile?> FindAsync(UnitOfWork tx, string id) => await FindAsync(await tx.ConnectionAsync(), tx.Transaction, id);

    /// <returns>False when somebody else saved in between.</returns>
    public static async Task<bool> SaveAsync(UnitOfWork tx, StaffProfile profile) => await tx.ExecuteAsync("""
        UPDATE staff_members SET title = @Title, specialities = @specialities, languages = @languages, introduction = @Introduction, practising_since = @PractisingSince,
               profile_version = profile_version + 1
        WHERE id = @StaffId AND profile_version = @Version
        """, new
    {
        profile.StaffId, profile.Title, specialities = string.Join(',', profile.Specialities), languages = profile.Languages.Count == 0 ? null : string.Join(',', profile.Languages),
        profile.Introduction, profile.PractisingSince, profile.Version,
    }) == 1;

    /// <summary>Which of some codes are groups of legal matters that are in use.</summary>
    public static async Task<IReadOnlySet<string>> GroupsAsync(UnitOfWork tx, IReadOnlyCollection<string> codes) => codes.Count == 0
        ? new HashSet<string>()
        : (await tx.QueryAsync<string>("SELECT code FROM categories WHERE code IN @codes AND parent_code IS NULL AND active = 1", new { codes })).ToHashSet(StringComparer.Ordinal);

    private static async Task<StaffProfile?> FindAsync(DbConnection connection, DbTransaction? transaction, string id) =>
        (await connection.QueryFirstOrDefaultAsync<Row>(Select, new { id }, transaction))?.ToProfile();

    internal static IReadOnlyList<string> Words(string? joined) => (joined ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Name { get; init; }
        public string? Title { get; init; }
        public required string Specialities { get; init; }
        public string? Languages { get; init; }
        public string? Introduction { get; init; }
        public int? PractisingSince { get; init; }
        public int ProfileVersion { get; init; }

        public StaffProfile ToProfile() => new(Id, Name, Title, Words(Specialities), Words(Languages), Introduction, PractisingSince, ProfileVersion);
    }
}
