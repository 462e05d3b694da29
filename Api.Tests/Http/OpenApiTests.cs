using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>The contract: committed, true, whole, and usable by those who read it.</summary>
public sealed partial class OpenApiTests
{
    private TestApi _api = null!;
    private JsonObject _document = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _api = await TestApi.StartAsync(Engine.Embedded);
        using var anybody = _api.Anonymous();
        _document = JsonNode.Parse((await anybody.GetAsync("/openapi.json").Gives(OK)).Text)!.AsObject();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Committed_IsWhatTheProgramServes()
    {
        using var anybody = _api.Anonymous();
        var served = (await anybody.GetAsync("/openapi.yaml").Gives(OK)).Text;
        CommittedFile.IsUpToDate("openapi.yaml", served, "dotnet run --project Api -- openapi > openapi.yaml");
    }

    [Test]
    public void Refusals_HaveUniqueSnakeCaseCodesAndChineseTitles() => Assert.Multiple(() =>
    {
        foreach (var twice in ProblemCatalogue.All.GroupBy(r => r.Code).Where(g => g.Count() > 1)) Assert.Fail($"Two refusals share the code {twice.Key}");
        foreach (var refusal in ProblemCatalogue.All)
        {
            Assert.That(refusal.Code, Does.Match("^[a-z][a-z0-9]*(_[a-z0-9]+)*$"));
            Assert.That(refusal.Title, Does.Match(@"\p{IsCJKUnifiedIdeographs}").And.Not.EndsWith("。"), refusal.Code);
        }
    });

    [Test]
    public void Codes_AreEnumerated()
    {
        var codes = _document["components"]!["schemas"]!["ProblemCode"]!["enum"]!.AsArray().Select(c => c!.GetValue<string>());
        Assert.That(codes, Is.EqualTo(ProblemCatalogue.All.Select(r => r.Code)));
    }

    [Test]
    public void Operations_HaveNameChineseSummaryTagAndCommonRefusals() => Assert.Multiple(() =>
    {
        foreach (var (where, operation) in Each())
        {
            Assert.That((string?)operation["operationId"], Does.Match("^[a-z][A-Za-z0-9]+$"), where);
            Assert.That((string?)operation["summary"], Does.Match(@"\p{IsCJKUnifiedIdeographs}"), where);
            Assert.That(operation["tags"]?.AsArray().Count, Is.EqualTo(1), where);
            Assert.That((string?)operation["description"], Is.Not.Empty.And.Not.Null, $"{where}: put a /// summary on the use case's class");
            string[] expected = operation["security"] is null ? ["426", "429", "500", "503"] : ["401", "403", "426", "429", "500", "503"];
            Assert.That(operation["responses"]!.AsObject().Select(r => r.Key), Is.SupersetOf(expected), where);
            if (where.StartsWith("post", StringComparison.Ordinal)) Assert.That(operation["parameters"]!.ToJsonString(), Does.Contain("IdempotencyKey"), where);
        }
        Assert.That(Each().Select(o => (string?)o.Operation["operationId"]), Is.Unique);
    });

    /// <summary>Writes of administrators that need no trying out: they read, repeat what is derived, make a secret, or are answers themselves.</summary>
    private static readonly string[] NotTriedOut =
    [
        "abandonDeadLetter", "pingPartnerWebhook", "rebuildAvailability", "rebuildQueues", "refuseApproval", "replayDeadLetter", "resetStaffPassword", "revokeSession", "rotatePartnerSecret",
        "rotatePartnerWebhookSecret", "runJob", "searchAllMatters", "unlockStaffAccount", "withdrawApproval",
    ];

    [Test]
    public void AdministratorsWrites_CanBeTriedOut() =>
        Assert.That(
            Each().Where(o => o.Where.Contains(" /v1/admin/", StringComparison.Ordinal) && !o.Where.StartsWith("get", StringComparison.Ordinal) && !o.Operation["parameters"]!.ToJsonString().Contains("validateOnly", StringComparison.Ordinal))
                .Select(o => (string?)o.Operation["operationId"]),
            Is.EquivalentTo(NotTriedOut));

    [Test]
    public void Operations_WithBodies_HaveExamples() => Assert.Multiple(() =>
    {
        foreach (var (where, operation) in Each())
        {
            if (operation["requestBody"]?["content"]?["application/json"] is { } body && (bool?)operation["requestBody"]!["required"] == true)
                Assert.That(body["example"], Is.Not.Null, $"{where}: add {operation["operationId"]} to Api/<Feature>/<Feature>Examples.cs");
            var success = operation["responses"]!.AsObject().FirstOrDefault(r => r.Key.StartsWith('2'));
            if (success.Value?["content"]?["application/json"] is { } answer)
                Assert.That(answer["example"], Is.Not.Null, $"{where}: add {operation["operationId"]}'s answer to Api/<Feature>/<Feature>Examples.cs");
        }
    });

    [Test]
    public void Examples_FitTheirSchemas() => Assert.Multiple(() =>
    {
        foreach (var (where, operation) in Each())
        {
            if (operation["requestBody"]?["content"]?["application/json"] is { } body && body["example"] is { } example) Check(body["schema"]!, example, $"{where} request");
            foreach (var (status, response) in operation["responses"]!.AsObject())
                if (response?["content"]?["application/json"] is { } answer && answer["example"] is { } told) Check(answer["schema"]!, told, $"{where} {status}");
        }
    });

    [Test]
    public void Examples_BelongToOperations() =>
        Assert.That(OperationExamples.All.Keys, Is.SubsetOf(Operations.Of(_api).Select(o => o.Name)));

    [Test]
    public void Enums_AreNamedAndLabelled() => Assert.Multiple(() =>
    {
        foreach (var (name, schema) in Schemas())
            if (schema["enum"] is JsonArray values)
                Assert.That(schema["x-enum-labels"]?.AsObject().Select(l => l.Key), Is.EqualTo(values.Select(v => (string?)v)), $"{name}: give the enum a Label() extension");
    });

    [Test]
    public void Schemas_SayWhatIsRequiredAndHowLongTextsMayBe() => Assert.Multiple(() =>
    {
        foreach (var (name, schema) in Schemas())
            Assert.That(schema.ToJsonString(), Does.Not.Contain("\"type\":\"object\"}"), $"{name}: no shapeless objects");
        Assert.That((int?)_document["components"]!["schemas"]!["AskQuestionRequest"]!["properties"]!["text"]!["maxLength"], Is.EqualTo(5000));
        Assert.That(_document["components"]!["schemas"]!["MatterView"]!["required"]!.AsArray().Select(r => (string?)r), Does.Contain("handlerName"), "members are always there (R20)");
        Assert.That((bool?)_document["components"]!["schemas"]!["MatterView"]!["properties"]!["handlerName"]!["nullable"], Is.True);
    });

    [TestCase("citizen", "/v1/consultations", true)]
    [TestCase("partner", "/v1/consultations", false)]
    [TestCase("citizen", "/v1/dev/login", false)]
    [TestCase("all", "/v1/dev/login", false)]
    public async Task Documents_HoldWhatTheirAudienceMayUse(string document, string path, bool holds)
    {
        using var anybody = _api.Anonymous();
        var paths = (await anybody.GetAsync($"/openapi/{document}.json").Gives(OK))["paths"];
        Assert.That(paths.TryGetProperty(path, out _), Is.EqualTo(holds));
    }

    [Test]
    public async Task Documents_AreOpenApi30AndUnknownOnesAreNotFound()
    {
        using var anybody = _api.Anonymous();
        Assert.That((string?)_document["openapi"], Does.StartWith("3.0"));
        await anybody.GetAsync("/openapi/nobody.json").Refuses(NotFound, "route_not_found");
    }

    private IEnumerable<(string Where, JsonObject Operation)> Each() =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key} {path.Key}", operation.Value!.AsObject());

    private IEnumerable<(string Name, JsonObject Schema)> Schemas() =>
        _document["components"]!["schemas"]!.AsObject().Select(s => (s.Key, s.Value!.AsObject()));

    /// <summary>As much of a JSON Schema validator as this document uses.</summary>
    private void Check(JsonNode schema, JsonNode? value, string where)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            Check(_document["components"]!["schemas"]![reference.Split('/')[^1]]!, value, where);
            return;
        }
        if (value is null)
        {
            Assert.That((bool?)schema["nullable"], Is.True, $"{where} may not be null");
            return;
        }
        foreach (var part in schema["allOf"]?.AsArray() ?? []) Check(part!, value, where);
        if (schema["enum"] is JsonArray allowed) Assert.That(allowed.Select(a => (string?)a), Does.Contain((string?)value), where);
        switch ((string?)schema["type"])
        {
            case "object":
                CheckObject(schema, value, where);
                break;
            case "array":
                Assert.That(value.GetValueKind(), Is.EqualTo(JsonValueKind.Array), where);
                foreach (var item in value.AsArray()) Check(schema["items"]!, item, $"{where}[]");
                break;
            case "string":
                Assert.That(value.GetValueKind(), Is.EqualTo(JsonValueKind.String), where);
                var text = value.GetValue<string>();
                if ((int?)schema["maxLength"] is { } most) Assert.That(text, Has.Length.LessThanOrEqualTo(most), where);
                if ((string?)schema["pattern"] is { } pattern) Assert.That(text, Does.Match(pattern), where);
                if ((string?)schema["format"] == "date-time") Assert.That(text, Does.Match(Instant()), where);
                break;
            case "integer" or "number":
                Assert.That(value.GetValueKind(), Is.EqualTo(JsonValueKind.Number), where);
                break;
            case "boolean":
                Assert.That(value.GetValueKind(), Is.AnyOf(JsonValueKind.True, JsonValueKind.False), where);
                break;
        }
    }

    private void CheckObject(JsonNode schema, JsonNode value, string where)
    {
        Assert.That(value.GetValueKind(), Is.EqualTo(JsonValueKind.Object), where);
        var properties = schema["properties"]?.AsObject() ?? [];
        foreach (var required in schema["required"]?.AsArray() ?? []) Assert.That(value.AsObject().ContainsKey((string)required!), Is.True, $"{where}.{required} is missing");
        foreach (var (name, member) in value.AsObject())
        {
            if (properties[name] is { } known) Check(known, member, $"{where}.{name}");
            else Assert.That(schema["additionalProperties"], Is.Not.Null, $"{where}.{name} is not in the schema");
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$")]
    private static partial Regex Instant();
}
