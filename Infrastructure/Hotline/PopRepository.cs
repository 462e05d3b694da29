using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>Screen-pops: what a caller's number leads to, and codes that are good once, so that the link names nobody.</summary>
public sealed class PopRepository(Database database, Sealer sealer, CitizenRepository citizens)
{
    public static readonly SealedColumn Phone = new("hotline_pops", "phone_sealed", "code_hash");

    /// <summary>In three statements on one connection, all by index: an agent's screen waits for it.</summary>
    public Task<PopFound> LookAsync(string appId, PhoneNumber phone, CancellationToken cancel) => database.ReadAsync(async c =>
    {
        var hash = sealer.LookupHash(LookupKind.Phone, phone.Reveal());
        var citizen = await citizens.IdByPhoneAsync(c, phone) is { } id ? await citizens.FindAsync(c, id) : null;
        var tickets = (await c.QueryAsync<PopTicketRow>("""
            SELECT ticket_no, state, updated_at FROM hotline_tickets WHERE phone_hash = @hash AND app_id = @appId AND state NOT IN ('Closed', 'Withdrawn', 'Merged') ORDER BY created_at DESC LIMIT 10
            """, new { hash, appId })).AsList();
        var matters = citizen is null ? [] : (await c.QueryAsync<PopMatterRow>("""
            SELECT m.kind, m.status, k.name AS category_name, m.opened_at FROM matters m LEFT JOIN categories k ON k.code = m.category_code WHERE m.citizen_id = @Id ORDER BY m.id DESC LIMIT 5
            """, new { citizen.Id })).AsList();
        return new PopFound(citizen?.Name?.ToString(), citizen is not null, tickets, matters);
    }, cancel);

    public async Task<string> IssueAsync(UnitOfWork tx, string appId, string callId, PhoneNumber phone, TimeSpan lifetime)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        var key = Hash(code);
        await tx.ExecuteAsync("INSERT INTO hotline_pops (code_hash, app_id, call_id, phone_sealed, phone_hash, expires_at) VALUES (@key, @appId, @callId, @sealed, @hash, @until)",
            new { key, appId, callId, @sealed = sealer.Seal(phone.Reveal(), Phone.Of(key)), hash = sealer.LookupHash(LookupKind.Phone, phone.Reveal()), until = tx.Now + lifetime });
        return code;
    }

    /// <summary>Takes a code; null when it is none, was used, or is too old.</summary>
    public async Task<PopTaken?> TakeAsync(UnitOfWork tx, string code, string staffId)
    {
        var key = Hash(code);
        if (await tx.ExecuteAsync("UPDATE hotline_pops SET used_by = @staffId WHERE code_hash = @key AND used_by IS NULL AND expires_at >= @Now", new { staffId, key, tx.Now }) != 1) return null;
        var row = (await tx.FirstOrDefaultAsync<Row>("SELECT app_id, call_id, phone_sealed, phone_hash FROM hotline_pops WHERE code_hash = @key", new { key }))!;
        var tickets = await tx.QueryAsync<string>("SELECT id FROM hotline_tickets WHERE phone_hash = @PhoneHash ORDER BY created_at DESC LIMIT 20", new { row.PhoneHash });
        _ = PhoneNumber.TryParse(sealer.Open(row.PhoneSealed, Phone.Of(key)), out var phone);
        return new PopTaken(row.AppId, row.CallId, phone!, [.. tickets]);
    }

    public Task<int> SweepAsync(CancellationToken cancel) => database.WriteAlwaysAsync(tx => tx.ExecuteAsync("DELETE FROM hotline_pops WHERE expires_at < @Now", new { tx.Now }), cancel);

    private static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    private sealed record Row
    {
        public required string AppId { get; init; }
        public required string CallId { get; init; }
        public required string PhoneSealed { get; init; }
        public required string PhoneHash { get; init; }
    }
}

/// <param name="Name">Masked.</param>
public sealed record PopFound(string? Name, bool Known, IReadOnlyList<PopTicketRow> Tickets, IReadOnlyList<PopMatterRow> Matters);

public sealed record PopTaken(string AppId, string CallId, PhoneNumber Phone, IReadOnlyList<string> TicketIds);

public sealed record PopTicketRow
{
    public required string TicketNo { get; init; }
    public required Domain.Hotline.HotlineTicketState State { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

public sealed record PopMatterRow
{
    public required MatterKind Kind { get; init; }
    public required MatterStatus Status { get; init; }
    public string? CategoryName { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
}
