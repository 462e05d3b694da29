using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Identity;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WeChatSignInTests(Engine engine)
{
    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task SignIn_FirstTime_MakesANewUserWhoNeedsPhoneAndConsent()
    {
        var first = await SignInAsync("test:first").Gives(OK);
        Assert.Multiple(() =>
        {
            Assert.That(first["isNewUser"].GetBoolean(), Is.True);
            Assert.That(first["needPhone"].GetBoolean(), Is.True);
            Assert.That(first["needConsent"].GetBoolean(), Is.True);
            Assert.That(first["phoneProblem"].ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
            Assert.That(first.String("user.kind"), Is.EqualTo("citizen"));
            Assert.That(first.String("user.citizen.contactPreferenceText"), Is.Not.Empty);
            Assert.That(first.Text, Does.Not.Contain("test:first").And.Not.Contain("openid").And.Not.Contain("sessionKey").IgnoreCase, "R32");
            Assert.That(first.Headers.CacheControl?.NoStore, Is.True);
        });
        var again = await SignInAsync("test:first").Gives(OK);
        Assert.That(again["isNewUser"].GetBoolean(), Is.False);
        Assert.That(again.String("user.id"), Is.EqualTo(first.String("user.id")));
    }

    [Test]
    public async Task SignIn_WithPhoneCode_BindsThePhoneInOneCall()
    {
        var signedIn = await SignInAsync("test:phoned", "test-phone:13811110001").Gives(OK);
        Assert.That(signedIn["needPhone"].GetBoolean(), Is.False);
        Assert.That(signedIn.String("user.citizen.phone"), Is.EqualTo("138****0001"));
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM citizens WHERE phone_sealed LIKE '%13811110001%' OR phone_hash LIKE '%13811110001%'"), Is.Zero);
    }

    [Test]
    public async Task SignIn_WithBadPhoneCode_SignsInAndSaysWhy()
    {
        var signedIn = await SignInAsync("test:badphone", "nonsense").Gives(OK);
        Assert.That(signedIn["needPhone"].GetBoolean(), Is.True);
        Assert.That(signedIn.String("phoneProblem.code"), Is.EqualTo("phone_code_invalid"));
    }

    [Test]
    public async Task SignIn_WithPhoneOfAnotherAccount_SignsInWithoutItAndLeavesTheOther()
    {
        var holder = await SignInAsync("test:holder", "test-phone:13811110002").Gives(OK);
        var second = await SignInAsync("test:second", "test-phone:13811110002").Gives(OK);
        Assert.That(second.String("phoneProblem.code"), Is.EqualTo("phone_in_use"));
        Assert.That(second.String("user.id"), Is.Not.EqualTo(holder.String("user.id")));
        using var client = new ApiClient(_api.Address, holder.String("tokens.accessToken"), "");
        Assert.That((await client.GetAsync("/v1/me").Gives(OK)).String("citizen.phone"), Is.EqualTo("138****0002"));
    }

    [TestCase("nonsense", 401, "wechat_code_invalid")]
    [TestCase("test-blocked:someone", 403, "wechat_user_blocked")]
    [TestCase("test-busy", 429, "wechat_too_many")]
    [TestCase("test-unavailable", 503, "wechat_unavailable")]
    [TestCase("test-misconfigured", 503, "wechat_unavailable")]
    public async Task SignIn_RefusedByWeChat_SaysWhatToDo(string code, int status, string expected)
    {
        var refused = await SignInAsync(code).Refuses((System.Net.HttpStatusCode)status, expected);
        Assert.That(refused.Headers.RetryAfter is not null, Is.EqualTo(status is 429 or 503));
    }

    [Test]
    public async Task SignIn_CodeUsedTwice_IsRefusedTheSecondTime()
    {
        await SignInAsync("test:once#1").Gives(OK);
        await SignInAsync("test:once#1").Refuses(Unauthorized, "wechat_code_invalid");
    }

    [TestCase("{}")]
    [TestCase("""{"code":""}""")]
    [TestCase("""{"code":null}""")]
    [TestCase("""{"code":"LONG"}""")]
    public async Task SignIn_WithoutAUsableCode_IsInvalid(string body)
    {
        using var nobody = _api.Anonymous();
        await nobody.PostAsync("/v1/auth/wechat/login", body.Replace("LONG", new string('x', 300), StringComparison.Ordinal)).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task SignIn_TenTimesAtOnceForANewPerson_MakesOneCitizen()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SignInAsync("test:parallel")));
        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(OK), answers[0].Text);
        Assert.That(answers.Select(a => a.String("user.id")).Distinct().Count(), Is.EqualTo(1));
        Assert.That(answers.Count(a => a["isNewUser"].GetBoolean()), Is.EqualTo(1));
    }

    [Test]
    public async Task Phone_TwoPeopleBindOneNumberAtOnce_OneHasIt()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _api.NewCitizenAsync()));
        var answers = await Task.WhenAll(people.Select(p => p.PostAsync("/v1/me/phone", new { code = "test-phone:13811110003" })));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1));
        Assert.That(answers.Where(a => a.Status != OK).Select(a => a.String("code")), Is.All.EqualTo("phone_in_use"));
        foreach (var person in people) person.Dispose();
    }

    private async Task<Answer> SignInAsync(string code, string? phoneCode = null)
    {
        using var nobody = _api.Anonymous();
        return await nobody.PostAsync("/v1/auth/wechat/login", new { code, phoneCode });
    }
}
