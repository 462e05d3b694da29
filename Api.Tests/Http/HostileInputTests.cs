using System.Net;
using System.Net.Sockets;
using System.Text;
using MicroPlatform.Api.Tests.Consultations;
using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>Requests that no honest client sends. Each gets a stable code, and nothing is half-written.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class HostileInputTests(Engine engine)
{
    private const string Ask = "/v1/consultations";

    private TestApi _api = null!;
    private ApiClient _citizen = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(engine);
        _citizen = await _api.NewCitizenAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _citizen?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
    }

    [TearDown]
    public async Task NothingWasWritten() =>
        Assert.That(await _api.ScalarAsync<long>("SELECT COUNT(*) FROM matters WHERE citizen_id = @Id", new { _citizen.Id }), Is.Zero);

    [TestCase("", TestName = "Empty")]
    [TestCase("{", TestName = "Cut off")]
    [TestCase("{\"text\":}", TestName = "No value")]
    [TestCase("{'text':'x'}", TestName = "Single quotes")]
    [TestCase("{\"text\":\"x\",}", TestName = "Trailing comma")]
    [TestCase("{\"text\":NaN}", TestName = "NaN")]
    [TestCase("<xml/>", TestName = "XML")]
    [TestCase("null", TestName = "null")]
    [TestCase("[]", TestName = "Array")]
    [TestCase("\"text\"", TestName = "String")]
    [TestCase("{\"categoryCode\":\"0201\",\"regionCode\":\"341602101\",\"text\":\"\\ud800\"}", TestName = "Half a surrogate pair")]
    [TestCase("{\"categoryCode\":\"0201\",\"regionCode\":\"341602101\",\"text\":\"\\udc00\\ud800\"}", TestName = "Surrogates the wrong way round")]
    public async Task Body_NotJsonOrNotAnObject_IsMalformed(string body)
    {
        var answer = (await _citizen.PostAsync(Ask, body)).Gives(BadRequest);
        Assert.That(answer.String("code"), Is.AnyOf("json_malformed", "validation_failed"), answer.Text);
    }

    [Test]
    public async Task Body_TenThousandDeep_IsMalformed()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);
        await _citizen.PostAsync(Ask, deep).Refuses(BadRequest, "json_malformed");
        await _citizen.PostAsync(Ask, new string('[', 10_000)).Refuses(BadRequest, "json_malformed");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Body_OfFiftyMegabytes_IsRefusedUnread(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_api.Address, Ask)) { Content = new Flood(50 * 1024 * 1024, chunked) };
        request.Headers.Authorization = new("Bearer", _citizen.Token);
        request.Headers.ExpectContinue = true;
        using var http = new HttpClient();
        try
        {
            using var response = await http.SendAsync(request);
            Assert.That(response.StatusCode, Is.EqualTo(RequestEntityTooLarge));
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("body_too_large"));
        }
        catch (HttpRequestException) when (chunked)
        {
            // The server has answered and hung up while this client was still sending: it may not get to read the answer.
        }
        await _citizen.GetAsync("/v1/matters").Gives(OK);
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("application/xml")]
    [TestCase(null)]
    public async Task Body_OfAnotherType_IsUnsupported(string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{\"text\":\"x\"}"));
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
        await _citizen.PostAsync(Ask, content).Refuses(UnsupportedMediaType, "unsupported_media_type");
    }

    [TestCase("1")]
    [TestCase("true")]
    [TestCase("[]")]
    [TestCase("{}")]
    public async Task Field_OfAnotherType_IsNamed(string value)
    {
        var answer = await _citizen.PostAsync(Ask, $$"""{"categoryCode":"0201","regionCode":"341602101","text":{{value}}}""").Refuses(BadRequest, "validation_failed");
        Assert.That(answer["errors"].TryGetProperty("text", out _), Is.True, answer.Text);
    }

    [TestCase("0")]
    [TestCase("\"Visible2\"")]
    [TestCase("\"1\"")]
    [TestCase("\"visible,hidden\"")]
    public async Task Enum_ThatIsNone_IsNamed(string value)
    {
        var answer = await _citizen.PostAsync(Ask, $$"""{"categoryCode":"0201","regionCode":"341602101","text":"问题问题","contactPreference":{{value}}}""").Refuses(BadRequest, "validation_failed");
        Assert.That(answer["errors"].TryGetProperty("contactPreference", out _), Is.True, answer.Text);
    }

    [TestCase("key with spaces")]
    [TestCase("键")]
    [TestCase("'; DROP TABLE idempotency_keys; --")]
    [TestCase("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task IdempotencyKey_Malformed_IsRefused(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_api.Address, Ask));
        request.Headers.Authorization = new("Bearer", _citizen.Token);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        request.Content = new StringContent("""{"categoryCode":"0201","regionCode":"341602101","text":"问题问题"}""", Encoding.UTF8, "application/json");
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var http = new HttpClient(handler);
        using var response = await http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(BadRequest));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("idempotency_key_invalid").Or.Empty);
    }

    [TestCase("/v1/matters?limit=0")]
    [TestCase("/v1/matters?limit=101")]
    [TestCase("/v1/matters?limit=x")]
    [TestCase("/v1/matters?limit=2147483648")]
    [TestCase("/v1/matters?limit=5&limit=6")]
    [TestCase("/v1/matters?limit=")]
    public async Task Limit_OutOfBounds_IsRefusedOrDefault(string path)
    {
        var answer = await _citizen.GetAsync(path);
        if (path.EndsWith('=')) Assert.That(answer.Status, Is.AnyOf(OK, BadRequest), answer.Text);
        else answer.Refuses(BadRequest, "validation_failed");
    }

    [TestCase("x")]
    [TestCase("AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("%00")]
    [TestCase("' OR 1=1 --")]
    [TestCase("a&cursor=b")]
    public async Task Cursor_NotOurs_IsRefused(string cursor) => await _citizen.GetAsync($"/v1/matters?cursor={cursor}").Refuses(BadRequest, "cursor_invalid");

    [Test]
    public async Task Cursor_OfTwoThousandCharacters_IsRefused() => await _citizen.GetAsync($"/v1/matters?cursor={new string('A', 2000)}").Refuses(BadRequest, "cursor_invalid");

    [TestCase("GET", "/v2/matters", NotFound, "route_not_found")]
    [TestCase("GET", "/v1/matters/../../etc/passwd", NotFound, "route_not_found")]
    [TestCase("DELETE", "/v1/matters", MethodNotAllowed, "method_not_allowed")]
    [TestCase("PATCH", "/v1/matters", MethodNotAllowed, "method_not_allowed")]
    [TestCase("TRACE", "/v1/matters", MethodNotAllowed, "method_not_allowed")]
    [TestCase("OPTIONS", "/v1/matters", MethodNotAllowed, "method_not_allowed")]
    [TestCase("BREW", "/v1/matters", MethodNotAllowed, "method_not_allowed")]
    [TestCase("GET", "/v1/live", BadRequest, "websocket_expected")]
    public async Task Address_OrMethod_ThatIsNotThere_IsToldSignedInOrNot(string method, string path, HttpStatusCode status, string code)
    {
        using var anybody = _api.Anonymous();
        (await _citizen.SendAsync(new HttpMethod(method), path, null)).Refuses(status, code);
        (await anybody.SendAsync(new HttpMethod(method), path, null)).Refuses(status, code);
    }

    [Test]
    public async Task Head_IsNotAMethodHere()
    {
        var answer = await _citizen.SendAsync(HttpMethod.Head, "/v1/matters", null);
        Assert.That(answer.Status, Is.EqualTo(MethodNotAllowed));
        Assert.That(answer.ContentHeaders.Allow, Does.Contain("GET"));
    }

    [Test]
    public async Task Header_TooLarge_IsRefusedByTheServer()
    {
        var answer = await _citizen.GetAsync("/v1/matters", ("X-Client", new string('a', 40_000)));
        Assert.That(answer.Status, Is.EqualTo(RequestHeaderFieldsTooLarge));
    }

    [TestCase("Bearer")]
    [TestCase("Bearer ")]
    [TestCase("Basic YWRtaW46YWRtaW4=")]
    [TestCase("Bearer a.b.c")]
    [TestCase("Bearer null")]
    public async Task Authorization_ThatIsNone_Is401(string value)
    {
        using var anybody = _api.Anonymous();
        var answer = await anybody.GetAsync("/v1/matters", ("Authorization", value)).Gives(Unauthorized);
        Assert.That(answer.String("code"), Is.AnyOf("token_invalid", "token_missing"));
    }

    [Test]
    public async Task Field_ThatIsUnknown_IsIgnored()
    {
        using var other = await _api.NewCitizenAsync();
        await other.PostAsync(Ask, """{"categoryCode":"0201","regionCode":"341602101","text":"问题问题","citizenId":"someone-else","state":"closed","__proto__":{"a":1}}""").Gives(Created);
    }

    [Test]
    public async Task Wire_ThatIsNotHttp_DoesNotHurt()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_api.Address.Host, _api.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("\0\0\0 nonsense\r\n\r\n"));
        var buffer = new byte[256];
        var read = await client.GetStream().ReadAsync(buffer);
        Assert.That(Encoding.ASCII.GetString(buffer, 0, read), Does.StartWith("HTTP/1.1 400").Or.Empty);
        await _citizen.GetAsync("/v1/matters").Gives(OK);
    }

    /// <summary>Looks at what was asked and nothing else: <see cref="ConsultationTests"/> has the SQL in texts.</summary>
    [Test]
    public async Task Ids_ThatAreNone_AreNotFound()
    {
        foreach (var id in new[] { "1", "'; DROP TABLE matters; --", "01ABCDEF0000000000000000ZZ", "01abcdef0000000000000000zz", new string('0', 200), "%F0%9F%98%80", "null" })
            await _citizen.GetAsync($"/v1/matters/{Uri.EscapeDataString(Uri.UnescapeDataString(id))}").Refuses(NotFound, "not_found");
    }

    private sealed class Flood(long length, bool chunked) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var piece = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
            for (long sent = 0; sent < length; sent += piece.Length) await stream.WriteAsync(piece);
        }

        protected override bool TryComputeLength(out long computed)
        {
            Headers.ContentType ??= new("application/json");
            computed = length;
            return !chunked;
        }
    }
}
