using Dapper;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Tests.Sql;

/// <summary>Writes that nobody waits for, and writes that go together: in their order, and there for whatever follows.</summary>
public sealed class DeferredWriteTests(Engine engine, bool together) : ThingsTests(engine, together)
{
    [Test]
    public async Task ExecuteLater_OfEveryType_IsSeenByTheNextStatementAndCommitted()
    {
        const string Text = "@n 'single' \"double\" \\ ; -- 中文";
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_123);
        var (beforehand, after) = await Database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, at, flag, words) VALUES (@id, @n, @at, @flag, @Text)", new { id = "a", n = 7, at = (DateTimeOffset?)now, flag = true, Text });
            await tx.InsertLaterAsync("things", "id, n, at, flag, words", [["b", 8L, null, false, null], ["c", 9, now, true, Text]]);
            await tx.ExecuteLaterAsync("UPDATE things SET n = n + 1 WHERE id = @id", new { id = "b" });
            var seen = await tx.ScalarAsync<int>("SELECT SUM(n) FROM things");
            for (var n = 0; n < 120; n++) await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = $"many{n}" });
            return (seen, await (await tx.ConnectionAsync()).ExecuteScalarAsync<int>("SELECT COUNT(*) FROM things", transaction: tx.Transaction));
        });
        Assert.That((beforehand, after, await CountAsync()), Is.EqualTo((25, 123, 123L)));
        var rows = await Database.ReadAsync(async c => (await c.QueryAsync<(string Id, int N, long? At, bool Flag, string? Words)>("SELECT id, n, at, flag, words FROM things WHERE n > 0 ORDER BY id")).AsList());
        Assert.That(rows, Is.EqualTo(new[] { ("a", 7, (long?)now.ToUnixTimeMilliseconds(), true, (string?)Text), ("b", 9, null, false, null), ("c", 9, now.ToUnixTimeMilliseconds(), true, Text) }));
    }

    [Test]
    public async Task ExecuteTogether_CountsAllRows_AndEndsAtTheFirstThatFails()
    {
        await Database.WriteAlwaysAsync(tx => InsertAsync(tx, "a"));
        var (both, one, failed) = await Database.WriteAlwaysAsync(async tx =>
        {
            (string, object?) Add(string id) => ("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0), (@other, 0, 0)", new Dictionary<string, object?> { ["id"] = id, ["other"] = $"{id}2" });
            var matched = await tx.ExecuteTogetherAsync(("UPDATE things SET n = 5 WHERE id = @id AND flag = 0", new { id = "a" }), Add("b"));
            var unmatched = await tx.ExecuteTogetherAsync(("UPDATE things SET n = 6 WHERE id = @id AND flag = 1", new { id = "a" }), Add("c"));
            var refused = false;
            try
            {
                await tx.ExecuteTogetherAsync(("UPDATE things SET n = 7 WHERE id = @id", new { id = "a" }), Add("b"), ("UPDATE things SET n = 8", null));
            }
            catch (Exception e) when (Database.IsDuplicateKey(e))
            {
                refused = true;
            }
            return (matched, unmatched, refused);
        });
        Assert.That((both, one, failed), Is.EqualTo((3, 2, true)));
        var rows = await Database.ReadAsync(async c => (await c.QueryAsync<(string Id, int N)>("SELECT id, n FROM things ORDER BY id")).AsList());
        Assert.That(rows, Is.EqualTo(new[] { ("a", 7), ("b", 0), ("b2", 0), ("c", 0), ("c2", 0) }));
    }

    [Test]
    public async Task ExecuteLater_Refused_LeavesNothing()
    {
        var outcome = await Database.WriteAsync<int>(async tx =>
        {
            for (var n = 0; n < 120; n++) await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = $"many{n}" });
            return No;
        });
        Assert.That((outcome.Refusal, await CountAsync()), Is.EqualTo((No, 0L)));
    }

    [Test]
    public async Task ExecuteLater_KeySaysNo_RunsAgain()
    {
        await Database.WriteAlwaysAsync(tx => InsertAsync(tx, "drawn0"));
        var drawn = 0;
        await Database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = $"drawn{drawn++}" });
            await tx.ExecuteLaterAsync("UPDATE things SET n = n + 1");
            return 0;
        });
        Assert.That((drawn, await CountAsync()), Is.EqualTo((2, 2L)));
    }

    [Test]
    public async Task ExecuteLater_ThenAConditionalWrite_IsThereFirst()
    {
        var matched = await Database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = "a" });
            var one = await tx.ExecuteAsync("UPDATE things SET n = 1 WHERE id = 'a' AND n = 0");
            await tx.ExecuteLaterAsync("UPDATE things SET n = 2 WHERE id = 'a'");
            return (one, await tx.ExecuteAsync("UPDATE things SET n = 3 WHERE id = 'a' AND n = 1"));
        });
        Assert.That(matched, Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task ExecuteLater_SameKeyGoneAndThereAgain_KeepsTheOrder()
    {
        await Database.WriteAlwaysAsync(tx => InsertAsync(tx, "a"));
        await Database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("DELETE FROM things WHERE id = @id", new { id = "a" });
            await tx.InsertLaterAsync("things", "id, n, flag", [["a", 5, false], ["b", 6, false]]);
            await tx.ExecuteLaterAsync("UPDATE things SET n = n * 2 WHERE id = @id", new { id = "a" });
            return 0;
        });
        Assert.That(await Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT SUM(n) FROM things")), Is.EqualTo(16));
    }

    [Test]
    public async Task ExecuteLater_KeySaysNoWhileAnotherWriteIsTried_IsNotTakenForItsKey()
    {
        await Database.WriteAlwaysAsync(tx => InsertAsync(tx, "drawn0"));
        var (drawn, taken) = (0, 0);
        await Database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = $"drawn{drawn++}" });
            try
            {
                await InsertAsync(tx, "wanted");
            }
            catch (Exception e) when (Database.IsDuplicateKey(e))
            {
                taken++;
            }
            return 0;
        });
        Assert.That((drawn, taken, await CountAsync()), Is.EqualTo((2, 0, 3L)));
    }

    [Test]
    public async Task ExecuteLater_WithAKeySayingNoToAnotherWrite_StaysAndIsCommitted()
    {
        await Database.WriteAlwaysAsync(tx => InsertAsync(tx, "wanted"));
        var taken = await Database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = "before" });
            var told = false;
            try
            {
                await InsertAsync(tx, "wanted");
            }
            catch (Exception e) when (Database.IsDuplicateKey(e))
            {
                told = true;
            }
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = "after" });
            return told;
        });
        Assert.That((taken, await CountAsync()), Is.EqualTo((true, 3L)));
    }

    [Test]
    public async Task ExecuteLater_KeyAlwaysSaysNo_IsRefusedAndLeavesNothing()
    {
        await Database.WriteAlwaysAsync(tx => InsertAsync(tx, "a"));
        var runs = 0;
        var outcome = await Database.WriteAsync<int>(async tx =>
        {
            runs++;
            await tx.InsertLaterAsync("things", "id, n, flag", [["b", 1, false], ["a", 1, false]]);
            return 0;
        });
        Assert.That((outcome.Refusal, runs, await CountAsync()), Is.EqualTo((CommonRefusals.TryAgain, new DatabaseOptions().Attempts, 1L)));
    }

    [Test]
    public async Task ExecuteLater_Thrown_LeavesNothing()
    {
        Assert.That(async () => await Database.WriteAlwaysAsync<int>(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = "sent" });
            await tx.ScalarAsync<int>("SELECT COUNT(*) FROM things");
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = "waiting" });
            throw new FormatException("bug");
        }), Throws.TypeOf<FormatException>());
        Assert.That(await CountAsync(), Is.Zero);
    }
}
