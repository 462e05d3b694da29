using System.Security.Cryptography;
using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Identity;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Tests.Identity;

/// <summary>Production is started with one secret wrong at a time and must refuse, in words, before it has touched the data folder.</summary>
public class StartUpTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("microplatform-test-").FullName;

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private Dictionary<string, string?> Good() => new()
    {
        ["environment"] = "Production", ["urls"] = "http://127.0.0.1:0", ["Data:Folder"] = _folder, ["Jobs:Enabled"] = "false",
        ["Identity:MasterKeys:0"] = $"k1:{NewKey()}", ["Identity:LookupKey"] = NewKey(),
        ["WeChat:Mode"] = "real", ["WeChat:AppId"] = "wx1234567890abcdef", ["WeChat:Secret"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), ["WeChat:BaseUrl"] = "https://127.0.0.1:1",
    };

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test, Order(2)]
    public async Task Start_WithEverythingGood_Serves()
    {
        await using var app = Server.Build(Arguments(Good()));
        await app.PrepareAsync();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Assert.That((await http.GetAsync(new Uri("/v1/privacy-notice", UriKind.Relative))).IsSuccessStatusCode, Is.True);
        Assert.That(RoutesOf(app), Has.None.Contains("/dev/"), "the development door is not there");
        Assert.That(File.Exists(MasterKeyFile.PathIn(_folder)), Is.False);
        await app.StopAsync();
    }

    [TestCase("Identity:MasterKeys:0", null, "Identity:MasterKeys is missing")]
    [TestCase("Identity:MasterKeys:0", "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "not random")]
    [TestCase("Identity:MasterKeys:0", "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "not random")]
    [TestCase("Identity:MasterKeys:0", "k1:c2hvcnQ=", "bytes")]
    [TestCase("Identity:MasterKeys:0", "dev:RANDOM", "Development made")]
    [TestCase("Identity:LookupKey", null, "Identity:LookupKey is missing")]
    [TestCase("Identity:LookupKey", "changeme", "Identity:LookupKey")]
    [TestCase("WeChat:Mode", "fake", "Production refuses it")]
    [TestCase("WeChat:Secret", null, "WeChat:Secret")]
    [TestCase("WeChat:Secret", "your-wechat-secret-here", "WeChat:Secret")]
    [TestCase("WeChat:AppId", null, "WeChat:AppId")]
    [TestCase("Identity:Passwords:Iterations", "1000", "Iterations")]
    [TestCase("Identity:Tokens:AccessLifetime", "12:00:00", "AccessLifetime")]
    [TestCase("Demo:Enabled", "true", "Demo:Enabled")]
    [TestCase("Video:Provider", "test", "Production refuses it")]
    [TestCase("Video:Provider", "zoom", "Video:Provider must be")]
    [TestCase("Video:Provider", "janus", "Video:Janus:ApiUrl is missing")]
    [TestCase("Video:Janus:ApiUrl", "http://127.0.0.1:8088/janus", "Video:Janus:TokenSecret is missing")]
    [TestCase("Video:LiveKit:ApiUrl", "http://127.0.0.1:7880", "Video:LiveKit:ApiSecret is missing")]
    [TestCase("Video:Trtc:SdkAppId", "1400000000", "Video:Trtc:SecretKey is missing")]
    [TestCase("Video:Turn:Urls:0", "turn:turn.test:3478", "Video:Turn:Secret is missing")]
    [Order(1)]
    public async Task Start_InProductionWithABadSecret_IsRefusedInWords(string key, string? value, string word)
    {
        var settings = Good();
        settings[key] = value?.Replace("RANDOM", NewKey(), StringComparison.Ordinal);
        await using var app = Server.Build(Arguments(settings));
        Exception? refused = null;
        try
        {
            await app.PrepareAsync();
        }
        catch (Exception e) when (e is StartRefusedException or OptionsValidationException)
        {
            refused = e;
        }
        Assert.That(refused, Is.Not.Null);
        Assert.That(refused!.Message, Does.Contain(word).And.Not.Contain("MDEyMzQ1").And.Not.Contain("your-wechat"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder), Is.Empty, "nothing was touched");
    }

    [Test, Order(3)]
    public async Task Start_InStaging_DoesNotMakeKeysForItself()
    {
        var settings = Good();
        (settings["environment"], settings["Identity:MasterKeys:0"], settings["Identity:LookupKey"]) = ("Staging", null, null);
        await using var app = Server.Build(Arguments(settings));
        Assert.That(async () => await app.PrepareAsync(), Throws.TypeOf<StartRefusedException>());
        Assert.That(File.Exists(MasterKeyFile.PathIn(_folder)), Is.False);
    }

    [Test, Order(4)]
    public async Task Start_InStaging_HasNoDevelopmentDoorEither()
    {
        var settings = Good();
        settings["environment"] = "Staging";
        await using var app = Server.Build(Arguments(settings));
        Assert.That(RoutesOf(app), Has.None.Contains("/dev/"));
    }

    private static IEnumerable<string?> RoutesOf(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder app) =>
        app.DataSources.SelectMany(d => d.Endpoints).OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>().Select(r => r.RoutePattern.RawText);

    private static string[] Arguments(Dictionary<string, string?> settings) => [.. settings.Where(s => s.Value is not null).Select(s => $"--{s.Key}={s.Value}")];
}
