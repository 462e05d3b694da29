using System.Security.Cryptography;
using MicroPlatform.Infrastructure.Materials;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>What both stores keep to.</summary>
[TestFixture(StoreKind.Local)]
[TestFixture(StoreKind.S3)]
internal sealed class ObjectStoreContract(StoreKind kind)
{
    private string _folder = null!;
    private S3Stub? _s3;
    private IObjectStore _store = null!;

    [SetUp]
    public async Task Start()
    {
        _folder = Directory.CreateTempSubdirectory("microplatform-test-").FullName;
        var options = new MaterialsOptions { Folder = _folder };
        if (kind == StoreKind.S3)
        {
            _s3 = await S3Stub.StartAsync();
            options.S3 = new S3Options { Endpoint = _s3.Endpoint, Bucket = S3Stub.Bucket, AccessKey = S3Stub.AccessKey, SecretKey = S3Stub.SecretKey, Prefix = "p/" };
        }
        _store = kind == StoreKind.Local ? new LocalObjectStore(Options.Create(options)) : new S3ObjectStore(Options.Create(options));
    }

    [TearDown]
    public async Task Stop()
    {
        (_store as IDisposable)?.Dispose();
        if (_s3 is not null) await _s3.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Put_Twice_IsOneObjectThatReadsFromAnyPlace()
    {
        var (address, bytes) = await PutAsync(200_000);
        await PutAsync(200_000);
        foreach (var offset in new[] { 0, 1, 65_536, 199_999 }) Assert.That(await ReadAsync(address, offset), Is.EqualTo(bytes[offset..]), $"from {offset}");
        var all = await ListAsync();
        Assert.That(all.Select(o => (o.Address, o.Bytes)), Is.EqualTo(new[] { (address, 200_000L) }));
        Assert.That(all[0].WrittenAt, Is.EqualTo(TimeProvider.System.GetUtcNow()).Within(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task List_OfMoreThanAPage_IsWhole()
    {
        for (var n = 0; n < 8; n++) await PutAsync(10, seed: n);
        Assert.That(await ListAsync(), Has.Count.EqualTo(8));
    }

    [Test]
    public async Task Open_OfWhatIsNotThere_IsMissing()
    {
        var fault = Assert.ThrowsAsync<StoreException>(async () => await _store.OpenAsync(new string('0', 64), 0, CancellationToken.None));
        Assert.That(fault!.Fault, Is.EqualTo(StoreFault.Missing));
        await _store.DeleteAsync(new string('0', 64), CancellationToken.None);
    }

    [Test]
    public async Task Delete_TakesItAway()
    {
        var (address, _) = await PutAsync(5000);
        Assert.That(await _store.DeleteAsync(address, CancellationToken.None), Is.True);
        Assert.ThrowsAsync<StoreException>(async () => await _store.OpenAsync(address, 0, CancellationToken.None));
        Assert.That(await ListAsync(), Is.Empty);
    }

    [TestCase("../../etc/passwd")]
    [TestCase("")]
    [TestCase("ABCDEF")]
    public void Address_ThatIsNone_IsNeverUsed(string address) =>
        Assert.ThrowsAsync<ArgumentException>(async () => await _store.OpenAsync(address, 0, CancellationToken.None));

    [Test]
    public async Task Ping_Answers() => await _store.PingAsync(CancellationToken.None);

    [Test]
    public async Task Put_OfManyAtOnce_KeepsAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 30).Select(n => PutAsync(20_000, seed: n)));
        Assert.That(await ListAsync(), Has.Count.EqualTo(30));
    }

    private async Task<(string Address, byte[] Bytes)> PutAsync(int length, int seed = 7)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        var address = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var path = Path.Combine(_folder, $"staged-{Guid.CreateVersion7():N}");
        await File.WriteAllBytesAsync(path, bytes);
        await _store.PutAsync(address, path, CancellationToken.None);
        return (address, bytes);
    }

    private async Task<byte[]> ReadAsync(string address, long offset)
    {
        await using var stream = await _store.OpenAsync(address, offset, CancellationToken.None);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    private async Task<List<StoredObject>> ListAsync()
    {
        var all = new List<StoredObject>();
        await foreach (var one in _store.ListAsync(CancellationToken.None)) all.Add(one);
        return all;
    }
}

/// <summary>What only a store behind signatures has.</summary>
[TestFixture]
internal sealed class S3ObjectStoreTests
{
    [Test]
    public async Task AnotherSecret_IsRefusedByTheSignature()
    {
        await using var s3 = await S3Stub.StartAsync();
        using var right = Store(s3, S3Stub.SecretKey);
        using var wrong = Store(s3, "another");
        var fault = Assert.ThrowsAsync<StoreException>(() => wrong.PingAsync(CancellationToken.None));
        Assert.That(fault!.Fault, Is.EqualTo(StoreFault.Away));
        await right.PingAsync(CancellationToken.None);
    }

    private static S3ObjectStore Store(S3Stub s3, string secret) => new(Options.Create(new MaterialsOptions
    {
        S3 = new S3Options { Endpoint = s3.Endpoint, Bucket = S3Stub.Bucket, AccessKey = S3Stub.AccessKey, SecretKey = secret },
    }));
}
