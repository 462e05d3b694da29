using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>Messages on their way and their receipts. The version in the WHERE lets one of two senders go on.</summary>
public sealed class DeliveryRepository
{
    private const string Columns = """
        id, notification_id, citizen_id, template_id, state, error_code, attempts, sender_id, wechat_message_id, useful_until, updated_at, version
        """;

    public async Task<Delivery?> FindAsync(UnitOfWork tx, string id) =>
        (await tx.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM deliveries WHERE id = @id", new { id }))?.ToDelivery();

    /// <summary>The delivery a report of WeChat is about: by WeChat's number, or else the oldest of this person and template that still waits for a report.</summary>
    public async Task<Delivery?> FindReportedAsync(UnitOfWork tx, string citizenId, string templateId, string? weChatMessageId)
    {
        if (weChatMessageId is not null && await tx.FirstOrDefaultAsync<Row>(
            $"SELECT {Columns} FROM deliveries WHERE wechat_message_id = @weChatMessageId AND citizen_id = @citizenId", new { weChatMessageId, citizenId }) is { } known) return known.ToDelivery();
        return (await tx.FirstOrDefaultAsync<Row>($"""
            SELECT {Columns} FROM deliveries
            WHERE citizen_id = @citizenId AND template_id = @templateId AND state IN ('Sending', 'Sent', 'Uncertain') AND wechat_message_id IS NULL
            ORDER BY id LIMIT 1
            """, new { citizenId, templateId }))?.ToDelivery();
    }

    public Task InsertAsync(UnitOfWork tx, Delivery delivery) => tx.ExecuteAsync("""
        INSERT INTO deliveries (id, notification_id, citizen_id, channel, template_id, state, error_code, attempts, sender_id, wechat_message_id, useful_until, created_at, updated_at, version)
        VALUES (@Id, @NotificationId, @CitizenId, 'WeChat', @TemplateId, @State, NULL, 0, NULL, NULL, @UsefulUntil, @Now, @Now, 1)
        """, new { delivery.Id, delivery.NotificationId, delivery.CitizenId, delivery.TemplateId, State = delivery.State.ToString(), delivery.UsefulUntil, tx.Now });

    /// <exception cref="ConcurrencyConflictException">Somebody else saved in between; the transaction runs again.</exception>
    public Task SaveAsync(UnitOfWork tx, Delivery delivery) => tx.ExecuteExpectingOneAsync("""
        UPDATE deliveries SET state = @State, error_code = @ErrorCode, attempts = @Attempts, sender_id = @SenderId, wechat_message_id = @WeChatMessageId,
               updated_at = @UpdatedAt, version = version + 1
        WHERE id = @Id AND version = @Version
        """, new
    {
        State = delivery.State.ToString(), delivery.ErrorCode, delivery.Attempts, delivery.SenderId, delivery.WeChatMessageId, delivery.UpdatedAt, delivery.Id, delivery.Version,
    });

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string NotificationId { get; init; }
        public required string CitizenId { get; init; }
        public required string TemplateId { get; init; }
        public DeliveryState State { get; init; }
        public int? ErrorCode { get; init; }
        public int Attempts { get; init; }
        public string? SenderId { get; init; }
        public string? WechatMessageId { get; init; }
        public DateTimeOffset UsefulUntil { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }
        public int Version { get; init; }

        public Delivery ToDelivery() => Delivery.Restore(
            new Delivery { Id = Id, NotificationId = NotificationId, CitizenId = CitizenId, TemplateId = TemplateId, UsefulUntil = UsefulUntil, Version = Version },
            State, ErrorCode, Attempts, SenderId, WechatMessageId, UpdatedAt);
    }
}
