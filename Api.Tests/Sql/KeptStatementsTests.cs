using System.Data.Common;
using Dapper;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Data.Sqlite;

namespace MicroPlatform.Api.Tests.Sql;

/// <summary>Connections of the embedded database that stay open and keep what they have prepared (docs/adr/0025).</summary>
public sealed class KeptStatementsTests
{
    private const string Insert = "INSERT INTO things (id, words) VALUES (@id, @words)";

    private string _folder = "";
    private SqliteDataSource _source = null!;

    [SetUp]
    public async Task Create()
    {
        SqlTypes.Register();
        _folder = Directory.CreateTempSubdirectory("microplatform-test-").FullName;
        _source = new SqliteDataSource(Path.Combine(_folder, "kept.db"));
        await using var connection = await _source.OpenConnectionAsync();
        await connection.ExecuteAsync("CREATE TABLE things (id INTEGER PRIMARY KEY, words TEXT)");
    }

    [TearDown]
    public void Delete()
    {
        _source.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Statement_RunAgainAndAgain_HasOnlyItsOwnParameters()
    {
        for (var n = 1; n <= 5; n++)
        {
            await using var connection = await _source.OpenConnectionAsync();
            await connection.ExecuteAsync(Insert, new { id = n, words = n % 2 == 0 ? null : $"text {n}" });
        }
        await using var reader = await _source.OpenConnectionAsync();
        Assert.That(await reader.QueryAsync<string?>("SELECT words FROM things ORDER BY id"), Is.EqualTo(new[] { "text 1", null, "text 3", null, "text 5" }));
        Assert.That(() => reader.ExecuteAsync(Insert, new { id = 6 }), Throws.InstanceOf<InvalidOperationException>(), "a parameter of the last one must not stand in for one that is missing");
    }

    [Test]
    public async Task Statement_ThatFailed_WorksTheNextTime()
    {
        await using var connection = await _source.OpenConnectionAsync();
        for (var n = 0; n < 4; n++) await InsertTwiceAsync(connection, n);
        Assert.That(await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM things"), Is.EqualTo(4));

        static async Task InsertTwiceAsync(DbConnection connection, int id)
        {
            await connection.ExecuteAsync(Insert, new { id, words = "a" });
            Assert.That(() => connection.ExecuteAsync(Insert, new { id, words = "b" }), Throws.InstanceOf<SqliteException>());
        }
    }

    /// <summary>Dapper writes the text anew when it knows how many there are in a list, and both statements of it have parameters.</summary>
    [Test]
    public async Task Statement_WithLists_OfEveryLength()
    {
        await using var connection = await _source.OpenConnectionAsync();
        for (var n = 1; n <= 4; n++) await connection.ExecuteAsync(Insert, new { id = n, words = $"{n}" });
        for (var round = 0; round < 3; round++)
            for (var count = 0; count <= 4; count++)
            {
                var ids = Enumerable.Range(1, count).ToList();
                await using var answers = await connection.QueryMultipleAsync("SELECT id FROM things WHERE id IN @ids ORDER BY id; SELECT words FROM things WHERE id IN @ids AND id > @least ORDER BY id", new { ids, least = 1 });
                Assert.That(await answers.ReadAsync<int>(), Is.EqualTo(ids));
                Assert.That(await answers.ReadAsync<string>(), Is.EqualTo(ids.Where(id => id > 1).Select(id => $"{id}")));
            }
    }

    [Test]
    public async Task Statement_WhileAnotherOfItsTextIsRead_IsItsOwn()
    {
        await using var connection = await _source.OpenConnectionAsync();
        for (var n = 1; n <= 3; n++) await connection.ExecuteAsync(Insert, new { id = n, words = "a" });
        for (var round = 0; round < 3; round++)
        {
            var seen = new List<(int, int)>();
            foreach (var one in connection.Query<int>("SELECT id FROM things WHERE id >= @from ORDER BY id", new { from = 1 }, buffered: false))
                foreach (var other in connection.Query<int>("SELECT id FROM things WHERE id >= @from ORDER BY id", new { from = 3 }, buffered: false)) seen.Add((one, other));
            Assert.That(seen, Is.EqualTo(new[] { (1, 3), (2, 3), (3, 3) }));
        }
    }

    [Test]
    public async Task Statement_AfterTheTableChanged_SeesTheChange()
    {
        await using var kept = await _source.OpenConnectionAsync();
        await kept.ExecuteAsync(Insert, new { id = 1, words = "a" });
        for (var n = 0; n < 3; n++) Assert.That((IDictionary<string, object>)(await kept.QueryAsync("SELECT * FROM things")).Single(), Has.Count.EqualTo(2));
        await using (var other = await _source.OpenConnectionAsync()) await other.ExecuteAsync("ALTER TABLE things ADD COLUMN more INTEGER NOT NULL DEFAULT 7");
        Assert.That((IDictionary<string, object>)(await kept.QueryAsync("SELECT * FROM things")).Single(), Contains.Key("more").WithValue(7L));
    }

    [Test]
    public async Task Connection_GivenBackInTheMiddleOfATransaction_IsNotGivenOut()
    {
        await using (var connection = await _source.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("BEGIN IMMEDIATE");
            await connection.ExecuteAsync(Insert, new { id = 1, words = "half done" });
        }
        await using var next = await _source.OpenConnectionAsync();
        Assert.That(await next.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM things"), Is.Zero);
        await next.ExecuteAsync(Insert, new { id = 1, words = "whole" });
    }

    /// <summary>More texts than are kept, some of which come back: what is forgotten is prepared again.</summary>
    [Test]
    public async Task Statements_MoreThanAreKept_AllWork()
    {
        await using var connection = await _source.OpenConnectionAsync();
        for (var round = 0; round < 3; round++)
            for (var n = 0; n < 700; n++)
            {
                Assert.That(await connection.ExecuteScalarAsync<int>($"SELECT {n} + @more", new { more = 1 }), Is.EqualTo(n + 1));
                Assert.That(await connection.ExecuteScalarAsync<int>("SELECT @more", new { more = n }), Is.EqualTo(n));
            }
    }
}
