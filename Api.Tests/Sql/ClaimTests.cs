using Dapper;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Tests.Sql;

/// <summary>The row whose key decides whether there is anything to do: whatever is said first behind it, it is there before.</summary>
public sealed class ClaimTests(Engine engine, bool together) : ThingsTests(engine, together)
{
    /// <summary>Ways to say the first thing behind a claim.</summary>
    private static readonly Dictionary<string, Func<UnitOfWork, Task>> Firsts = new()
    {
        ["a question"] = tx => tx.ScalarAsync<long>("SELECT COUNT(*) FROM things WHERE n = @n", new { n = 3 }),
        ["a list in a question"] = async tx => Assert.That(await tx.QueryAsync<string>("SELECT id FROM things WHERE id IN @ids", new { ids = new[] { "claim", "x" } }), Is.EqualTo(new[] { "claim" })),
        ["a question that writes"] = async tx => Assert.That(
            await tx.FirstOrDefaultAsync<int>("UPDATE things SET n = n + @by WHERE id = 'claim'; SELECT n FROM things WHERE id = 'claim';\n", new { by = 4 }), Is.EqualTo(5)),
        ["several questions"] = async tx =>
        {
            await using var answers = await tx.QueryMultipleAsync("SELECT id FROM things WHERE n = @n; SELECT 7 AS seven; SELECT words FROM things WHERE n = -1", new { n = 1 });
            Assert.That((await answers.ReadFirstAsync<string>(), await answers.ReadFirstAsync<int>(), (await answers.ReadAsync<string>()).Count()), Is.EqualTo(("claim", 7, 0)));
        },
        ["a write"] = async tx => Assert.That(await tx.ExecuteAsync("UPDATE things SET words = @words WHERE n = 1", new { words = "a;b" }), Is.EqualTo(1)),
        ["a write for each of a list"] = async tx => Assert.That(await tx.ExecuteAsync("UPDATE things SET words = @words WHERE n = 1", new[] { new { words = "a" }, new { words = "b" } }), Is.EqualTo(2)),
        ["writes together"] = async tx => Assert.That(await tx.ExecuteTogetherAsync(("UPDATE things SET n = 2 WHERE n = 1", null), ("UPDATE things SET n = 3 WHERE n = @n", new { n = 2 })), Is.EqualTo(2)),
        ["a write later"] = tx => tx.ExecuteLaterAsync("UPDATE things SET n = 4"),
        ["the connection"] = async tx => Assert.That(await (await tx.ConnectionAsync()).ExecuteScalarAsync<long>("SELECT COUNT(*) FROM things", transaction: tx.Transaction), Is.EqualTo(1)),
        ["nothing"] = _ => Task.CompletedTask,
    };

    private static IEnumerable<string> FirstThings => Firsts.Keys;

    private static Task ClaimAsync(UnitOfWork tx, string key = "claim") =>
        tx.ClaimAsync("INSERT INTO things (id, n, flag, at) VALUES (@claimedKey, 1, 0, @claimedAt)", new { claimedKey = key, claimedAt = tx.Now }, () => new ArithmeticException("taken"));

    [TestCaseSource(nameof(FirstThings))]
    public async Task Claim_IsThereForWhateverComesFirst_AndCommitted(string first)
    {
        await Database.WriteAlwaysAsync(async tx =>
        {
            await ClaimAsync(tx);
            await Firsts[first](tx);
            return 0;
        });
        Assert.That(await CountAsync(), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(FirstThings))]
    public async Task Claim_ThatIsTaken_IsToldAtWhateverComesFirst(string first)
    {
        await Database.WriteAlwaysAsync(tx => InsertAsync(tx, "claim"));
        Assert.That(async () => await Database.WriteAlwaysAsync(async tx =>
        {
            await ClaimAsync(tx);
            await Firsts[first](tx);
            return await InsertAsync(tx, "after");
        }), Throws.TypeOf<ArithmeticException>());
        Assert.That(await CountAsync(), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(FirstThings))]
    public async Task Claim_Refused_LeavesNothing(string first)
    {
        var outcome = await Database.WriteAsync<int>(async tx =>
        {
            await ClaimAsync(tx);
            await Firsts[first](tx);
            await tx.SettleClaimAsync();
            return No;
        });
        Assert.That((outcome.Refusal, await CountAsync()), Is.EqualTo((No, 0L)));
    }

    [Test]
    public async Task Claim_WithTwentyAtOnce_IsOneOnes()
    {
        var (won, lost) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async n =>
        {
            try
            {
                await Database.WriteAlwaysAsync(async tx =>
                {
                    await ClaimAsync(tx);
                    await tx.ScalarAsync<long>("SELECT 1");
                    return await InsertAsync(tx, $"of{n}");
                });
                Interlocked.Increment(ref won);
            }
            catch (ArithmeticException)
            {
                Interlocked.Increment(ref lost);
            }
        }));
        Assert.That((won, lost, await CountAsync()), Is.EqualTo((1, 19, 2L)));
    }

    [Test]
    public async Task Claim_WithAnotherKeySayingNo_IsNotTakenForIt()
    {
        await Database.WriteAlwaysAsync(tx => InsertAsync(tx, "wanted"));
        var thrown = Assert.CatchAsync(() => Database.WriteAlwaysAsync(async tx =>
        {
            await ClaimAsync(tx);
            return await InsertAsync(tx, "wanted");
        }))!;
        Assert.That(Database.IsDuplicateKey(thrown), Is.True, thrown.ToString());
        Assert.That(await CountAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Claim_NotTheFirstThing_IsABug()
    {
        var thrown = Assert.CatchAsync(() => Database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteLaterAsync("INSERT INTO things (id, n, flag) VALUES ('a', 0, 0)");
            await ClaimAsync(tx);
            return 0;
        }));
        Assert.That((thrown?.GetType(), await CountAsync()), Is.EqualTo((typeof(InvalidOperationException), 0L)));
    }
}
