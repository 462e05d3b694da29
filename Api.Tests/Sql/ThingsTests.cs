using Dapper;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Tests.Sql;

/// <summary>A table of things, and what is done to it in transactions: on SQLite, on MariaDB, and on MariaDB talked to as MySQL is.</summary>
/// <param name="together">Several statements as one, where the server knows that.</param>
[TestFixture(Engine.Embedded, true)]
[TestFixture(Engine.Served, true)]
[TestFixture(Engine.Served, false)]
public abstract class ThingsTests(Engine engine, bool together)
{
    protected static readonly Refusal No = new("no", "不", RefusalKind.Conflict);

    private TestDatabase _test = null!;

    protected Engine On => engine;

    protected Database Database { get; private set; } = null!;

    [SetUp]
    public async Task Create()
    {
        _test = await TestDatabase.CreateAsync(engine, o => o.CompoundStatements = together);
        Database = _test.Open();
        await Database.WriteAlwaysAsync(tx => tx.ExecuteAsync(tx.Dialect.Translate(
            "CREATE TABLE things (id {code} NOT NULL PRIMARY KEY, n {int} NOT NULL, at {instant} NULL, flag {bool} NOT NULL, words {text} NULL) {table}")));
    }

    [TearDown]
    public async Task Drop()
    {
        if (_test is not null) await _test.DisposeAsync();
    }

    protected static Task<int> InsertAsync(UnitOfWork tx, string id) => tx.ExecuteAsync("INSERT INTO things (id, n, flag) VALUES (@id, 0, 0)", new { id });

    protected Task<long> CountAsync() => Database.ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM things"));
}
