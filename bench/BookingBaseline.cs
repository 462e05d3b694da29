using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Outbox;

namespace MicroPlatform.Bench;

/// <summary>The rows that a booking writes, written and nothing else: no hours are judged, no limits looked at, no copy of availability kept.</summary>
internal static class BookingBaseline
{
    private static readonly IReadOnlyList<Subscription> Subscribers = new Subscriptions().For(new AppointmentBooked("", "", BookingSide.Citizen, false));

    public sealed record Order(string ResourceId, string CitizenId, long StartsAt);

    private static int _numbers;
    private static int _links;

    /// <summary>Counted: of tens of thousands drawn two are alike, and the baseline runs nothing again. No number of the API begins so.</summary>
    private static string NewNumber() => $"00{Interlocked.Increment(ref _numbers):0000000000}";

    public static async Task<string> BookAsync(DbConnection connection, DbTransaction transaction, Order order, DateTimeOffset now)
    {
        // The API's jobs must not find these rows, or it would work for both sides: matters older than the search index looks back, audit entries with a place in a chain.
        var (id, matterId, starts) = (Id.New(now), Id.New(now.AddDays(-1)), DateTimeOffset.FromUnixTimeMilliseconds(order.StartsAt));
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        var first = ((starts.InChina().Hour * 60) + starts.InChina().Minute) / Raster.Minutes;
        await RunAsync("INSERT INTO idempotency_keys (id, body_hash, status, response, expires_at) VALUES (@key, @key, 0, NULL, @expires)", new { key, expires = now.AddHours(24) });
        await RunAsync("UPDATE citizens SET version = version + 1 WHERE id = @CitizenId", new { order.CitizenId });
        await RunAsync("UPDATE booking_resources SET version = version + 1 WHERE id = @ResourceId", new { order.ResourceId });
        await RunAsync("INSERT INTO appointment_rasters (resource_id, raster_start, seat, owner_id, held_until) VALUES (@ResourceId, @one, 0, @id, NULL), (@ResourceId, @two, 0, @id, NULL)",
            new { order.ResourceId, one = starts, two = starts.AddMinutes(15), id });
        var unit = await connection.ExecuteScalarAsync<string>("SELECT organisation_id FROM booking_resources WHERE id = @ResourceId", new { order.ResourceId }, transaction);
        await RunAsync("""
            INSERT INTO matters (id, number, kind, category_code, region_code, channel, citizen_id, contact_preference, organisation_id, handler_id,
                                 status, title, waiting_since, opened_at, closed_at, merged_into_id, updated_at, version)
            VALUES (@matterId, @number, 'Appointment', '0201', (SELECT region_code FROM organisations WHERE id = @unit), 'MiniProgram', @CitizenId, 'Visible', @unit, NULL,
                    'Received', '法律援助申请：工资拖欠', NULL, @now, NULL, NULL, @now, 1)
            """, new { matterId, number = NewNumber(), order.CitizenId, unit, now });
        await RunAsync("""
            INSERT INTO matter_timeline (id, matter_id, kind, text, is_public, actor_kind, actor_id, at)
            VALUES (@one, @matterId, 'received', '您的预约已登记', 1, 'Citizen', @CitizenId, @now), (@two, @matterId, 'appointment_booked', '已预约', 1, 'Citizen', @CitizenId, @now)
            """, new { one = Id.New(now), two = Id.New(now), matterId, order.CitizenId, now });
        await RunAsync("""
            INSERT INTO appointments (id, matter_id, citizen_id, resource_id, seat, organisation_id, staff_id, service_code, mode, side, state, starts_at, ends_at, raster_first, raster_until,
                                      check_in_code, guardian_consent, reason, moves, booked_at, version)
            VALUES (@id, @matterId, @CitizenId, @ResourceId, 0, @unit, @ResourceId, 'legal-aid', 'InPerson', 'Citizen', 'Booked', @starts, @ends, @first, @until, @code, 0, '工资拖欠', 0, @now, 1)
            """, new { id, matterId, order.CitizenId, order.ResourceId, unit, starts, ends = starts.AddMinutes(30), first, until = first + 2, code = RandomNumberGenerator.GetString("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 12), now });
        foreach (var (kind, dueAt) in Reminders.Of(starts, now))
            await RunAsync("INSERT INTO appointment_reminders (appointment_id, kind, due_at) VALUES (@id, @kind, @dueAt)", new { id, kind = kind.ToString(), dueAt });
        foreach (var subscription in Subscribers)
            await RunAsync("""
                INSERT INTO outbox (id, subscriber, event_key, event_type, payload, created_at, next_at, attempts, claimed_until, state)
                VALUES (@outboxId, @Subscriber, @id, @EventType, '{}', @now, @now, 0, 0, 'done')
                """, new { outboxId = Id.New(now), subscription.Subscriber, id, subscription.EventType, now });
        await RunAsync("""
            INSERT INTO audit_entries (id, at, actor_kind, actor_id, action, subject_kind, subject_id, detail, chain_seq) VALUES (@auditId, @now, 'Citizen', @CitizenId, 'appointments.book', 'appointment', @id, NULL, @chain)
            """, new { auditId = Id.New(now), now, order.CitizenId, id, chain = -(long)Interlocked.Increment(ref _links) });
        var json = JsonSerializer.Serialize(new { id, matterId, order.ResourceId, starts, state = "booked", reason = "工资拖欠" });
        await RunAsync("UPDATE idempotency_keys SET status = 201, response = @json WHERE id = @key", new { json, key });
        return json;

        Task<int> RunAsync(string sql, object args) => connection.ExecuteAsync(sql, args, transaction);
    }
}
