using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Outbox;
using MicroPlatform.Infrastructure.Sql;
using MicroPlatform.Infrastructure.WeChat;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>Keeps what WeChat pushes, so that it can be answered within five seconds and worked on afterwards. The same push three times is one row.</summary>
public sealed class PushInbox(Database database, Sealer sealer, OutboxWriter outbox)
{
    public static readonly SealedColumn Body = new("wechat_pushes", "body_sealed", "id");

    /// <summary>For support cases; after that the body, which names a person, has no use.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <param name="message">The opened message.</param>
    /// <returns>Whether it was new; a refusal when it is not a JSON object.</returns>
    public async Task<Outcome<bool>> StoreAsync(byte[] message, CancellationToken cancel)
    {
        if (WeChatJson.Parse(message) is not { } json) return NotificationRefusals.PushMalformed;
        var key = json.Text("MsgId") is { Length: > 0 and <= 64 } msgId && msgId.All(char.IsAsciiLetterOrDigit) ? $"m-{msgId}" : $"h-{Convert.ToHexStringLower(SHA256.HashData(message))}";
        var sender = sealer.LookupHash(LookupKind.WeChatOpenId, json.Text("FromUserName") ?? "");
        return await database.WriteAlwaysAsync(async tx =>
        {
            var id = tx.NewId();
            var inserted = await tx.ExecuteAsync($"""
                {tx.Dialect.InsertIgnore} wechat_pushes (id, push_key, body_sealed, received_at, processed_at, outcome) VALUES (@id, @key, @body, @Now, NULL, NULL)
                """, new { id, key, body = sealer.Seal(Encoding.UTF8.GetString(message), Body.Of(id)), tx.Now });
            if (inserted == 0) return false;
            await outbox.WriteAsync(tx, [new WeChatPushed(id, sender)]);
            return true;
        }, cancel);
    }

    /// <summary>The message, when nobody has worked on it yet.</summary>
    public async Task<string?> FindWaitingAsync(UnitOfWork tx, string id)
    {
        var body = await tx.ScalarAsync<string>("SELECT body_sealed FROM wechat_pushes WHERE id = @id AND processed_at IS NULL", new { id });
        return body is null ? null : sealer.Open(body, Body.Of(id));
    }

    /// <exception cref="ConcurrencyConflictException">Somebody else has worked on it; the transaction runs again and finds that.</exception>
    public Task SettleAsync(UnitOfWork tx, string id, string outcome) => tx.ExecuteExpectingOneAsync(
        "UPDATE wechat_pushes SET processed_at = @Now, outcome = @outcome WHERE id = @id AND processed_at IS NULL", new { tx.Now, outcome, id });

    public Task<int> SweepAsync(UnitOfWork tx) => tx.ExecuteAsync(
        "DELETE FROM wechat_pushes WHERE received_at < @before AND processed_at IS NOT NULL", new { before = tx.Now - Kept });
}
