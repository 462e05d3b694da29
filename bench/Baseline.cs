using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Bench;

/// <summary>
/// What the API is measured against: minimal-API endpoints that run the same statements over the same driver and settings and write JSON,
/// and nothing else. No sign-in, no rights, no validation, no conditional requests, no retries, no long poll.
/// </summary>
internal static class Baseline
{
    public const string Ready = "/ready";

    /// <summary>Who wants to know of a follow-up: an outbox row for each, written here too but delivered by nobody.</summary>
    private static readonly IReadOnlyList<Subscription> Subscribers = new Subscriptions().For(new ConsultationAsked("", "", 1));

    /// <summary>One statement for all of them, as the API writes them. Names and events are constants of the program.</summary>
    private static readonly string OutboxRows = "INSERT INTO outbox (id, subscriber, event_key, event_type, payload, created_at, next_at, attempts, claimed_until, state) VALUES "
        + string.Join(", ", Subscribers.Select(s => $"(@id, '{s.Subscriber}', @MatterId, '{s.EventType}', '{{}}', @now, @now, 0, 0, 'done')"));

    public static async Task ServeAsync(Store store)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        await using var app = builder.Build();
        await using var source = store.OpenBare();
        // SQLite has one writer: the API's own way of taking turns and sharing commits is part of "the same settings".
        await using var writer = store.Server is null ? new SqliteGroupWriter(source, store.Dialect, new DatabaseOptions().CommitGroup) : null;

        app.MapGet(Ready, () => "ready");

        app.MapGet("/threads/{id}", async (string id) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            var head = await connection.QueryFirstOrDefaultAsync<ConsultationHead>($"SELECT {ConsultationQueries.HeadColumns} {ConsultationQueries.HeadFrom} WHERE c.id = @id", new { id });
            var messages = (await connection.QueryAsync<MessageRow>($"""
                SELECT {ConsultationQueries.MessageColumns} FROM messages m LEFT JOIN staff_members s ON s.id = m.author_id
                WHERE m.consultation_id = @id AND m.seq > 0 AND m.kind <> 'Note'
                ORDER BY m.seq ASC LIMIT 51
                """, new { id })).AsList();
            return Results.Json(new { items = messages, lastSeq = head!.LastSeq, state = head.State, hasMore = messages.Count > 50 });
        });

        app.MapGet("/citizens/{id}/matters", async (string id) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            var rows = (await connection.QueryAsync<MatterRow>($"""
                SELECT {MatterQueries.Columns} FROM matters m {MatterQueries.Joins} WHERE m.citizen_id = @id ORDER BY m.id DESC LIMIT 21
                """, new { id })).AsList();
            return Results.Json(new { items = rows.Take(20), hasMore = rows.Count > 20 });
        });

        app.MapPost("/threads/{id}/messages", (string id, Posted posted) => WriteAsync((connection, transaction, now) => PostAsync(connection, transaction, id, posted.Text, now)));
        app.MapPost("/bookings", (BookingBaseline.Order order) => WriteAsync((connection, transaction, now) => BookingBaseline.BookAsync(connection, transaction, order, now)));
        await app.RunAsync();

        async Task<IResult> WriteAsync(Func<DbConnection, DbTransaction, DateTimeOffset, Task<string>> write)
        {
            string? response = null;
            if (writer is not null)
            {
                await writer.RunAsync(async tx =>
                {
                    response = await write(await tx.ConnectionAsync(), tx.Transaction!, tx.Now);
                    return true;
                }, TimeProvider.System);
            }
            else
            {
                await using var connection = await source.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                response = await write(connection, transaction, TimeProvider.System.GetUtcNow());
                await transaction.CommitAsync();
            }
            return Results.Text(response, "application/json", Encoding.UTF8, StatusCodes.Status201Created);
        }
    }

    /// <summary>The statements of <c>POST /v1/consultations/{id}/messages</c>, in their order.</summary>
    private static async Task<string> PostAsync(DbConnection connection, DbTransaction transaction, string id, string text, DateTimeOffset now)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Id.New(now))));
        await connection.ExecuteAsync("INSERT INTO idempotency_keys (id, body_hash, status, response, expires_at) VALUES (@key, @key, 0, NULL, @expires)",
            new { key, expires = now.AddHours(24) }, transaction);
        var consultation = await connection.QueryFirstAsync<(string MatterId, string State, long DueAt, long? FirstAnsweredAt, int LastSeq)>(
            "SELECT matter_id, state, answer_due_at, first_answered_at, last_seq FROM consultations WHERE id = @id", new { id }, transaction);
        var matter = await connection.QueryFirstAsync<Matter>("""
            SELECT id, number, kind, category_code, region_code, channel, citizen_id, contact_preference, organisation_id, handler_id,
                   status, title, waiting_since, opened_at, closed_at, merged_into_id, updated_at, version
            FROM matters WHERE id = @MatterId
            """, new { consultation.MatterId }, transaction);
        await connection.ExecuteAsync("""
            UPDATE matters SET contact_preference = @ContactPreference, organisation_id = @OrganisationId, handler_id = @HandlerId, status = 'InProgress',
                   waiting_since = @waiting, closed_at = NULL, merged_into_id = NULL, updated_at = @now, version = version + 1
            WHERE id = @Id AND version = @Version
            """, new { matter.ContactPreference, matter.OrganisationId, matter.HandlerId, waiting = matter.WaitingSince ?? now.ToUnixTimeMilliseconds(), now, matter.Id, matter.Version }, transaction);
        await connection.ExecuteAsync("""
            INSERT INTO matter_timeline (id, matter_id, kind, text, is_public, actor_kind, actor_id, at)
            VALUES (@id, @MatterId, 'asked', '您已追问，等待答复', 1, 'Citizen', @CitizenId, @now)
            """, new { id = Id.New(now), consultation.MatterId, matter.CitizenId, now }, transaction);
        await connection.ExecuteAsync("UPDATE consultations SET state = 'FollowUp', first_answered_at = @FirstAnsweredAt, last_seq = @seq WHERE id = @id",
            new { consultation.FirstAnsweredAt, seq = consultation.LastSeq + 1, id }, transaction);
        var message = new { id = Id.New(now), consultationId = id, seq = consultation.LastSeq + 1, text, authorId = matter.CitizenId, now };
        await connection.ExecuteAsync("""
            INSERT INTO messages (id, consultation_id, seq, kind, author_kind, author_id, text, client_message_id, at)
            VALUES (@id, @consultationId, @seq, 'FollowUp', 'Citizen', @authorId, @text, NULL, @now)
            """, message, transaction);
        await connection.ExecuteAsync(OutboxRows, new { id = Id.New(now), consultation.MatterId, now }, transaction);
        await connection.ExecuteAsync("""
            INSERT INTO audit_entries (id, at, actor_kind, actor_id, action, subject_kind, subject_id, detail)
            VALUES (@id, @now, 'Citizen', @CitizenId, 'consultations.ask-on', 'matter', @MatterId, NULL)
            """, new { id = Id.New(now), now, matter.CitizenId, consultation.MatterId }, transaction);
        var json = JsonSerializer.Serialize(message);
        await connection.ExecuteAsync("UPDATE idempotency_keys SET status = 201, response = @json WHERE id = @key", new { json, key }, transaction);
        return json;
    }

    internal sealed record Posted(string Text);

    private sealed record Matter
    {
        public required string Id { get; init; }
        public required string CitizenId { get; init; }
        public required string ContactPreference { get; init; }
        public required string OrganisationId { get; init; }
        public string? HandlerId { get; init; }
        public long? WaitingSince { get; init; }
        public int Version { get; init; }
    }
}
