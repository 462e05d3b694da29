using System.Data.Common;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>
/// Keeps citizens, sealing what names them. Opening a row reveals nothing by itself: the masked types print masked, and a use case that
/// reveals a field to staff writes the read-audit row (<see cref="SealedReads"/>).
/// </summary>
public sealed class CitizenRepository(Database database, Sealer sealer)
{
    public static readonly SealedColumn Name = new("citizens", "name_sealed", "id");
    public static readonly SealedColumn Phone = new("citizens", "phone_sealed", "id");
    public static readonly SealedColumn NationalIdNumber = new("citizens", "national_id_sealed", "id");
    public static readonly SealedColumn Address = new("citizens", "address_sealed", "id");
    public static readonly SealedColumn OpenId = new("wechat_identities", "openid_sealed", "id");
    public static readonly SealedColumn SessionKey = new("wechat_identities", "session_key_sealed", "id");

    public async Task<Citizen?> FindAsync(UnitOfWork tx, string id) => Restore(await tx.FirstOrDefaultAsync<Row>($"{Select} WHERE id = @id", new { id }));

    /// <summary>For screens: outside a transaction.</summary>
    public async Task<Citizen?> FindAsync(DbConnection connection, string id) => Restore(await connection.QueryFirstOrDefaultAsync<Row>($"{Select} WHERE id = @id", new { id }));

    /// <summary>
    /// Before something new is opened for a citizen. The write makes it wait for a deletion of the account under way, and the deletion for
    /// it: neither an open matter without a person is left, nor more open matters than one may have.
    /// </summary>
    /// <returns>Whether there is such an account still.</returns>
    public static async Task<bool> EngageAsync(UnitOfWork tx, string citizenId) => await tx.ExecuteAsync(Engage, new { citizenId }) == 1;

    internal const string Engage = "UPDATE citizens SET version = version + 1 WHERE id = @citizenId AND restricted_at IS NULL";

    /// <summary>Columns of <see cref="Engaged"/>, of a citizen <c>z</c>.</summary>
    internal static readonly string EngagedColumns =
        $"z.contact_preference AS preference, CASE WHEN z.phone_hash IS NULL THEN 0 ELSE 1 END AS has_phone, ({ConsentRepository.Consented("@citizenId")}) AS has_consented";

    /// <summary>The same, with what else is asked before something is opened, in one trip: whoever comes second reads what the first has left.</summary>
    /// <returns>Null when there is no such account any more.</returns>
    public static Task<Engaged?> EngageWhollyAsync(UnitOfWork tx, string citizenId) => tx.FirstOrDefaultAsync<Engaged>(
        $"{Engage}; SELECT {EngagedColumns} FROM citizens z WHERE z.id = @citizenId AND z.restricted_at IS NULL", new { citizenId });

    public async Task<Citizen?> FindByPhoneAsync(UnitOfWork tx, PhoneNumber phone) =>
        Restore(await tx.FirstOrDefaultAsync<Row>($"{Select} WHERE phone_hash = @hash", new { hash = HashOf(phone) }));

    /// <summary>Who holds a number, without opening anything.</summary>
    public Task<string?> IdByPhoneAsync(DbConnection connection, PhoneNumber phone, DbTransaction? transaction = null) =>
        connection.ExecuteScalarAsync<string?>("SELECT id FROM citizens WHERE phone_hash = @hash", new { hash = HashOf(phone) }, transaction);

    /// <summary>Who has a whole name, without opening anything; the newest accounts first.</summary>
    public async Task<IReadOnlyList<string>> IdsByNameAsync(UnitOfWork tx, PersonName name, int limit) =>
        [.. await tx.QueryAsync<string>("SELECT id FROM citizens WHERE name_hash = @hash AND restricted_at IS NULL ORDER BY id DESC LIMIT @limit", new { hash = HashOf(name), limit })];

    /// <summary>Hashes names that have no hash yet.</summary>
    /// <returns>How many.</returns>
    public async Task<int> HashNamesAsync(CancellationToken cancel)
    {
        var total = 0;
        while (true)
        {
            var rows = await database.ReadAsync(async c => (await c.QueryAsync<Row>($"{Select} WHERE name_sealed IS NOT NULL AND name_hash IS NULL ORDER BY id LIMIT 200")).AsList(), cancel);
            if (rows.Count == 0) return total;
            foreach (var citizen in rows.Select(r => Restore(r)!))
                // Under the version read: whoever changes the name meanwhile writes its hash, too.
                total += await database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
                    "UPDATE citizens SET name_hash = @hash WHERE id = @Id AND version = @Version", new { hash = citizen.Name is { } name ? HashOf(name) : "", citizen.Id, citizen.Version }), cancel);
        }
    }

    /// <summary>Finds the citizen behind an openid, making both on the first sign-in, and keeps the new session key.</summary>
    /// <returns>The citizen, and whether they are new.</returns>
    public async Task<(Citizen Citizen, bool IsNew)> FindOrAddByWeChatAsync(UnitOfWork tx, string appId, WeChatLogin.Session login)
    {
        var openidHash = sealer.LookupHash(LookupKind.WeChatOpenId, login.OpenId);
        var known = await tx.FirstOrDefaultAsync<IdentityRow>(
            "SELECT id, citizen_id FROM wechat_identities WHERE app_id = @appId AND openid_hash = @openidHash", new { appId, openidHash });
        var unionidHash = login.UnionId is { } unionid ? sealer.LookupHash(LookupKind.WeChatUnionId, unionid) : null;
        if (known is not null)
        {
            // None is there any more when the account is being deleted: run again, as somebody new.
            await tx.ExecuteExpectingOneAsync(
                "UPDATE wechat_identities SET session_key_sealed = @key, unionid_hash = @unionidHash, last_login_at = @Now WHERE id = @Id",
                new { key = sealer.Seal(login.SessionKey, SessionKey.Of(known.Id)), unionidHash, tx.Now, known.Id });
            return ((await FindAsync(tx, known.CitizenId))!, false);
        }
        var citizen = Citizen.New(tx.NewId(), tx.Now);
        var id = tx.NewId();
        try
        {
            await tx.ExecuteAsync("""
                INSERT INTO wechat_identities (id, citizen_id, app_id, openid_hash, openid_sealed, unionid_hash, session_key_sealed, created_at, last_login_at)
                VALUES (@id, @citizenId, @appId, @openidHash, @openid, @unionidHash, @key, @Now, @Now)
                """, new
            {
                id, citizenId = citizen.Id, appId, openidHash, openid = sealer.Seal(login.OpenId, OpenId.Of(id)), unionidHash, key = sealer.Seal(login.SessionKey, SessionKey.Of(id)), tx.Now,
            });
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            // The same person's other request was first: run again and find what it made.
            throw new ConcurrencyConflictException();
        }
        await tx.ExecuteAsync(
            "INSERT INTO citizens (id, contact_preference, created_at, version) VALUES (@Id, @preference, @Now, 1)",
            new { citizen.Id, preference = citizen.ContactPreference.ToString(), tx.Now });
        return ((await FindAsync(tx, citizen.Id))!, true);
    }

    /// <summary>Saves what the verbs changed. Refused when the phone belongs to another account: the unique key decides.</summary>
    public async Task<Outcome<Done>> SaveAsync(UnitOfWork tx, Citizen citizen)
    {
        try
        {
            await tx.ExecuteExpectingOneAsync("""
                UPDATE citizens SET name_sealed = @name, name_hash = @nameHash, phone_sealed = @phone, phone_hash = @phoneHash, national_id_sealed = @nationalId, national_id_hash = @nationalIdHash,
                    address_sealed = @address, region_code = @RegionCode, contact_preference = @preference, restricted_at = @RestrictedAt, version = version + 1
                WHERE id = @Id AND version = @Version
                """, new
            {
                name = Sealed(citizen.Name?.Reveal(), Name, citizen.Id), nameHash = citizen.Name is { } named ? HashOf(named) : null, phone = Sealed(citizen.Phone?.Reveal(), Phone, citizen.Id), phoneHash = citizen.Phone is { } p ? HashOf(p) : null,
                nationalId = Sealed(citizen.NationalId?.Reveal(), NationalIdNumber, citizen.Id),
                nationalIdHash = citizen.NationalId is { } n ? sealer.LookupHash(LookupKind.NationalId, n.Reveal()) : null,
                address = Sealed(citizen.Address, Address, citizen.Id), citizen.RegionCode, preference = citizen.ContactPreference.ToString(), citizen.RestrictedAt, citizen.Id, citizen.Version,
            });
            return Done.It;
        }
        catch (Exception e) when (database.IsDuplicateKey(e))
        {
            return IdentityRefusals.PhoneInUse;
        }
    }

    /// <summary>Cuts the tie to WeChat, with what was allowed to be sent through it, so that the same person signing in again is somebody new.</summary>
    public async Task ForgetWeChatAsync(UnitOfWork tx, string citizenId)
    {
        await tx.ExecuteAsync("DELETE FROM wechat_identities WHERE citizen_id = @citizenId", new { citizenId });
        await tx.ExecuteAsync("DELETE FROM subscription_grants WHERE citizen_id = @citizenId", new { citizenId });
        await tx.ExecuteAsync("DELETE FROM subscription_reports WHERE citizen_id = @citizenId", new { citizenId });
    }

    /// <summary>The titles of matters are the person's own words; everything else of a matter is needed for the figures.</summary>
    public static Task RestrictMattersAsync(UnitOfWork tx, string citizenId) => tx.ExecuteAsync(
        "UPDATE matters SET title = @title, version = version + 1 WHERE citizen_id = @citizenId", new { title = "（当事人已注销）", citizenId });

    /// <summary>Whom appointments concerned and where somebody came to. That there was an appointment is needed for the figures.</summary>
    public static Task RestrictAppointmentsAsync(UnitOfWork tx, string citizenId) => tx.ExecuteAsync("""
        UPDATE appointments SET subject_name_sealed = NULL, subject_national_id_sealed = NULL, address_sealed = NULL, version = version + 1 WHERE citizen_id = @citizenId
        """, new { citizenId });

    /// <summary>For sending messages and nothing else: the openid never leaves the server (R32).</summary>
    public async Task<string?> OpenIdOfAsync(DbConnection connection, string citizenId)
    {
        var row = await connection.QueryFirstOrDefaultAsync<OpenIdRow>(
            "SELECT id, openid_sealed FROM wechat_identities WHERE citizen_id = @citizenId ORDER BY last_login_at DESC LIMIT 1", new { citizenId });
        return row is null ? null : sealer.Open(row.OpenidSealed, OpenId.Of(row.Id));
    }

    private const string Select = """
        SELECT id, name_sealed, phone_sealed, national_id_sealed, address_sealed, region_code, contact_preference, created_at, restricted_at, version FROM citizens
        """;

    /// <summary>Blanks within a name are written by some and not by others.</summary>
    private string HashOf(PersonName name) => sealer.LookupHash(LookupKind.PersonName, name.Reveal().Replace(" ", "", StringComparison.Ordinal));

    private string HashOf(PhoneNumber phone) => sealer.LookupHash(LookupKind.Phone, phone.Reveal());

    private string? Sealed(string? value, SealedColumn column, string id) => value is null ? null : sealer.Seal(value, column.Of(id));

    private string? Opened(string? value, SealedColumn column, string id) => value is null ? null : sealer.Open(value, column.Of(id));

    private Citizen? Restore(Row? row)
    {
        if (row is null) return null;
        _ = PersonName.TryParse(Opened(row.NameSealed, Name, row.Id), out var name);
        _ = PhoneNumber.TryParse(Opened(row.PhoneSealed, Phone, row.Id), out var phone);
        // Checked when it was written; a birth date cannot have become a future one since.
        _ = NationalId.TryParse(Opened(row.NationalIdSealed, NationalIdNumber, row.Id), DateOnly.MaxValue, out var nationalId);
        var bare = new Citizen { Id = row.Id, CreatedAt = row.CreatedAt, Version = row.Version };
        return Citizen.Restore(bare, name, phone, nationalId, Opened(row.AddressSealed, Address, row.Id), row.RegionCode, row.ContactPreference, row.RestrictedAt);
    }

    private sealed record Row
    {
        public required string Id { get; init; }
        public string? NameSealed { get; init; }
        public string? PhoneSealed { get; init; }
        public string? NationalIdSealed { get; init; }
        public string? AddressSealed { get; init; }
        public string? RegionCode { get; init; }
        public ContactPreference ContactPreference { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? RestrictedAt { get; init; }
        public int Version { get; init; }
    }

    /// <summary>A citizen for whom something new is about to be opened.</summary>
    public sealed record Engaged
    {
        public ContactPreference Preference { get; init; }
        public bool HasPhone { get; init; }

        /// <summary>To the privacy notice in force.</summary>
        public bool HasConsented { get; init; }
    }

    private sealed record IdentityRow
    {
        public required string Id { get; init; }
        public required string CitizenId { get; init; }
    }

    private sealed record OpenIdRow
    {
        public required string Id { get; init; }
        public required string OpenidSealed { get; init; }
    }
}
