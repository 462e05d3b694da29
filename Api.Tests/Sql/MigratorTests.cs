using Dapper;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroPlatform.Api.Tests.Sql;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MigratorTests(Engine engine)
{
    private TestDatabase _test = null!;

    [SetUp]
    public async Task Create() => _test = await TestDatabase.CreateAsync(engine);

    [TearDown]
    public async Task Drop()
    {
        if (_test is not null) await _test.DisposeAsync();
    }

    [Test]
    public async Task Migrate_ByFiveNodesAtOnce_AppliesEachOnce()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Migrator(_test.Open()).MigrateAsync())));

        Assert.That(applied.Sum(), Is.EqualTo(Infrastructure.Sql.Migrator.All.Count));
        Assert.That(await CountAsync("SELECT COUNT(*) FROM schema_migrations"), Is.EqualTo(Infrastructure.Sql.Migrator.All.Count));
    }

    [Test]
    public async Task Migrate_Again_DoesNothing()
    {
        await _test.OpenMigratedAsync();
        Assert.That(await Migrator(_test.Open()).MigrateAsync(), Is.Zero);
    }

    [Test]
    public async Task Migrate_WithChangedFile_IsRefused()
    {
        var database = await _test.OpenMigratedAsync();
        await database.WriteAlwaysAsync(tx => tx.ExecuteAsync("UPDATE schema_migrations SET checksum = 'other' WHERE version = 1"));
        Assert.That(() => Migrator(database).MigrateAsync(), Throws.InvalidOperationException.With.Message.Contains("changed after"));
    }

    [Test]
    public async Task Migrate_DatabaseOfANewerBuild_IsRefused()
    {
        var database = await _test.OpenMigratedAsync();
        await database.WriteAlwaysAsync(tx => tx.ExecuteAsync("INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, 'V9999__future.sql', 'x', 0)"));
        Assert.That(() => Migrator(database).MigrateAsync(), Throws.InvalidOperationException.With.Message.Contains("newer build"));
    }

    [Test]
    public async Task Migrate_AfterAnInterruptedStart_GoesOn()
    {
        // As if the program had died after the tables of the first migration, before its row was written; the lease of the dead node has run out.
        var database = await _test.OpenMigratedAsync();
        await database.WriteAlwaysAsync(async tx =>
        {
            await tx.ExecuteAsync("DELETE FROM schema_migrations WHERE version = 1");
            return await tx.ExecuteAsync("UPDATE schema_lease SET owner = 'dead', expires_at = @past WHERE id = 1", new { past = tx.Now.AddMinutes(-1) });
        });
        Assert.That(await Migrator(database).MigrateAsync(), Is.EqualTo(1));
    }

    [Test]
    public void All_AreNumberedWithoutCollision()
    {
        var versions = Infrastructure.Sql.Migrator.All.Select(m => m.Version).ToList();
        Assert.That(versions, Is.Unique.And.Ordered);
        Assert.That(versions, Is.Not.Empty);
    }

    private Migrator Migrator(Database database) => new(database, _test.Time, NullLogger<Migrator>.Instance);

    private Task<long> CountAsync(string sql) => _test.Open().ReadAsync(c => c.ExecuteScalarAsync<long>(sql));
}
