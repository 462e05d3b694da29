using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Key that signs download links.</summary>
public sealed record LinkKey(byte[] Bytes);

/// <summary>
/// Download links: the id of a row and a signature over everything the row says (who, what, until when), because <c>&lt;image src&gt;</c> can send no
/// Authorization (R17). A link ends with its time, by revocation, with its owner's session, and when what it shows is quarantined or destroyed.
/// </summary>
public sealed class LinkRepository(Database database, LinkKey key)
{
    private const string Columns = "id, material_id, material_version, variant, person_kind, person_id, session_id, purpose, created_at, expires_at, first_read_at, revoked_at";

    public async Task InsertAsync(UnitOfWork tx, LinkRow link) => await tx.ExecuteAsync($"""
        INSERT INTO material_links ({Columns}) VALUES (@Id, @MaterialId, @MaterialVersion, @variant, @kind, @PersonId, @SessionId, @Purpose, @CreatedAt, @ExpiresAt, NULL, NULL)
        """, new { link.Id, link.MaterialId, link.MaterialVersion, variant = link.Variant.ToString(), kind = link.PersonKind.ToString(), link.PersonId, link.SessionId, link.Purpose, link.CreatedAt, link.ExpiresAt });

    /// <summary>The last part of the link's path.</summary>
    public string TokenOf(LinkRow link) => $"{link.Id}.{Signature(link)}";

    /// <summary>Null: forged, over, revoked, or its owner has signed out.</summary>
    public async Task<LinkRow?> FindAsync(string token, DateTimeOffset now, CancellationToken cancel)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || token.Length > 100 || !Id.IsWellFormed(token[..dot])) return null;
        var link = await database.ReadAsync(c => c.QueryFirstOrDefaultAsync<LinkRow>($"""
            SELECT {Columns} FROM material_links WHERE id = @id AND revoked_at IS NULL AND expires_at > @now
              AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = session_id AND s.revoked_at IS NULL)
            """, new { id = token[..dot], now }), cancel);
        return link is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Signature(link)), Encoding.UTF8.GetBytes(token[(dot + 1)..])) ? link : null;
    }

    /// <summary>The first time a link is used is a reading: written down for the audit, and for the citizen when staff read.</summary>
    public async Task NoteReadingAsync(LinkRow link, CancellationToken cancel)
    {
        if (link.FirstReadAt is not null) return;
        await database.WriteAlwaysAsync(async tx =>
        {
            if (await tx.ExecuteAsync("UPDATE material_links SET first_read_at = @Now WHERE id = @Id AND first_read_at IS NULL", new { tx.Now, link.Id }) == 0) return false;
            if (link.PersonKind == ActorKind.Staff)
                await tx.ExecuteAsync("""
                    INSERT INTO material_readings (id, material_id, material_version, variant, staff_id, purpose, at) VALUES (@id, @MaterialId, @MaterialVersion, @variant, @PersonId, @Purpose, @Now)
                    """, new { id = tx.NewId(), link.MaterialId, link.MaterialVersion, variant = link.Variant.ToString(), link.PersonId, link.Purpose, tx.Now });
            await tx.AuditAsync(new Actor(link.PersonKind, link.PersonId), "materials.read", "material", link.MaterialId, $"{link.MaterialVersion} {link.Variant}");
            return true;
        }, cancel);
    }

    /// <returns>Whether there was one of the person's that could still be used.</returns>
    public static async Task<bool> RevokeAsync(UnitOfWork tx, string id, string personId) => await tx.ExecuteAsync(
        "UPDATE material_links SET revoked_at = @Now WHERE id = @id AND person_id = @personId AND revoked_at IS NULL AND expires_at > @Now", new { tx.Now, id, personId }) == 1;

    /// <summary>All links to a material, whoever has them.</summary>
    public static Task<int> RevokeAllAsync(UnitOfWork tx, string materialId) => tx.ExecuteAsync(
        "UPDATE material_links SET revoked_at = @Now WHERE material_id = @materialId AND revoked_at IS NULL AND expires_at > @Now", new { tx.Now, materialId });

    public Task<int> SweepAsync(DateTimeOffset before, CancellationToken cancel) =>
        database.WriteAlwaysAsync(tx => tx.ExecuteAsync("DELETE FROM material_links WHERE expires_at < @before", new { before }), cancel);

    private string Signature(LinkRow l) => Base64Url.EncodeToString(HMACSHA256.HashData(key.Bytes,
        Encoding.UTF8.GetBytes($"{l.Id}\n{l.PersonKind}\n{l.PersonId}\n{l.MaterialId}\n{l.MaterialVersion}\n{l.Variant}\n{l.ExpiresAt.ToUnixTimeMilliseconds()}")));
}

public sealed record LinkRow
{
    public required string Id { get; init; }
    public required string MaterialId { get; init; }
    public required int MaterialVersion { get; init; }
    public required MaterialVariant Variant { get; init; }
    public required ActorKind PersonKind { get; init; }
    public required string PersonId { get; init; }
    public required string SessionId { get; init; }
    public string? Purpose { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? FirstReadAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
}
