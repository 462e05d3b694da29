using System.Text.RegularExpressions;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Identity;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Identity;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class StaffSignInTests(Engine engine)
{
    private TestApi _api = null!;
    private ApiClient _admin = null!;
    private int _people;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine, ["Identity:Passwords:Iterations=1000", "Administration:SecondAdministrator=false"]);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    /// <summary>Every test tries from one address, which has its own count.</summary>
    [SetUp]
    public async Task ForgetFailures()
    {
        await _api.ExecuteAsync("DELETE FROM login_throttles");
        _admin = await _api.NewStaffAsync(Role.Administrator);
    }

    [TearDown]
    public void SignOutAdministrator() => _admin.Dispose();

    [Test]
    public async Task SignIn_FirstTime_ChangesPasswordEnrolsAndIsIn()
    {
        var (userName, first) = await NewAccountAsync();
        using var nobody = _api.Anonymous();

        var change = await SignInAsync(userName, first).Refuses(Forbidden, "password_change_required");
        var step = change.String("stepToken");
        await WithToken(step).GetAsync("/v1/me").Refuses(Unauthorized, "token_invalid");
        await nobody.PostAsync("/v1/auth/staff/totp", new { stepToken = step }).Refuses(Forbidden, "step_token_invalid");
        var weak = await nobody.PostAsync("/v1/auth/staff/password", new { stepToken = step, newPassword = "12345" }).Refuses(UnprocessableEntity, "password_weak");
        Assert.That(weak["errors.newPassword"][0].GetString(), Does.Contain("至少"));
        await nobody.PostAsync("/v1/auth/staff/password", new { stepToken = step, newPassword = first }).Refuses(UnprocessableEntity, "password_weak");

        const string Mine = "pear-blossom in march";
        var changed = await nobody.PostAsync("/v1/auth/staff/password", new { stepToken = step, newPassword = Mine }).Gives(OK);
        await nobody.PostAsync("/v1/auth/staff/password", new { stepToken = step, newPassword = Mine + "!" }).Refuses(Forbidden, "step_token_invalid");
        await SignInAsync(userName, first).Refuses(Unauthorized, "credentials_invalid");
        await SignInAsync(userName, Mine).Refuses(Forbidden, "totp_enrolment_required");

        var enrolStep = changed.String("stepToken");
        var enrolment = await nobody.PostAsync("/v1/auth/staff/totp", new { stepToken = enrolStep }).Gives(OK);
        Assert.That(enrolment.String("otpauthUri"), Does.StartWith("otpauth://totp/").And.Contains(userName));
        Assert.That(enrolment.String("qrSvg"), Does.StartWith("<svg"));
        var secret = FromBase32(enrolment.String("secret"));
        await nobody.PostAsync("/v1/auth/staff/totp/confirmation", new { stepToken = enrolStep, code = "000000" }).Refuses(Forbidden, "totp_invalid");
        var signedIn = await nobody.PostAsync("/v1/auth/staff/totp/confirmation", new { stepToken = enrolStep, code = CodeNow(secret) }).Gives(OK);
        Assert.That(signedIn["user.staff.totpEnrolled"].GetBoolean(), Is.True);
        await WithToken(signedIn.String("tokens.accessToken")).GetAsync("/v1/me").Gives(OK);

        await SignInAsync(userName, Mine).Refuses(Forbidden, "totp_required");
        await SignInAsync(userName, Mine, CodeNow(secret)).Refuses(Forbidden, "totp_invalid");
        _api.Time.Advance(TimeSpan.FromSeconds(30));
        await SignInAsync(userName.ToUpperInvariant(), Mine, CodeNow(secret)).Gives(OK);
        await SignInAsync(userName, Mine, CodeNow(secret)).Refuses(Forbidden, "totp_invalid");
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM staff_members WHERE totp_sealed NOT LIKE 'v1.%'"), Is.Zero);
    }

    [Test]
    public async Task SignIn_OneCodeTenTimesAtOnce_IsAcceptedOnce()
    {
        var (userName, password, secret) = await EnrolledAsync();
        _api.Time.Advance(TimeSpan.FromSeconds(30));
        var code = CodeNow(secret);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SignInAsync(userName, password, code)));
        Assert.That(answers.Count(a => a.Status == OK), Is.EqualTo(1), string.Join('\n', answers.Select(a => a.Text)));
    }

    [Test]
    public async Task SignIn_FiveWrong_LocksTheAccountAndDoubles()
    {
        var (userName, password, secret) = await EnrolledAsync();
        for (var n = 0; n < 5; n++) await SignInAsync(userName, "wrong password").Refuses(Unauthorized, "credentials_invalid");
        var locked = await SignInAsync(userName, password, CodeNow(secret)).Refuses(TooManyRequests, "login_locked");
        Assert.That(locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds, Is.InRange(800, 900));

        _api.Time.Advance(TimeSpan.FromMinutes(16));
        for (var n = 0; n < 5; n++) await SignInAsync(userName, "wrong password").Refuses(Unauthorized, "credentials_invalid");
        locked = await SignInAsync(userName, password).Refuses(TooManyRequests, "login_locked");
        Assert.That(locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds, Is.InRange(1700, 1800));

        await _api.RestartAsync(["Identity:Passwords:Iterations=1000", "Administration:SecondAdministrator=false"]);
        await SignInAsync(userName, password).Refuses(TooManyRequests, "login_locked");
        _api.Time.Advance(TimeSpan.FromMinutes(31));
        await SignInAsync(userName, password, CodeNow(secret)).Gives(OK);
        await SignInAsync(userName, "wrong password").Refuses(Unauthorized, "credentials_invalid");
        _api.Time.Advance(TimeSpan.FromSeconds(30));
        await SignInAsync(userName, password, CodeNow(secret)).Gives(OK);
    }

    [Test]
    public async Task SignIn_UnknownUser_IsTreatedLikeAKnownOne()
    {
        var (known, _) = await NewAccountAsync();
        foreach (var userName in new[] { known, "nobody.at.all" })
        {
            for (var n = 0; n < 5; n++)
            {
                var answer = await SignInAsync(userName, "wrong password").Refuses(Unauthorized, "credentials_invalid");
                Assert.That(answer.String("title"), Is.EqualTo("用户名或密码错误"));
            }
            await SignInAsync(userName, "wrong password").Refuses(TooManyRequests, "login_locked");
        }
    }

    [Test]
    public async Task SignIn_ManyNamesFromOneAddress_LocksTheAddress()
    {
        for (var n = 0; n < Throttle.PerAddress; n++) await SignInAsync($"guess{n}", "wrong password").Refuses(Unauthorized, "credentials_invalid");
        await SignInAsync("guess-another", "wrong password").Refuses(TooManyRequests, "login_locked");
    }

    [Test]
    public async Task SignIn_FiftyGuessesAtOnce_AreNoMoreThanFive()
    {
        var (userName, _) = await NewAccountAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PatientlyAsync(() => SignInAsync(userName, "wrong password"))));
        Assert.That(answers.Count(a => a.Status == Unauthorized), Is.EqualTo(5));
        Assert.That(answers.Count(a => a.Status == TooManyRequests), Is.EqualTo(45));
    }

    [Test]
    public async Task SignIn_WrongCodes_LockToo()
    {
        var (userName, password, secret) = await EnrolledAsync();
        for (var n = 0; n < 5; n++) await SignInAsync(userName, password, "123456").Refuses(Forbidden, "totp_invalid");
        await SignInAsync(userName, password, CodeNow(secret)).Refuses(TooManyRequests, "login_locked");
    }

    [Test]
    public async Task Unlock_ByAdministrator_LetsInAgain()
    {
        var (userName, password, secret) = await EnrolledAsync();
        for (var n = 0; n < 5; n++) await SignInAsync(userName, "wrong password").Refuses(Unauthorized, "credentials_invalid");
        var account = await FindAsync(userName);
        Assert.That(account.GetProperty("lockedUntil").GetString(), Is.Not.Null);
        var unlocked = await _admin.PostAsync($"/v1/admin/staff-accounts/{account.GetProperty("id").GetString()}/unlocking").Gives(OK);
        Assert.That(unlocked["lockedUntil"].ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
        _api.Time.Advance(TimeSpan.FromSeconds(30));
        await SignInAsync(userName, password, CodeNow(secret)).Gives(OK);
    }

    [Test]
    public async Task Reset_ByAdministrator_EndsSessionsAndDoesNotGetRoundTheSecondFactor()
    {
        var (userName, password, secret) = await EnrolledAsync();
        _api.Time.Advance(TimeSpan.FromSeconds(30));
        var token = (await SignInAsync(userName, password, CodeNow(secret)).Gives(OK)).String("tokens.accessToken");
        var id = (await FindAsync(userName)).GetProperty("id").GetString();

        var temporary = (await _admin.PostAsync($"/v1/admin/staff-accounts/{id}/password-reset").Gives(OK)).String("temporaryPassword");
        await WithToken(token).GetAsync("/v1/me").Refuses(Unauthorized, "session_revoked");
        await SignInAsync(userName, password).Refuses(Unauthorized, "credentials_invalid");
        await SignInAsync(userName, temporary).Refuses(Forbidden, "totp_required");
        _api.Time.Advance(TimeSpan.FromSeconds(30));
        var step = (await SignInAsync(userName, temporary, CodeNow(secret)).Refuses(Forbidden, "password_change_required")).String("stepToken");
        using var nobody = _api.Anonymous();
        var changed = await nobody.PostAsync("/v1/auth/staff/password", new { stepToken = step, newPassword = "another pear-blossom" }).Gives(OK);
        await WithToken(changed.String("tokens.accessToken")).GetAsync("/v1/me").Gives(OK);

        await _admin.PostAsync($"/v1/admin/staff-accounts/{id}/totp-reset").Gives(OK);
        await SignInAsync(userName, "another pear-blossom", CodeNow(secret)).Refuses(Forbidden, "totp_enrolment_required");
    }

    [Test]
    public async Task ChangePassword_EndsOtherSessions()
    {
        var (userName, password, secret) = await EnrolledAsync();
        _api.Time.Advance(TimeSpan.FromSeconds(30));
        var other = (await SignInAsync(userName, password, CodeNow(secret)).Gives(OK)).String("tokens.accessToken");
        _api.Time.Advance(TimeSpan.FromSeconds(30));
        var mine = (await SignInAsync(userName, password, CodeNow(secret)).Gives(OK)).String("tokens.accessToken");
        using var client = WithToken(mine);
        await client.PutAsync("/v1/me/password", new { currentPassword = "wrong password", newPassword = "quite another one" }).Refuses(UnprocessableEntity, "password_wrong");
        await client.PutAsync("/v1/me/password", new { currentPassword = password, newPassword = "short" }).Refuses(UnprocessableEntity, "password_weak");
        await client.PutAsync("/v1/me/password", new { currentPassword = password, newPassword = "quite another one" }).Gives(OK);
        await client.GetAsync("/v1/me").Gives(OK);
        await WithToken(other).GetAsync("/v1/me").Refuses(Unauthorized, "session_revoked");
    }

    [Test]
    public async Task Disable_EndsSessionsAndRefusesSignInWithoutSayingSo()
    {
        var (userName, password, secret) = await EnrolledAsync();
        _api.Time.Advance(TimeSpan.FromSeconds(30));
        var signedIn = await SignInAsync(userName, password, CodeNow(secret)).Gives(OK);
        var id = (await FindAsync(userName)).GetProperty("id").GetString();
        await _admin.PostAsync($"/v1/admin/staff-accounts/{id}/disabling").Gives(OK);
        await WithToken(signedIn.String("tokens.accessToken")).GetAsync("/v1/me").Refuses(Unauthorized, "session_revoked");
        using var nobody = _api.Anonymous();
        await nobody.PostAsync("/v1/auth/refresh", new { refreshToken = signedIn.String("tokens.refreshToken") }).Refuses(Unauthorized, "session_revoked");
        await SignInAsync(userName, password, CodeNow(secret)).Refuses(Unauthorized, "credentials_invalid");
        await _admin.PostAsync($"/v1/admin/staff-accounts/{id}/enabling").Gives(OK);
        _api.Time.Advance(TimeSpan.FromSeconds(30));
        await SignInAsync(userName, password, CodeNow(secret)).Gives(OK);
    }

    [Test]
    public async Task StepToken_AfterTenMinutes_IsDead()
    {
        var (userName, first) = await NewAccountAsync();
        var step = (await SignInAsync(userName, first).Refuses(Forbidden, "password_change_required")).String("stepToken");
        _api.Time.Advance(TimeSpan.FromMinutes(10));
        using var nobody = _api.Anonymous();
        await nobody.PostAsync("/v1/auth/staff/password", new { stepToken = step, newPassword = "pear-blossom in march" }).Refuses(Forbidden, "step_token_invalid");
    }

    private async Task<(string UserName, string Password)> NewAccountAsync()
    {
        var userName = $"zhang.{Interlocked.Increment(ref _people)}";
        var created = await _admin.PostAsync("/v1/admin/staff-accounts", new
        {
            userName, name = "张律师", posts = new[] { new { organisationId = MicroPlatform.Api.Hosting.DemoDistrict.AidCentre, role = "lawyer" } },
        }).Gives(Created);
        return (userName, created.String("temporaryPassword"));
    }

    private async Task<(string UserName, string Password, byte[] Secret)> EnrolledAsync()
    {
        var (userName, first) = await NewAccountAsync();
        using var nobody = _api.Anonymous();
        var step = (await SignInAsync(userName, first)).String("stepToken");
        const string Password = "pear-blossom in march";
        step = (await nobody.PostAsync("/v1/auth/staff/password", new { stepToken = step, newPassword = Password }).Gives(OK)).String("stepToken");
        var secret = FromBase32((await nobody.PostAsync("/v1/auth/staff/totp", new { stepToken = step }).Gives(OK)).String("secret"));
        await nobody.PostAsync("/v1/auth/staff/totp/confirmation", new { stepToken = step, code = CodeNow(secret) }).Gives(OK);
        return (userName, Password, secret);
    }

    private async Task<System.Text.Json.JsonElement> FindAsync(string userName) =>
        (await _admin.GetAsync("/v1/admin/staff-accounts?limit=100").Gives(OK))["items"].EnumerateArray().Single(a => a.GetProperty("userName").GetString() == userName);

    private async Task<Answer> SignInAsync(string userName, string password, string? code = null)
    {
        using var nobody = _api.Anonymous();
        return await nobody.PostAsync("/v1/auth/staff/login", new { userName, password, code });
    }

    private ApiClient WithToken(string token) => new(_api.Address, token, "");

    private string CodeNow(byte[] secret) => Totp.CodeAt(secret, Totp.StepAt(_api.Time.GetUtcNow()));

    private static async Task<Answer> PatientlyAsync(Func<Task<Answer>> send)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await send();
            if (answer.Status != ServiceUnavailable || attempt == 20) return answer;
            await Task.Delay(50);
        }
    }

    internal static byte[] FromBase32(string text)
    {
        var bits = string.Concat(Regex.Replace(text, @"\s", "").Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
