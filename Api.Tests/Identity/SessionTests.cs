using System.Buffers.Text;
using System.Text;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Identity;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SessionTests(Engine engine)
{
    private TestApi _api = null!;
    private int _people;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Refresh_TenTimesAtOnceWithOneToken_GivesOnePair()
    {
        var (_, refresh) = await SignInAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RefreshAsync(refresh)));
        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(OK), answers[0].Text);
        Assert.That(answers.Select(a => a.Text).Distinct().Count(), Is.EqualTo(1));
        Assert.That(answers[0].String("refreshToken"), Is.Not.EqualTo(refresh));
        await MeAsync(answers[0].String("accessToken")).Gives(OK);
    }

    [Test]
    public async Task Refresh_OldTokenAfterHalfAMinute_EndsTheWholeSession()
    {
        var (_, refresh) = await SignInAsync();
        var next = await RefreshAsync(refresh).Gives(OK);
        _api.Time.Advance(TimeSpan.FromSeconds(29));
        await RefreshAsync(refresh).Gives(OK);
        _api.Time.Advance(TimeSpan.FromSeconds(2));
        await RefreshAsync(refresh).Refuses(Unauthorized, "session_revoked");
        await RefreshAsync(next.String("refreshToken")).Refuses(Unauthorized, "session_revoked");
        await MeAsync(next.String("accessToken")).Refuses(Unauthorized, "session_revoked");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM audit_entries WHERE action = 'identity.refresh_reused'"), Is.GreaterThan(0));
    }

    [Test]
    public async Task Refresh_SuccessorIsErasedAfterItsHalfMinute()
    {
        var (_, refresh) = await SignInAsync();
        await RefreshAsync(refresh).Gives(OK);
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM refresh_tokens WHERE successor_sealed LIKE 'v1.%'"), Is.GreaterThan(0));
        _api.Time.Advance(TimeSpan.FromMinutes(2));
        await _api.RunAsync<CleanSessionsJob>();
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM refresh_tokens WHERE successor_sealed IS NOT NULL"), Is.Zero);
    }

    [Test]
    public async Task Refresh_ClockJumpedBackAnHour_DoesNoHarm()
    {
        var (access, refresh) = await SignInAsync();
        var next = await RefreshAsync(refresh).Gives(OK);
        _api.Time.Advance(TimeSpan.FromHours(-1));
        try
        {
            await MeAsync(access).Gives(OK);
            Assert.That((await RefreshAsync(refresh).Gives(OK)).Text, Is.EqualTo(next.Text));
            var later = await RefreshAsync(next.String("refreshToken")).Gives(OK);
            await MeAsync(later.String("accessToken")).Gives(OK);
            // Somebody has gone on, so the oldest is no good; but nobody is thrown out for it.
            await RefreshAsync(refresh).Refuses(Unauthorized, "token_expired");
            await MeAsync(later.String("accessToken")).Gives(OK);
            await SignInAsync();
        }
        finally
        {
            _api.Time.Advance(TimeSpan.FromHours(1));
        }
    }

    [Test]
    public async Task Refresh_NotUsedForAMonth_IsExpired()
    {
        var (_, refresh) = await SignInAsync();
        _api.Time.Advance(TimeSpan.FromDays(31));
        try
        {
            await RefreshAsync(refresh).Refuses(Unauthorized, "token_expired");
        }
        finally
        {
            _api.Time.Advance(TimeSpan.FromDays(-31));
        }
    }

    [TestCase("")]
    [TestCase("mpr_")]
    [TestCase("mpr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("' OR 1=1 --")]
    public async Task Refresh_WithNonsense_IsRefused(string token)
    {
        var answer = await RefreshAsync(token);
        Assert.That(answer.Status, Is.EqualTo(token.Length == 0 ? BadRequest : Unauthorized), answer.Text);
    }

    [Test]
    public async Task Refresh_WithAnAccessToken_IsRefused()
    {
        var (access, refresh) = await SignInAsync();
        await RefreshAsync(access[..200]).Refuses(Unauthorized, "token_invalid");
        await MeAsync(refresh).Refuses(Unauthorized, "token_invalid");
    }

    [Test]
    public async Task Call_WithoutToken_IsTokenInvalid() => await MeAsync(null).Refuses(Unauthorized, "token_invalid");

    [Test]
    public async Task Call_WithExpiredToken_SaysSo()
    {
        var (access, _) = await SignInAsync();
        _api.Time.Advance(TimeSpan.FromMinutes(15));
        try
        {
            await MeAsync(access).Refuses(Unauthorized, "token_expired");
        }
        finally
        {
            _api.Time.Advance(TimeSpan.FromMinutes(-15));
        }
    }

    [Test]
    public async Task Call_WithForgedToken_IsRefused()
    {
        var (access, _) = await SignInAsync();
        await MeAsync(access).Gives(OK);
        var parts = access.Split('.');
        var promoted = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("Citizen", "Administrator", StringComparison.Ordinal)));
        await MeAsync($"{parts[0]}.{promoted}.{parts[2]}").Refuses(Unauthorized, "token_invalid");
        var none = Base64Url.EncodeToString("{\"alg\":\"none\",\"typ\":\"at+jwt\"}"u8);
        await MeAsync($"{none}.{parts[1]}.").Refuses(Unauthorized, "token_invalid");
        await MeAsync($"{access}x").Refuses(Unauthorized, "token_invalid");

        var stranger = SigningKey.New(_api.Time.GetUtcNow(), _api.Time.GetUtcNow());
        var sid = await _api.ScalarAsync<string>("SELECT id FROM sessions ORDER BY id LIMIT 1");
        var (foreign, _) = _api.Services.GetRequiredService<AccessTokens>().Issue(new AccessClaims("01X", sid!, ActorKind.Staff, [Role.Administrator]), new SigningKeys([stranger]));
        await MeAsync(foreign).Refuses(Unauthorized, "token_invalid");
    }

    [Test]
    public async Task SignOut_EndsThisSessionAtOnceAndNoOther()
    {
        var (phone, _) = await SignInAsync("two-devices");
        var (tablet, refresh) = await SignInAsync("two-devices");
        await PostAsync(tablet, "/v1/auth/sign-out").Gives(OK);
        await MeAsync(tablet).Refuses(Unauthorized, "session_revoked");
        await RefreshAsync(refresh).Refuses(Unauthorized, "session_revoked");
        await MeAsync(phone).Gives(OK);
    }

    [Test]
    public async Task SignOutEverywhere_EndsAll()
    {
        var (phone, refresh) = await SignInAsync("everywhere");
        var (tablet, _) = await SignInAsync("everywhere");
        Assert.That((await PostAsync(phone, "/v1/auth/sign-out-everywhere").Gives(OK))["sessions"].GetInt32(), Is.EqualTo(2));
        await MeAsync(phone).Refuses(Unauthorized, "session_revoked");
        await MeAsync(tablet).Refuses(Unauthorized, "session_revoked");
        await RefreshAsync(refresh).Refuses(Unauthorized, "session_revoked");
    }

    [Test]
    public async Task Sessions_AreListedAndEndedOneByOne()
    {
        var (phone, _) = await SignInAsync("lister", "mp/1.4.2 (ios 17.5)");
        var (tablet, _) = await SignInAsync("lister");
        var (stranger, _) = await SignInAsync();
        using var client = new ApiClient(_api.Address, phone, "");
        var listed = await client.GetAsync("/v1/me/sessions").Gives(OK);
        Assert.That(listed["items"].GetArrayLength(), Is.EqualTo(2));
        var items = listed["items"].EnumerateArray().ToList();
        Assert.That(items.Single(i => i.GetProperty("current").GetBoolean()).GetProperty("client").GetString(), Does.StartWith("mp/1.4.2 (ios 17.5)"));
        var other = items.Single(i => !i.GetProperty("current").GetBoolean()).GetProperty("id").GetString();

        using var thief = new ApiClient(_api.Address, stranger, "");
        await thief.DeleteAsync($"/v1/me/sessions/{other}").Refuses(NotFound, "not_found");
        await client.DeleteAsync($"/v1/me/sessions/{other}").Gives(OK);
        await MeAsync(tablet).Refuses(Unauthorized, "session_revoked");
        await MeAsync(phone).Gives(OK);
        await client.DeleteAsync($"/v1/me/sessions/{other}").Refuses(NotFound, "not_found");
    }

    [Test]
    public async Task Session_EndedByAnotherNode_IsRefusedWithinSeconds()
    {
        var (access, _) = await SignInAsync();
        await MeAsync(access).Gives(OK);
        // As another node would: in the database only, past this node's memory.
        await _api.ExecuteAsync("UPDATE sessions SET revoked_at = @now", new { now = _api.Time.GetUtcNow() });
        var refused = false;
        for (var tenths = 0; tenths < 50 && !refused; tenths++)
        {
            await Task.Delay(100);
            refused = (await MeAsync(access)).Status == Unauthorized;
        }
        Assert.That(refused, Is.True);
        await MeAsync(access).Refuses(Unauthorized, "session_revoked");
    }

    [Test]
    public async Task Keys_AreServedWithoutTheirPrivatePart()
    {
        using var nobody = _api.Anonymous();
        var keys = await nobody.GetAsync("/v1/auth/keys").Gives(OK);
        Assert.That(keys["keys"][0].GetProperty("kty").GetString(), Is.EqualTo("EC"));
        Assert.That(keys["keys"][0].TryGetProperty("d", out _), Is.False);
    }

    [Test]
    public async Task Keys_RotateWithoutEndingAnything()
    {
        var (access, _) = await SignInAsync();
        var store = _api.Services.GetRequiredService<SigningKeyStore>();
        var options = _api.Services.GetRequiredService<TokenOptions>();
        var first = store.Current.Signer(_api.Time.GetUtcNow()).Kid;
        _api.Time.Advance(options.SigningKeyLifetime - options.SigningKeyLead + TimeSpan.FromMinutes(1));
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.RotateAsync()));
            Assert.That(store.Current.All, Has.Count.EqualTo(2), "eight at once make one");
            Assert.That(store.Current.Signer(_api.Time.GetUtcNow()).Kid, Is.EqualTo(first), "published, not signing yet");
            var (before, _) = await SignInAsync();
            _api.Time.Advance(options.SigningKeyLead);
            Assert.That(store.Current.Signer(_api.Time.GetUtcNow()).Kid, Is.Not.EqualTo(first));
            var (after, _) = await SignInAsync();
            await MeAsync(after).Gives(OK);
            _api.Time.Advance(TimeSpan.FromMinutes(-50));
            await MeAsync(before).Gives(OK);
            _api.Time.Advance(TimeSpan.FromMinutes(50) + TimeSpan.FromHours(3));
            await store.RotateAsync();
            Assert.That(store.Current.All, Has.Count.EqualTo(1), "the old one is forgotten when its tokens have expired");
        }
        finally
        {
            _api.Time.Advance(-(options.SigningKeyLifetime + TimeSpan.FromMinutes(1) + TimeSpan.FromHours(3)));
        }
    }

    private async Task<(string Access, string Refresh)> SignInAsync(string? openid = null, string? client = null)
    {
        using var nobody = _api.Anonymous();
        (string, string)[] headers = client is null ? [] : [("X-Client", client)];
        var answer = await nobody.SendAsync(HttpMethod.Post, "/v1/auth/wechat/login", new { code = $"test:{openid ?? $"person{Interlocked.Increment(ref _people)}"}" }, headers);
        answer.Gives(OK);
        return (answer.String("tokens.accessToken"), answer.String("tokens.refreshToken"));
    }

    private async Task<Answer> RefreshAsync(string refreshToken)
    {
        using var nobody = _api.Anonymous();
        return await nobody.PostAsync("/v1/auth/refresh", new { refreshToken });
    }

    private Task<Answer> MeAsync(string? token) => CallAsync(token, client => client.GetAsync("/v1/me"));

    private Task<Answer> PostAsync(string token, string path) => CallAsync(token, client => client.PostAsync(path));

    private async Task<Answer> CallAsync(string? token, Func<ApiClient, Task<Answer>> call)
    {
        using var client = new ApiClient(_api.Address, token, "");
        return await call(client);
    }
}
