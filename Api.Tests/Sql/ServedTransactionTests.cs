using System.Globalization;
using Dapper;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Tests.Sql;

/// <summary>Transactions that we begin and end in words, where a server lends connections again.</summary>
public sealed class ServedTransactionTests
{
    private TestDatabase _test = null!;
    private Database _database = null!;

    [SetUp]
    public async Task Create()
    {
        _test = await TestDatabase.CreateAsync(Engine.Served);
        _database = _test.Open();
        await _database.WriteAlwaysAsync(tx => tx.ExecuteAsync(tx.Dialect.Translate("CREATE TABLE things (id {code} NOT NULL PRIMARY KEY) {table}")));
    }

    [TearDown]
    public async Task Drop()
    {
        if (_test is not null) await _test.DisposeAsync();
    }

    [Test]
    public async Task Write_WhoseConnectionIsCutOff_LeavesNothingAndHarmsNobody()
    {
        Assert.That(async () => await _database.WriteAlwaysAsync(async tx =>
        {
            await InsertAsync(tx, "half");
            return await tx.ExecuteAsync("KILL CONNECTION_ID()");
        }), Throws.TypeOf<DatabaseUnavailableException>());
        await _database.WriteAlwaysAsync(tx => InsertAsync(tx, "whole"));
        Assert.That(await _database.ReadAsync(c => c.QuerySingleAsync<string>("SELECT id FROM things")), Is.EqualTo("whole"));
    }

    [Test]
    public async Task Write_ReadsAsAtOneInstant_WhateverTheServersOwnLevel()
    {
        var level = await _database.ReadAsync(c => c.ExecuteScalarAsync<string>("SELECT @@GLOBAL.tx_isolation"));
        await _database.ReadAsync(c => c.ExecuteAsync("SET GLOBAL TRANSACTION ISOLATION LEVEL READ COMMITTED"));
        try
        {
            // Its connections are new. Everybody else's here say their level, too.
            var fresh = _test.Open();
            var counts = await fresh.WriteAlwaysAsync(async tx =>
            {
                var before = await tx.ScalarAsync<long>("SELECT COUNT(*) FROM things");
                await _database.WriteAlwaysAsync(other => InsertAsync(other, "meanwhile"));
                return (before, await tx.ScalarAsync<long>("SELECT COUNT(*) FROM things"));
            });
            Assert.That(counts, Is.EqualTo((0L, 0L)));
        }
        finally
        {
            await _database.ReadAsync(c => c.ExecuteAsync($"SET GLOBAL TRANSACTION ISOLATION LEVEL {level!.Replace('-', ' ')}"));
        }
    }

    [Test]
    public async Task ExecuteLater_SixTimes_IsOneQuestionToTheServer()
    {
        // What a connection has asked so far, as the server counts it; the question itself is one more.
        static async Task<long> CountAsync(UnitOfWork tx) => long.Parse(
            (await (await tx.ConnectionAsync()).QuerySingleAsync<(string Name, string Value)>("SHOW SESSION STATUS LIKE 'Questions'")).Value, CultureInfo.InvariantCulture);
        var (before, after) = await _database.WriteAlwaysAsync(async tx =>
        {
            var at = await CountAsync(tx);
            for (var n = 0; n < 6; n++) await tx.ExecuteLaterAsync("INSERT INTO things (id) VALUES (@id)", new { id = $"{n}" });
            return (at, await CountAsync(tx));
        });
        Assert.That(after - before, Is.EqualTo(2), "six writes, and the question how many");
    }

    private static Task<int> InsertAsync(UnitOfWork tx, string id) => tx.ExecuteAsync("INSERT INTO things (id) VALUES (@id)", new { id });
}
