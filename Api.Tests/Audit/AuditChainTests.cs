using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Audit;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Tests.Audit;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class AuditChainTests(Engine engine)
{
    private static readonly AuditKey Key = new([.. Enumerable.Range(1, 32).Select(n => (byte)n)]);

    private TestDatabase _test = null!;
    private Database _database = null!;
    private AuditChain _chain = null!;

    [SetUp]
    public async Task Create()
    {
        _test = await TestDatabase.CreateAsync(engine);
        _database = await _test.OpenMigratedAsync();
        _chain = new AuditChain(_database, Key);
    }

    [TearDown]
    public async Task Drop()
    {
        if (_test is not null) await _test.DisposeAsync();
    }

    [Test]
    public async Task Verify_AfterLinking_IsIntact()
    {
        await WriteAsync(612);
        Assert.That(await _chain.LinkAsync(), Is.EqualTo(612));
        await WriteAsync(3);
        var result = await _chain.VerifyAsync();
        Assert.That(result with { Head = null }, Is.EqualTo(new AuditVerification(true, 612, 3, null, null)));
        Assert.That(result.Head, Does.Match("^612:[0-9a-f]{64}$"));
    }

    [Test]
    public async Task Link_ByFourNodesAtOnce_LinksEachRowOnce()
    {
        await WriteAsync(300);
        var linked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new AuditChain(_test.Open(), Key).LinkAsync())));
        Assert.That(linked.Sum(), Is.EqualTo(300));
        Assert.That((await _chain.VerifyAsync()).Intact, Is.True);
    }

    [TestCase("UPDATE audit_entries SET actor_id = 'somebody-else' WHERE chain_seq = 5")]
    [TestCase("UPDATE audit_entries SET detail = 'harmless' WHERE chain_seq = 5")]
    [TestCase("UPDATE audit_entries SET at = at + 1 WHERE chain_seq = 10")]
    [TestCase("DELETE FROM audit_entries WHERE chain_seq = 5")]
    [TestCase("DELETE FROM audit_entries WHERE chain_seq = 10")]
    [TestCase("DELETE FROM audit_entries WHERE chain_seq > 4; UPDATE audit_chain SET last_seq = 4")]
    [TestCase("DELETE FROM audit_entries WHERE chain_seq > 4; UPDATE audit_chain SET last_seq = 4, last_hash = (SELECT hash FROM audit_entries WHERE chain_seq = 4)")]
    [TestCase("UPDATE audit_entries SET hash = 'ffff' WHERE chain_seq = 1")]
    public async Task Verify_AfterTampering_IsBroken(string tampering)
    {
        await WriteAsync(10);
        await _chain.LinkAsync();
        foreach (var statement in tampering.Split(';')) await _database.WriteAlwaysAsync(tx => tx.ExecuteAsync(statement));
        var result = await _chain.VerifyAsync();
        Assert.That(result.Intact, Is.False);
        Assert.That(result.Fault, Is.Not.Empty);
    }

    [Test]
    public async Task Verify_AfterAnOlderCopyWasPutBack_MissesTheNotedHead()
    {
        await WriteAsync(4);
        await _chain.LinkAsync();
        var end = await _database.ReadAsync(c => Dapper.SqlMapper.QueryFirstAsync<(string Hash, string Mac)>(c, "SELECT last_hash, mac FROM audit_chain"));
        await WriteAsync(4);
        await _chain.LinkAsync();
        var head = (await _chain.VerifyAsync()).Head;
        Assert.That((await _chain.VerifyAsync(head)).Intact, Is.True);

        await _database.WriteAlwaysAsync(async tx => await tx.ExecuteAsync("DELETE FROM audit_entries WHERE chain_seq > 4")
            + await tx.ExecuteAsync("UPDATE audit_chain SET last_seq = 4, last_hash = @Hash, mac = @Mac", new { end.Hash, end.Mac }));
        Assert.That((await _chain.VerifyAsync()).Intact, Is.True, "Without the noted head this cannot be seen.");
        Assert.That((await _chain.VerifyAsync(head)).Intact, Is.False);
    }

    [Test]
    public async Task Verify_WithAnotherKey_IsBroken()
    {
        await WriteAsync(2);
        await _chain.LinkAsync();
        Assert.That((await new AuditChain(_database, new AuditKey(new byte[32])).VerifyAsync()).Intact, Is.False);
    }

    private Task WriteAsync(int count) => _database.WriteAlwaysAsync(async tx =>
    {
        for (var n = 0; n < count; n++) await tx.AuditAsync(Actor.Staff("staff"), "test.act", "thing", $"{n}", "细节");
        return count;
    });
}
