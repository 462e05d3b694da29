using System.Security.Cryptography;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Tests.Identity;

public class SealerTests
{
    private static readonly SealedPlace Phone = new("citizens.phone", "01A");

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static Sealer With(string lookup, params string[] keys) => new(new KeyRing(new SealingOptions { MasterKeys = [.. keys], LookupKey = lookup }));

    private readonly string _lookup = NewKey();
    private readonly string _k1 = $"k1:{NewKey()}";
    private readonly string _k2 = $"k2:{NewKey()}";

    [TestCase("13800138000")]
    [TestCase("")]
    [TestCase("安徽省亳州市谯城区十八里镇 🏠")]
    public void Open_WhatWasSealed_IsTheSame(string text)
    {
        var sealer = With(_lookup, _k1);
        var value = sealer.Seal(text, Phone);
        Assert.That(value, Does.Match("^v1\\.k1\\.[A-Za-z0-9_-]+$"));
        Assert.That(sealer.Open(value, Phone), Is.EqualTo(text));
        Assert.That(sealer.Seal(text, Phone), Is.Not.EqualTo(value), "the nonce is new each time");
    }

    [Test]
    public void Open_ValueMovedToAnotherRowOrColumn_IsRefused()
    {
        var sealer = With(_lookup, _k1);
        var value = sealer.Seal("13800138000", Phone);
        Assert.That(() => sealer.Open(value, Phone with { RowId = "01B" }), Throws.TypeOf<SealBrokenException>());
        Assert.That(() => sealer.Open(value, Phone with { Column = "citizens.national_id" }), Throws.TypeOf<SealBrokenException>());
    }

    [Test]
    public void Open_AnyCharacterChanged_IsRefused()
    {
        var sealer = With(_lookup, _k1);
        var value = sealer.Seal("13800138000", Phone);
        for (var i = 0; i < value.Length; i++)
        {
            var changed = value[..i] + (value[i] == 'A' ? 'B' : 'A') + value[(i + 1)..];
            Assert.That(() => sealer.Open(changed, Phone), Throws.TypeOf<SealBrokenException>(), changed);
        }
    }

    [Test]
    public void Open_WithAnEmptySecondKey_IsAsWithoutIt() =>
        Assert.That(With(_lookup, _k1, "").Open(With(_lookup, _k1).Seal("13800138000", Phone), Phone), Is.EqualTo("13800138000"));

    [Test]
    public void Open_WithOlderKey_WorksUntilTheKeyIsRemoved()
    {
        var old = With(_lookup, _k1).Seal("13800138000", Phone);
        var both = With(_lookup, _k2, _k1);
        Assert.That(both.Open(old, Phone), Is.EqualTo("13800138000"));
        Assert.That(both.IsOutdated(old), Is.True);
        Assert.That(both.IsOutdated(both.Seal("13800138000", Phone)), Is.False);
        Assert.That(() => With(_lookup, _k2).Open(old, Phone), Throws.TypeOf<SealBrokenException>().With.Message.Contains("k1"));
    }

    [Test]
    public void Open_SameKeyIdWithAnotherKey_IsRefused()
    {
        var value = With(_lookup, _k1).Seal("13800138000", Phone);
        Assert.That(() => With(_lookup, $"k1:{NewKey()}").Open(value, Phone), Throws.TypeOf<SealBrokenException>().With.Message.Not.Contain("138"));
    }

    [TestCase("")]
    [TestCase("13800138000")]
    [TestCase("v1.k1.")]
    [TestCase("v1.k1.AAAA")]
    [TestCase("v2.k1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Open_NotASealedValue_IsRefused(string value) =>
        Assert.That(() => With(_lookup, _k1).Open(value, Phone), Throws.TypeOf<SealBrokenException>());

    [Test]
    public void LookupHash_SameTextOfAnotherKindOrKey_Differs()
    {
        var sealer = With(_lookup, _k1);
        var hash = sealer.LookupHash(LookupKind.Phone, "13800138000");
        Assert.That(hash, Has.Length.EqualTo(43));
        Assert.That(With(_lookup, _k2).LookupHash(LookupKind.Phone, "13800138000"), Is.EqualTo(hash), "it does not change with the master key");
        Assert.That(sealer.LookupHash(LookupKind.NationalId, "13800138000"), Is.Not.EqualTo(hash));
        Assert.That(With(NewKey(), _k1).LookupHash(LookupKind.Phone, "13800138000"), Is.Not.EqualTo(hash));
    }

    [TestCase("nocolon", "form")]
    [TestCase("k1:not base64!", "base64")]
    [TestCase("k1:c2hvcnQ=", "bytes")]
    [TestCase("k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "random")]
    [TestCase("k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "random")]
    [TestCase("K 1:AAAA", "form")]
    public void KeyRing_BadKey_SaysWhatIsWrongWithoutSayingTheKey(string key, string word) =>
        Assert.That(() => With(_lookup, key), Throws.InvalidOperationException.With.Message.Contains(word).And.Message.Not.Contains("MDEy"));

    [Test]
    public void KeyRing_MissingTwiceOrShared_IsRefused()
    {
        Assert.That(() => With(_lookup), Throws.InvalidOperationException);
        Assert.That(() => With("", _k1), Throws.InvalidOperationException);
        Assert.That(() => With(_lookup, _k1, _k1), Throws.InvalidOperationException);
        Assert.That(() => With(_k1[3..], _k1), Throws.InvalidOperationException);
    }

    [Test]
    public async Task MasterKeyFile_ManyStartAtOnce_AllReadTheSameKeys()
    {
        var folder = Directory.CreateTempSubdirectory("keys").FullName;
        try
        {
            var read = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => MasterKeyFile.ReadOrCreate(folder))));
            Assert.That(read.Select(o => o.MasterKeys[0] + o.LookupKey).Distinct().ToList(), Has.Count.EqualTo(1));
            Assert.That(() => new KeyRing(read[0]), Throws.Nothing);
            Assert.That(Directory.GetFiles(Path.Combine(folder, "keys")), Has.Length.EqualTo(1), "no draft is left behind");
            if (!OperatingSystem.IsWindows())
                Assert.That(File.GetUnixFileMode(MasterKeyFile.PathIn(folder)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
