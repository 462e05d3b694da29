using System.Text.Json;
using System.Text.Json.Nodes;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Http;

/// <summary>Every field, query value and path value of every operation, with everything that has ever broken a program. Never 5xx, always a code of the catalogue.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class FuzzTests(Engine engine)
{
    private static readonly JsonNode?[] Nasty =
    [
        "'; DROP TABLE matters; --", "\" OR 1=1 #", "%_\\", "\0", "a\u0007b", "", "   \u200B", "\uFEFF", "😀𠮷👨‍👩‍👧", new string('字', 6000), "../../../etc/passwd", "{{7*7}}${7*7}<script>alert(1)</script>",
        "2026-13-45T99:99:99+99:99", "-1", "9999999999999999999", "01ABCDEF0000000000000000ZZ", "null", 0, -1, 2147483647, 9007199254740993L, 1.5, true, null, new JsonArray(), new JsonObject(),
        new JsonArray("'; --", 1, null), new JsonObject { ["a"] = "b" },
    ];

    private static readonly string[] NastyInAddress = ["'; DROP TABLE matters; --", "\" OR 1=1 #", "%_\\", "", "-1", "0", "99999999999999999999", "true", "字", "\u0007", "a b", "2026-13-45", "null", "[]", new('A', 500)];

    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(engine);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public async Task Fields_WithAnything_NeverBreakTheServer()
    {
        var wrong = new List<string>();
        foreach (var operation in Operations.Of(_api))
        {
            if (operation.Example?.Request is not { } example || example is JsonValue) continue; // a file has no fields: see CsvTests
            var sender = new Sender(_api, operation);
            foreach (var field in Leaves(example, []).Concat(Members(example)).DistinctBy(f => string.Join('.', f)))
                foreach (var value in Nasty)
                {
                    var body = example.DeepClone();
                    Put(body, field, value?.DeepClone());
                    await sender.TryAsync(body, null, $"{string.Join('.', field)}={value?.ToJsonString() ?? "null"}", wrong);
                }
            sender.Dispose();
        }
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task Addresses_WithAnything_NeverBreakTheServer()
    {
        using var anybody = _api.Anonymous();
        var paths = JsonNode.Parse((await anybody.GetAsync("/openapi.json").Gives(OK)).Text)!["paths"]!.AsObject();
        var wrong = new List<string>();
        foreach (var operation in Operations.Of(_api).Where(o => !o.IsSocket && o.Method is "GET"))
        {
            var sender = new Sender(_api, operation);
            var parameters = paths[operation.Pattern]?["get"]?["parameters"]?.AsArray().Where(p => (string?)p!["in"] == "query").Select(p => (string)p!["name"]!) ?? [];
            foreach (var value in NastyInAddress.Select(Uri.EscapeDataString))
            {
                foreach (var name in parameters.Where(n => n != "waitSeconds" || value != "0"))
                    await sender.TryAsync(null, $"{operation.Path()}?{name}={value}", $"{name}={value}", wrong);
                if (operation.Pattern.Contains('{', StringComparison.Ordinal) && value.Length > 0) await sender.TryAsync(null, operation.Path(value), $"path {value}", wrong);
            }
            sender.Dispose();
        }
        Assert.That(wrong, Is.Empty);
    }

    private static IEnumerable<string[]> Leaves(JsonNode? node, string[] path) => node switch
    {
        JsonObject o => o.SelectMany(m => Leaves(m.Value, [.. path, m.Key])),
        JsonArray a => a.SelectMany((item, i) => Leaves(item, [.. path, $"{i}"])),
        _ => [path],
    };

    private static IEnumerable<string[]> Members(JsonNode node) => node is JsonObject o ? o.Select(m => new[] { m.Key }) : [];

    private static void Put(JsonNode body, string[] path, JsonNode? value)
    {
        var at = body;
        foreach (var step in path[..^1]) at = at is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : at[step]!;
        if (at is JsonArray array) array[int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
        else at[path[^1]] = value;
    }

    /// <summary>Somebody who may call an operation; somebody new when the last call ended the session.</summary>
    private sealed class Sender(TestApi api, Operation operation) : IDisposable
    {
        private ApiClient? _person;

        public async Task TryAsync(JsonNode? body, string? path, string what, List<string> wrong)
        {
            for (var attempt = 0; ; attempt++)
            {
                _person ??= await api.SomebodyForAsync(operation);
                var answer = await _person.CallAsync(operation, body, path);
                if (answer.Status == Unauthorized && Policies.Table[operation.Policy!] is not null && attempt == 0)
                {
                    Dispose();
                    continue;
                }
                var code = (int)answer.Status >= 400 ? CodeOf(answer) : null;
                if ((int)answer.Status >= 500 || (int)answer.Status is >= 300 and < 400 and not 304 || (code is not null && !Operations.Catalogue.Contains(code)))
                    wrong.Add($"{operation.Method} {operation.Pattern} {what}: {(int)answer.Status} {code} {answer.Text[..Math.Min(200, answer.Text.Length)]}");
                return;
            }
        }

        public void Dispose()
        {
            _person?.Dispose();
            _person = null;
        }

        private static string CodeOf(Answer answer)
        {
            try
            {
                return answer.Code;
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException)
            {
                return "(no problem)";
            }
        }
    }
}
