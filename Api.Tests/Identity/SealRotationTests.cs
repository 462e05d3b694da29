using System.Security.Cryptography;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Infrastructure.Identity;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Identity;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SealRotationTests(Engine engine)
{
    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Test]
    public async Task Rotate_StoppedHalfWay_GoesOnAndThenTheOldKeyMayGo()
    {
        var (lookup, old, fresh) = (NewKey(), NewKey(), NewKey());
        await using var api = await TestApi.StartAsync(engine, [$"Identity:MasterKeys:0=old:{old}", $"Identity:LookupKey={lookup}"]);
        using var nobody = api.Anonymous();
        for (var n = 0; n < 5; n++)
            await nobody.PostAsync("/v1/auth/wechat/login", new { code = $"test:sealed{n}", phoneCode = $"test-phone:1396666000{n}" }).Gives(OK);

        await api.RestartAsync([$"Identity:MasterKeys:0=fresh:{fresh}", $"Identity:MasterKeys:1=old:{old}", $"Identity:LookupKey={lookup}"]);
        var rotation = api.Services.GetRequiredService<SealRotation>();
        var before = await rotation.OutstandingAsync();
        Assert.That(before.Select(s => s.KeyId).Distinct(), Is.EqualTo(new[] { "old" }));
        Assert.That(before.Single(s => s.Column == CitizenRepository.Phone).Count, Is.EqualTo(5));

        var seen = new List<SealedColumn>();
        Assert.That(async () => await rotation.RotateAsync((column, _) => { seen.Add(column); if (seen.Count == 2) throw new OperationCanceledException(); }), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await rotation.OutstandingAsync(), Is.Not.Empty);
        Assert.That(await rotation.RotateAsync((_, _) => { }), Is.GreaterThan(0));
        Assert.That(await rotation.OutstandingAsync(), Is.Empty);
        Assert.That(await rotation.RotateAsync((_, _) => { }), Is.Zero, "twice is once");

        await api.RestartAsync([$"Identity:MasterKeys:0=fresh:{fresh}", $"Identity:LookupKey={lookup}"]);
        using var again = api.Anonymous();
        var signedIn = await again.PostAsync("/v1/auth/wechat/login", new { code = "test:sealed3" }).Gives(OK);
        Assert.That(signedIn["isNewUser"].GetBoolean(), Is.False);
        Assert.That(signedIn.String("user.citizen.phone"), Is.EqualTo("139****0003"));
    }

    [Test]
    public async Task Columns_NamedSealed_AreAllInTheList()
    {
        await using var api = await TestApi.StartAsync(engine);
        var sql = engine == Engine.Embedded
            ? "SELECT group_concat(m.name || '.' || c.name) FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name LIKE '%\\_sealed' ESCAPE '\\'"
            : "SELECT group_concat(concat(table_name, '.', column_name)) FROM information_schema.columns WHERE table_schema = database() AND column_name LIKE '%\\_sealed'";
        var found = (await api.ScalarAsync<string>(sql))!.Split(',');
        Assert.That(SealedColumn.All.Select(c => $"{c.Table}.{c.Column}"), Is.EquivalentTo(found));
    }
}
