using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Tests.Identity;

/// <summary>Every token planted here is wrong in one way only, so that each test shows its own guard.</summary>
public class AccessTokensTests
{
    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private static readonly DateTimeOffset Start = new(2026, 2, 14, 1, 0, 0, TimeSpan.Zero);
    private static readonly AccessClaims Lawyer = new("01STAFF", "01SESSION", ActorKind.Staff, [Role.Lawyer, Role.CentreHead]);

    private readonly Clock _clock = new(Start);
    private readonly TokenOptions _options = new();
    private readonly SigningKey _key = SigningKey.New(Start, Start);

    private AccessTokens Tokens => new(_options, _clock);

    private SigningKeys Keys => new([_key]);

    [SetUp]
    public void SetClock() => _clock.Now = Start;

    [Test]
    public async Task Read_OwnToken_GivesTheClaims()
    {
        var (token, expires) = Tokens.Issue(Lawyer, Keys);
        var (claims, expiresAt, fault) = await Tokens.ReadAsync(token, Keys);
        Assert.That(fault, Is.Null);
        Assert.That(claims!.Roles, Is.EqualTo(Lawyer.Roles));
        Assert.That(claims with { Roles = Lawyer.Roles }, Is.EqualTo(Lawyer));
        Assert.That(expires, Is.EqualTo(Start.AddMinutes(15)));
        Assert.That(expiresAt, Is.EqualTo(expires));
        Assert.That(Part(token, 0), Does.Contain("\"alg\":\"ES256\"").And.Contain(_key.Kid).And.Contain("at+jwt"));
        Assert.That(Part(token, 1), Does.Contain("\"kind\":\"staff\"").And.Contain("\"jti\"").And.Contain("\"iat\"").And.Not.Contain("nbf"));
    }

    [Test]
    public async Task Read_AfterItsLife_IsExpired()
    {
        var (token, _) = Tokens.Issue(Lawyer, Keys);
        _clock.Now = Start.AddMinutes(15);
        Assert.That((await Tokens.ReadAsync(token, Keys)).Fault, Is.EqualTo(TokenFault.Expired));
    }

    [Test]
    public async Task Read_ClockJumpedBackAnHour_IsStillGood()
    {
        var (token, _) = Tokens.Issue(Lawyer, Keys);
        _clock.Now = Start.AddHours(-1);
        Assert.That((await Tokens.ReadAsync(token, Keys)).Fault, Is.Null);
        Assert.That(Tokens.Issue(Lawyer, Keys).Token, Is.Not.Empty, "signing goes on too");
    }

    [Test]
    public async Task Read_SignedByAnotherKey_IsRefused()
    {
        var stranger = SigningKey.New(Start, Start);
        var (token, _) = Tokens.Issue(Lawyer, new SigningKeys([stranger]));
        Assert.That((await Tokens.ReadAsync(token, Keys)).Fault, Is.EqualTo(TokenFault.UnknownKey));
        Assert.That((await Tokens.ReadAsync(Forge(Header(), Payload(), stranger), Keys)).Fault, Is.EqualTo(TokenFault.Invalid), "under our key's name");
    }

    [Test]
    public async Task Read_PlantedInOwnHand_IsGood() =>
        Assert.That((await Tokens.ReadAsync(Forge(Header(), Payload()), Keys)).Fault, Is.Null, "the forgery below is only wrong where it means to be");

    [TestCase("iss", "\"iss\":\"someone-else\"")]
    [TestCase("aud", "\"aud\":\"another-api\"")]
    [TestCase("aud", "\"aud\":\"microplatform-api/step\"")]
    [TestCase("nbf", "\"nbf\":1771031100")]
    [TestCase("sub", "\"sub\":\"\"")]
    [TestCase("sid", "\"sid\":\"\"")]
    [TestCase("kind", "\"kind\":\"king\"")]
    [TestCase("roles", "\"roles\":[\"Lawyer\",\"God\"]")]
    [TestCase("roles", "\"roles\":[]")]
    [TestCase("exp", "\"never\":0")]
    public async Task Read_OneClaimWrong_IsRefused(string claim, string instead) =>
        Assert.That((await Tokens.ReadAsync(Forge(Header(), Payload(claim, instead)), Keys)).Fault, Is.EqualTo(TokenFault.Invalid));

    [TestCase("none")]
    [TestCase("None")]
    [TestCase("nOnE")]
    public async Task Read_AlgorithmNone_IsRefused(string none)
    {
        var unsigned = $"{Encode(Header(none))}.{Encode(Payload())}.";
        Assert.That((await Tokens.ReadAsync(unsigned, Keys)).Fault, Is.Not.Null);
        Assert.That((await Tokens.ReadAsync(Forge(Header(none), Payload()), Keys)).Fault, Is.Not.Null);
    }

    [Test]
    public async Task Read_HmacKeyedWithThePublicKey_IsRefused()
    {
        var input = $"{Encode(Header("HS256"))}.{Encode(Payload())}";
        var jwk = Keys.ToJwks().Keys[0];
        byte[][] guesses =
        [
            Encoding.UTF8.GetBytes(jwk.X + jwk.Y), Encoding.UTF8.GetBytes(_key.Security.ECDsa.ExportSubjectPublicKeyInfoPem()),
            _key.Security.ECDsa.ExportSubjectPublicKeyInfo(),
        ];
        foreach (var guess in guesses)
        {
            var token = $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(guess, Encoding.ASCII.GetBytes(input)))}";
            Assert.That((await Tokens.ReadAsync(token, Keys)).Fault, Is.Not.Null);
        }
    }

    [Test]
    public async Task Read_ThePayloadChanged_IsRefused()
    {
        var parts = Tokens.Issue(Lawyer, Keys).Token.Split('.');
        var promoted = Encode(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("CentreHead", "Administrator", StringComparison.Ordinal));
        Assert.That((await Tokens.ReadAsync($"{parts[0]}.{promoted}.{parts[2]}", Keys)).Fault, Is.EqualTo(TokenFault.Invalid));
    }

    [Test]
    public async Task Read_AnotherType_IsRefused() =>
        Assert.That((await Tokens.ReadAsync(Forge(Header().Replace("at+jwt", "JWT", StringComparison.Ordinal), Payload()), Keys)).Fault, Is.EqualTo(TokenFault.Invalid));

    [TestCase("")]
    [TestCase("a.b.c")]
    [TestCase("..")]
    [TestCase("not a token at all")]
    [TestCase("eyJhbGciOiJFUzI1NiJ9.e30.AAAA")]
    public async Task Read_Nonsense_IsRefused(string text) => Assert.That((await Tokens.ReadAsync(text, Keys)).Fault, Is.Not.Null);

    [Test]
    public async Task Read_Monster_IsRefusedUnread() =>
        Assert.That((await Tokens.ReadAsync(new string('a', 1_000_000) + ".b.c", Keys)).Fault, Is.EqualTo(TokenFault.Invalid));

    [Test]
    public async Task Step_IsNoAccessTokenAndTheOtherWayRound()
    {
        var (step, _) = Tokens.IssueStep(new StepClaims("01STAFF", "change-password", 3), Keys);
        Assert.That((await Tokens.ReadStepAsync(step, Keys)).Claims, Is.EqualTo(new StepClaims("01STAFF", "change-password", 3)));
        Assert.That((await Tokens.ReadAsync(step, Keys)).Fault, Is.EqualTo(TokenFault.Invalid));
        Assert.That((await Tokens.ReadStepAsync(Tokens.Issue(Lawyer, Keys).Token, Keys)).Fault, Is.EqualTo(TokenFault.Invalid));
    }

    [Test]
    public async Task Rotation_NewKey_IsKnownBeforeItSignsAndTheOldOneVerifiesAfter()
    {
        var next = SigningKey.New(Start, Start.AddHours(1));
        var both = new SigningKeys([next, _key]);
        Assert.That(both.Signer(Start.AddMinutes(59)).Kid, Is.EqualTo(_key.Kid));
        Assert.That(both.Signer(Start.AddMinutes(60)).Kid, Is.EqualTo(next.Kid));
        Assert.That(both.Signer(Start.AddHours(-5)).Kid, Is.EqualTo(_key.Kid), "a clock behind all of them");
        Assert.That(both.ToJwks().Keys.Select(k => k.Kid), Is.EquivalentTo(new[] { _key.Kid, next.Kid }));

        _clock.Now = Start.AddMinutes(59);
        var (token, _) = Tokens.Issue(Lawyer, both);
        _clock.Now = Start.AddMinutes(70);
        Assert.That((await Tokens.ReadAsync(token, both)).Fault, Is.Null);
    }

    [Test]
    public void Rotation_IsDueOneLeadBeforeTheEndOfTheLifetime()
    {
        var due = Start + _options.SigningKeyLifetime - _options.SigningKeyLead;
        Assert.That(Keys.NeedsSuccessor(due.AddSeconds(-1), _options), Is.False);
        Assert.That(Keys.NeedsSuccessor(due, _options), Is.True);
        Assert.That(new SigningKeys([]).NeedsSuccessor(Start, _options), Is.True);
    }

    [Test]
    public async Task SigningKey_ExportedAndImported_IsTheSameKey()
    {
        var again = SigningKey.Import(_key.Export(), _key.CreatedAt, _key.ActiveFrom, null);
        Assert.That(again.Kid, Is.EqualTo(_key.Kid));
        Assert.That((await Tokens.ReadAsync(Tokens.Issue(Lawyer, new SigningKeys([again])).Token, Keys)).Fault, Is.Null);
        Assert.That(System.Text.Json.JsonSerializer.Serialize(Keys.ToJwks()), Does.Not.Contain("\"D\""), "the JWKS has no private part");
    }

    [Test]
    public void RefreshToken_IsLongAndKnownByItsHashOnly()
    {
        var token = RefreshToken.New();
        Assert.That(token, Does.Match("^mpr_[A-Za-z0-9_-]{43}$"));
        Assert.That(RefreshToken.HashOf(token), Has.Length.EqualTo(43));
        Assert.That(RefreshToken.HashOf(token + "A"), Is.Null);
        Assert.That(RefreshToken.HashOf(null), Is.Null);
    }

    private string Header(string alg = "ES256") => $$"""{"alg":"{{alg}}","kid":"{{_key.Kid}}","typ":"at+jwt"}""";

    /// <summary>A payload as the platform writes it, with one claim replaced.</summary>
    private static string Payload(string? claim = null, string? instead = null)
    {
        Dictionary<string, string> claims = new()
        {
            ["iss"] = "\"iss\":\"microplatform\"", ["aud"] = "\"aud\":\"microplatform-api\"", ["sub"] = "\"sub\":\"01STAFF\"", ["sid"] = "\"sid\":\"01SESSION\"",
            ["kind"] = "\"kind\":\"staff\"", ["roles"] = "\"roles\":[\"Lawyer\"]", ["exp"] = "\"exp\":1771031000",
        };
        if (claim is not null) claims[claim] = instead!;
        return $"{{{string.Join(',', claims.Values)}}}";
    }

    private string Forge(string header, string payload, SigningKey? with = null)
    {
        var input = $"{Encode(header)}.{Encode(payload)}";
        return $"{input}.{Base64Url.EncodeToString((with ?? _key).Security.ECDsa.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static string Part(string token, int index) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[index]));
}
