using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Tests.Sql;

/// <summary>A statement that waits for others longer than a statement may take is a wait, not a bug of ours.</summary>
public sealed class LockWaitTests
{
    [Test]
    public async Task Write_RowHeldTooLong_IsAskedToTryAgain()
    {
        await using var test = await TestDatabase.CreateAsync(Engine.Served, o => (o.ConnectionString, o.Attempts) = ($"Default Command Timeout=1;{o.ConnectionString}", 2));
        var database = test.Open();
        await database.WriteAlwaysAsync(tx => tx.ExecuteAsync(tx.Dialect.Translate("CREATE TABLE things (id {code} NOT NULL PRIMARY KEY, n {int} NOT NULL) {table}")));
        await database.WriteAlwaysAsync(tx => tx.ExecuteAsync("INSERT INTO things (id, n) VALUES ('a', 0)"));
        var held = new TaskCompletionSource();
        var holding = database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteAsync("UPDATE things SET n = n + 1 WHERE id = 'a'");
            held.TrySetResult();
            await Task.Delay(TimeSpan.FromSeconds(4));
            return 0;
        });
        await held.Task;
        var other = await database.WriteAsync<int>(async tx => await tx.ExecuteAsync("UPDATE things SET n = n + 1 WHERE id = 'a'"));
        Assert.That(other.Refusal, Is.EqualTo(CommonRefusals.TryAgain));
        await holding;
    }
}
