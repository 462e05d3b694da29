using Dapper;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Tests.Sql;

/// <summary>A transaction that writes: whole or not at all, again on fresh data when somebody was first, and values as they were.</summary>
public sealed class DatabaseTests(Engine engine, bool together) : ThingsTests(engine, together)
{
    [Test]
    public async Task Write_Refused_LeavesNothing()
    {
        var ran = false;
        var outcome = await Database.WriteAsync<int>(async tx =>
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
    public async Task Write_SaysNothing_IsNothing()
    {
        Assert.That(await Database.WriteAlwaysAsync(_ => Task.FromResult(5)), Is.EqualTo(5));
        Assert.That((await Database.WriteAsync<int>(_ => Task.FromResult<Outcome<int>>(No))).Refusal, Is.EqualTo(No));
    }

    [Test]
    public async Task Write_BehindOnesThatFailed_OnTheirConnections_StandsAlone()
    {
        foreach (var how in new[] { "refused", "thrown", "waiting", "syntax", "cancelled" })
        {
            using var cancel = new CancellationTokenSource();
            Assert.That(async () =>
            {
                await Database.WriteAsync<int>(async tx =>
                {
                    await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES (@how, 0, 0)", new { how });
                    if (how == "waiting") return No;
                    await tx.ScalarAsync<long>("SELECT COUNT(*) FROM things");
                    if (how == "thrown") throw new FormatException();
                    if (how == "syntax") await tx.ExecuteAsync("SELECT FROM WHERE");
                    if (how == "cancelled")
                    {
                        await cancel.CancelAsync();
                        cancel.Token.ThrowIfCancellationRequested();
                    }
                    return No;
                }, cancel.Token);
            }, how is "refused" or "waiting" ? Throws.Nothing : Throws.Exception, how);
            await Database.WriteAlwaysAsync(tx => InsertAsync(tx, $"{how} no more"));
        }
        var left = await Database.ReadAsync(async c => (await c.QueryAsync<string>("SELECT id FROM things")).Where(id => !id.EndsWith(" no more", StringComparison.Ordinal)).ToList());
        Assert.That((left.Count, await CountAsync()), Is.EqualTo((0, 5L)), string.Join(", ", left));
    }

    [Test]
    public async Task Write_Thrown_LeavesNothingAndNeighboursStand()
    {
        var good = Enumerable.Range(0, 20).Select(n => Database.WriteAlwaysAsync(tx => InsertAsync(tx, $"good{n}"))).ToList();
        var bad = Enumerable.Range(0, 20).Select(n => (Func<Task>)(() => Database.WriteAlwaysAsync<int>(async tx =>
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
        await Database.WriteAlwaysAsync(tx => InsertAsync(tx, "a"));
        var thrown = Assert.CatchAsync(() => Database.WriteAlwaysAsync(tx => InsertAsync(tx, "a")))!;
        Assert.That(Database.IsDuplicateKey(thrown), Is.True, thrown.ToString());
    }

    [Test]
    public async Task Write_LostVersion_RunsAgainOnFreshData()
    {
        await Database.WriteAlwaysAsync(tx => InsertAsync(tx, "counter"));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => RaisePatientlyAsync()));
        Assert.That(await Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT n FROM things WHERE id = 'counter'")), Is.EqualTo(30));
    }

    [Test]
    public async Task Write_LosingForEver_IsRefusedNotThrown()
    {
        var runs = 0;
        var outcome = await Database.WriteAsync<int>(tx =>
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
        var nested = Database.WriteAlwaysAsync(tx => Database.WriteAlwaysAsync(inner => InsertAsync(inner, "x"))).WaitAsync(TimeSpan.FromSeconds(20));
        if (On == Engine.Embedded) Assert.That(async () => await nested, Throws.InvalidOperationException);
        else Assert.That(await nested, Is.EqualTo(1));
    }

    [Test]
    public async Task Values_ComeBackAsTheyWere()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_795_000_000_123);
        const string Words = "物业😀𠮷 \\ ' \" ` \n\t %_ \u200b";
        await Database.WriteAlwaysAsync(tx => tx.ExecuteAsync(
            "INSERT INTO things (id, n, at, flag, words) VALUES ('a', 7, @at, @flag, @Words), ('b', 8, NULL, 0, NULL)", new { at, flag = true, Words }));
        var rows = (await Database.ReadAsync(c => c.QueryAsync<Thing>("SELECT id, n, at, flag, words FROM things ORDER BY id"))).ToList();
        Assert.That(rows, Is.EqualTo(new[]
        {
            new Thing { Id = "a", N = 7, At = at, Flag = true, Words = Words },
            new Thing { Id = "b", N = 8, At = null, Flag = false, Words = null },
        }));
    }

    [Test]
    public async Task Keys_TellCaseAndChineseApart()
    {
        await Database.WriteAlwaysAsync(async tx => await InsertAsync(tx, "Abc") + await InsertAsync(tx, "abc") + await InsertAsync(tx, "中文"));
        Assert.That(await CountAsync(), Is.EqualTo(3));
    }

    private async Task RaisePatientlyAsync()
    {
        while (true)
        {
            var outcome = await Database.WriteAsync<int>(async tx =>
            {
                var n = await tx.ScalarAsync<int>("SELECT n FROM things WHERE id = 'counter'");
                await tx.ExecuteExpectingOneAsync("UPDATE things SET n = n + 1 WHERE id = 'counter' AND n = @n", new { n });
                return n;
            });
            if (!outcome.IsRefused) return;
        }
    }

    private sealed record Thing
    {
        public required string Id { get; init; }
        public int N { get; init; }
        public DateTimeOffset? At { get; init; }
        public bool Flag { get; init; }
        public string? Words { get; init; }
    }
}
