using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Identity;

/// <summary>
/// People whom the office entered by their phone, who have never signed in. Whoever binds that phone through WeChat takes over what was entered for
/// it, and finds it under "my matters". An account that somebody has signed in to is never merged with another (<c>BindPhone</c>).
/// </summary>
public sealed class WindowRecords(CitizenRepository citizens, Database database)
{
    /// <summary>Carriers give a number out anew some months after it was given up; within this time the holder is taken for the person at the window.</summary>
    public static readonly TimeSpan ClaimableFor = TimeSpan.FromDays(90);

    /// <summary>The person of a phone for somebody who stands at the window: the account that holds it, or a new record.</summary>
    /// <param name="name">Written down for a new record; of one that is there it must be the name, where both are known.</param>
    /// <returns>Null when the number is kept under another name.</returns>
    public async Task<Citizen?> FindOrAddAsync(UnitOfWork tx, PhoneNumber phone, PersonName? name, Actor actor)
    {
        if (await citizens.FindByPhoneAsync(tx, phone) is { } known)
        {
            if (known.Name is not null && name is not null && known.Name != name) return null;
            await tx.ExecuteAsync("UPDATE window_records SET phone_seen_at = @Now WHERE citizen_id = @Id AND claimed_by IS NULL", new { tx.Now, known.Id });
            return known;
        }
        var id = tx.NewId();
        await tx.ExecuteAsync("INSERT INTO citizens (id, contact_preference, created_at, version) VALUES (@id, @preference, @Now, 1)",
            new { id, preference = ContactPreference.Visible.ToString(), tx.Now });
        var citizen = (await citizens.FindAsync(tx, id))!;
        citizen.Introduce(name, null, null, null);
        citizen.BindPhone(phone);
        // Somebody binds or enters this very number just now: run again and find them.
        if ((await citizens.SaveAsync(tx, citizen)).IsRefused) throw new ConcurrencyConflictException();
        await tx.ExecuteAsync("INSERT INTO window_records (citizen_id, made_by, made_at, phone_seen_at) VALUES (@id, @by, @Now, @Now)", new { id, by = actor.Id, tx.Now });
        await tx.AuditAsync(actor, "identity.enter_at_window", "citizen", id);
        return citizen;
    }

    /// <summary>Whom a matter, an id or a phone names, as far as can be told before the transaction. A guess to lock by, and nothing to rely on.</summary>
    public Task<string?> LikelyAsync(string? matterId, string? citizenId, string? phone, CancellationToken cancel) => database.ReadAsync(async connection =>
        matterId is not null ? await connection.ExecuteScalarAsync<string>("SELECT citizen_id FROM matters WHERE id = @matterId", new { matterId })
        : citizenId is not null ? await connection.ExecuteScalarAsync<string>("SELECT id FROM citizens WHERE id = @citizenId", new { citizenId })
        : PhoneNumber.TryParse(phone, out var number) ? await citizens.IdByPhoneAsync(connection, number) : null, cancel);

    /// <summary>Whether somebody holds a number.</summary>
    public async Task<bool> IsHeldAsync(UnitOfWork tx, PhoneNumber phone) => await citizens.FindByPhoneAsync(tx, phone) is not null;

    /// <summary>Hands what was entered for a phone over to whoever has just shown through WeChat that they hold it.</summary>
    /// <returns>False when the number belongs to an account, was seen too long ago, or is kept under another name; then nothing has changed.</returns>
    public async Task<bool> TryClaimAsync(UnitOfWork tx, Citizen holder, Citizen citizen)
    {
        if (holder.Name is not null && citizen.Name is not null && holder.Name != citizen.Name) return false;
        if (await tx.ExecuteAsync("UPDATE window_records SET claimed_by = @claimant, claimed_at = @Now WHERE citizen_id = @Id AND claimed_by IS NULL AND phone_seen_at >= @since",
            new { claimant = citizen.Id, tx.Now, holder.Id, since = tx.Now - ClaimableFor }) != 1) return false;
        if (citizen.Name is null) citizen.Introduce(holder.Name, citizen.NationalId, citizen.Address, citizen.RegionCode);
        // Not "has an open matter": they go with the number.
        holder.Restrict(hasOpenMatter: false, tx.Now);
        if ((await citizens.SaveAsync(tx, holder)).IsRefused) throw new ConcurrencyConflictException();
        var move = new { mine = citizen.Id, was = holder.Id };
        await tx.ExecuteAsync("UPDATE matters SET citizen_id = @mine, version = version + 1 WHERE citizen_id = @was", move);
        await tx.ExecuteAsync("UPDATE appointments SET citizen_id = @mine, version = version + 1 WHERE citizen_id = @was", move);
        await tx.ExecuteAsync("UPDATE tickets SET citizen_id = @mine, open_key = NULL, version = version + 1 WHERE citizen_id = @was", move);
        await tx.ExecuteAsync("UPDATE video_calls SET citizen_id = @mine, live_citizen_key = CASE WHEN live_citizen_key IS NULL THEN NULL ELSE @mine END, version = version + 1 WHERE citizen_id = @was", move);
        await tx.ExecuteAsync("UPDATE video_call_participants SET person_id = @mine WHERE person_id = @was", move);
        foreach (var table in new[] { "notifications", "deliveries", "paper_consents" })
            await tx.ExecuteAsync($"UPDATE {table} SET citizen_id = @mine WHERE citizen_id = @was", move);
        await tx.AuditAsync(Actor.Citizen(citizen.Id), "identity.claim_window_record", "citizen", citizen.Id, holder.Id);
        return true;
    }

    /// <summary>The privacy notice in force was agreed to on paper.</summary>
    public static async Task RecordPaperConsentAsync(UnitOfWork tx, string atId, string citizenId, Actor actor)
    {
        var notice = await ConsentRepository.CurrentNoticeAsync(await tx.ConnectionAsync(), tx.Transaction);
        await tx.ExecuteAsync("INSERT INTO paper_consents (appointment_id, citizen_id, notice_version, recorded_by, at) VALUES (@atId, @citizenId, @Version, @by, @Now)",
            new { atId, citizenId, notice.Version, by = actor.Id, tx.Now });
        await tx.AuditAsync(actor, "identity.paper_consent", "citizen", citizenId, atId);
    }
}
