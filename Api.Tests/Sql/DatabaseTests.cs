using Dapper;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Tests.Sql;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DatabaseTests(Engine engine)
{
    private static readonly Refusal No = new("no", "不", RefusalKind.Conflict);

    private TestDatabase _test = null!;
    private Database _database = null!;

    [SetUp]
    public async Task Create()
    {
        _test = await TestDatabase.CreateAsync(engine);
        _database = _test.Open();
        await _database.WriteAlwaysAsync(tx => tx.ExecuteAsync(tx.Dialect.Translate(
            "CREATE TABLE things (id {code} NOT NULL PRIMARY KEY, n {int} NOT NULL, at {instant} NULL, flag {bool} NOT NULL, words {text} NULL) {table}")));
    }

    [TearDown]
    public async Task Drop()
    {
        if (_test is not null) await _test.DisposeAsync();
    }

    [Test]
    public async Task Write_Refused_LeavesNothing()
    {
        var ran = false;
        var outcome = await _database.WriteAsync<int>(async tx =>
        {
            tx.AfterCommit(() => { ran = true; return Task.CompletedTask; });
            await InsertAsync(tx, "a");
            return No;
        });
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Refusal, Is.EqualTo(No));
            Assert.That(ran, Is.False);
        });
        Assert.That(await CountAsync(), Is.Zero);
    }

    [Test]
    public async Task ExecuteLater_OfEveryType_IsSeenByTheNextStatementAndCommitted()
    {
        const string Text = "@n 'single' \"double\" \\ ; -- 中文";
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_123);
        var (beforehand, after) = await _database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, at, flag, words) VALUES (@id, @n, @at, @flag, @Text)", new { id = "a", n = 7, at = (DateTimeOffset?)now, flag = true, Text });
            await tx.InsertLaterAsync("things", "id, n, at, flag, words", [["b", 8L, null, false, null], ["c", 9, now, true, Text]]);
            await tx.ExecuteLaterAsync("UPDATE things SET n = n + 1 WHERE id = @id", new { id = "b" });
            var seen = await tx.ScalarAsync<int>("SELECT SUM(n) FROM things");
            for (var n = 0; n < 120; n++) await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = $"many{n}" });
            return (seen, await (await tx.ConnectionAsync()).ExecuteScalarAsync<int>("SELECT COUNT(*) FROM things", transaction: tx.Transaction));
        });
        Assert.That((beforehand, after, await CountAsync()), Is.EqualTo((25, 123, 123L)));
        var rows = await _database.ReadAsync(async c => (await c.QueryAsync<(string Id, int N, long? At, bool Flag, string? Words)>("SELECT id, n, at, flag, words FROM things WHERE n > 0 ORDER BY id")).AsList());
        Assert.That(rows, Is.EqualTo(new[] { ("a", 7, (long?)now.ToUnixTimeMilliseconds(), true, (string?)Text), ("b", 9, null, false, null), ("c", 9, now.ToUnixTimeMilliseconds(), true, Text) }));
    }

    [Test]
    public async Task ExecuteTogether_CountsAllRows_AndEndsAtTheFirstThatFails()
    {
        await _database.WriteAlwaysAsync(tx => InsertAsync(tx, "a"));
        var (both, one, failed) = await _database.WriteAlwaysAsync(async tx =>
        {
            (string, object?) Add(string id) => ("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0), (@other, 0, 0)", new Dictionary<string, object?> { ["id"] = id, ["other"] = $"{id}2" });
            var matched = await tx.ExecuteTogetherAsync(("UPDATE things SET n = 5 WHERE id = @id AND flag = 0", new { id = "a" }), Add("b"));
            var unmatched = await tx.ExecuteTogetherAsync(("UPDATE things SET n = 6 WHERE id = @id AND flag = 1", new { id = "a" }), Add("c"));
            var refused = false;
            try
            {
                await tx.ExecuteTogetherAsync(("UPDATE things SET n = 7 WHERE id = @id", new { id = "a" }), Add("b"), ("UPDATE things SET n = 8", null));
            }
            catch (Exception e) when (_database.IsDuplicateKey(e))
            {
                refused = true;
            }
            return (matched, unmatched, refused);
        });
        Assert.That((both, one, failed), Is.EqualTo((3, 2, true)));
        var rows = await _database.ReadAsync(async c => (await c.QueryAsync<(string Id, int N)>("SELECT id, n FROM things ORDER BY id")).AsList());
        Assert.That(rows, Is.EqualTo(new[] { ("a", 7), ("b", 0), ("b2", 0), ("c", 0), ("c2", 0) }));
    }

    [Test]
    public async Task ExecuteLater_Refused_LeavesNothing()
    {
        var outcome = await _database.WriteAsync<int>(async tx =>
        {
            for (var n = 0; n < 120; n++) await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = $"many{n}" });
            return No;
        });
        Assert.That((outcome.Refusal, await CountAsync()), Is.EqualTo((No, 0L)));
    }

    [Test]
    public async Task ExecuteLater_KeySaysNo_RunsAgain()
    {
        await _database.WriteAlwaysAsync(tx => InsertAsync(tx, "drawn0"));
        var drawn = 0;
        await _database.WriteAlwaysAsync(async tx =>
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
        var matched = await _database.WriteAlwaysAsync(async tx =>
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
        await _database.WriteAlwaysAsync(tx => InsertAsync(tx, "a"));
        await _database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("DELETE FROM things WHERE id = @id", new { id = "a" });
            await tx.InsertLaterAsync("things", "id, n, flag", [["a", 5, false], ["b", 6, false]]);
            await tx.ExecuteLaterAsync("UPDATE things SET n = n * 2 WHERE id = @id", new { id = "a" });
            return 0;
        });
        Assert.That(await _database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT SUM(n) FROM things")), Is.EqualTo(16));
    }

    [Test]
    public async Task ExecuteLater_KeySaysNoWhileAnotherWriteIsTried_IsNotTakenForItsKey()
    {
        await _database.WriteAlwaysAsync(tx => InsertAsync(tx, "drawn0"));
        var (drawn, taken) = (0, 0);
        await _database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = $"drawn{drawn++}" });
            try
            {
                await InsertAsync(tx, "wanted");
            }
            catch (Exception e) when (_database.IsDuplicateKey(e))
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
        await _database.WriteAlwaysAsync(tx => InsertAsync(tx, "wanted"));
        var taken = await _database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = "before" });
            var told = false;
            try
            {
                await InsertAsync(tx, "wanted");
            }
            catch (Exception e) when (_database.IsDuplicateKey(e))
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
        await _database.WriteAlwaysAsync(tx => InsertAsync(tx, "a"));
        var runs = 0;
        var outcome = await _database.WriteAsync<int>(async tx =>
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
        Assert.That(async () => await _database.WriteAlwaysAsync<int>(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = "sent" });
            await tx.ScalarAsync<int>("SELECT COUNT(*) FROM things");
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id = "waiting" });
            throw new FormatException("bug");
        }), Throws.TypeOf<FormatException>());
        Assert.That(await CountAsync(), Is.Zero);
    }

    [Test]
    public async Task Write_Thrown_LeavesNothingAndNeighboursStand()
    {
        var good = Enumerable.Range(0, 20).Select(n => _database.WriteAlwaysAsync(tx => InsertAsync(tx, $"good{n}"))).ToList();
        var bad = Enumerable.Range(0, 20).Select(n => (Func<Task>)(() => _database.WriteAlwaysAsync<int>(async tx =>
        {
            await InsertAsync(tx, $"bad{n}");
            throw new FormatException("bug");
        }))).Select(f => f()).ToList();
        await Task.WhenAll(good);
        foreach (var task in bad) Assert.That(async () => await task, Throws.TypeOf<FormatException>());
        Assert.That(await CountAsync(), Is.EqualTo(20));
    }

    [Test]
    public async Task Write_DuplicateKey_IsTold()
    {
        await _database.WriteAlwaysAsync(tx => InsertAsync(tx, "a"));
        var thrown = Assert.CatchAsync(() => _database.WriteAlwaysAsync(tx => InsertAsync(tx, "a")))!;
        Assert.That(_database.IsDuplicateKey(thrown), Is.True, thrown.ToString());
    }

    [Test]
    public async Task Write_LostVersion_RunsAgainOnFreshData()
    {
        await _database.WriteAlwaysAsync(tx => InsertAsync(tx, "counter"));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => RaisePatientlyAsync()));
        Assert.That(await _database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT n FROM things WHERE id = 'counter'")), Is.EqualTo(30));
    }

    [Test]
    public async Task Write_LosingForEver_IsRefusedNotThrown()
    {
        var runs = 0;
        var outcome = await _database.WriteAsync<int>(tx =>
        {
            runs++;
            throw new ConcurrencyConflictException();
        });
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Refusal, Is.EqualTo(CommonRefusals.TryAgain));
            Assert.That(runs, Is.EqualTo(new DatabaseOptions().Attempts));
        });
    }

    [Test]
    public async Task Write_InsideAWrite_NeverHangs()
    {
        // SQLite's one writer would wait for itself: caught as the bug it is. MySQL has a second connection.
        var nested = _database.WriteAlwaysAsync(tx => _database.WriteAlwaysAsync(inner => InsertAsync(inner, "x"))).WaitAsync(TimeSpan.FromSeconds(20));
        if (engine == Engine.Embedded) Assert.That(async () => await nested, Throws.InvalidOperationException);
        else Assert.That(await nested, Is.EqualTo(1));
    }

    [Test]
    public async Task Values_ComeBackAsTheyWere()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_795_000_000_123);
        const string Words = "物业😀𠮷 \\ ' \" ` \n\t %_ \u200b";
        await _database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
            "INSERT INTO things (id, n, at, flag, words) VALUES ('a', 7, @at, @flag, @Words), ('b', 8, NULL, 0, NULL)", new { at, flag = true, Words }));
        var rows = (await _database.ReadAsync(c => c.QueryAsync<Thing>("SELECT id, n, at, flag, words FROM things ORDER BY id"))).ToList();
        Assert.That(rows, Is.EqualTo(new[]
        {
            new Thing { Id = "a", N = 7, At = at, Flag = true, Words = Words },
            new Thing { Id = "b", N = 8, At = null, Flag = false, Words = null },
        }));
    }

    [Test]
    public async Task Keys_TellCaseAndChineseApart()
    {
        await _database.WriteAlwaysAsync(async tx => await InsertAsync(tx, "Abc") + await InsertAsync(tx, "abc") + await InsertAsync(tx, "中文"));
        Assert.That(await CountAsync(), Is.EqualTo(3));
    }

    private static Task<int> InsertAsync(UnitOfWork tx, string id) => tx.ExecuteAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id });

    private async Task RaisePatientlyAsync()
    {
        while (true)
        {
            var outcome = await _database.WriteAsync<int>(async tx =>
            {
                var n = await tx.ScalarAsync<int>("SELECT n FROM things WHERE id = 'counter'");
                await tx.ExecuteExpectingOneAsync("UPDATE things SET n = n + 1 WHERE id = 'counter' AND n = @n", new { n });
                return n;
            });
            if (!outcome.IsRefused) return;
        }
    }

    private Task<long> CountAsync() => _database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM things"));

    private sealed record Thing
    {
        public required string Id { get; init; }
        public int N { get; init; }
        public DateTimeOffset? At { get; init; }
        public bool Flag { get; init; }
        public string? Words { get; init; }
    }
}
