using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>The README's walk-through works as typed, on both engines.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed partial class ReadmeTests(Engine engine)
{
    [Test]
    public async Task WalkThrough_TypedIntoBash_DoesWhatItSays()
    {
        await using var api = await ChildApi.StartAsync(engine);
        var script = WalkThrough().Match(await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, "README.md"))).Groups[1].Value;
        Assert.That(script, Does.Contain("B=http://127.0.0.1:5080"));

        var output = await TypeAsync(script.Replace("http://127.0.0.1:5080", api.Address.ToString().TrimEnd('/'), StringComparison.Ordinal));

        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Match("\"numberText\":\"\\d{4}-\\d{4}-\\d{4}\""));
            Assert.That(output, Does.Contain("answer_repeats_question"));
            Assert.That(output, Does.Contain("\"stateText\":\"已结束\""));
            Assert.That(output, Does.Contain("\"scoreText\":\"非常满意\""));
            Assert.That(output, Does.Contain("\"text\":\"已由张敏受理\""));
            Assert.That(output, Does.Contain("\"code\":\"tooSmall\""));
            Assert.That(output, Does.Contain("200 image/png"));
            Assert.That(output, Does.Contain("\"reasonText\":\"模糊不清，无法辨认\""));
            Assert.That(output, Does.Match("\"stateText\":\"待补正\",\"items\":.*\"name\":\"身份证"));
            Assert.That(output, Does.Contain("\"staffName\":\"张敏\""));
            Assert.That(output, Does.Contain("BEGIN:VCALENDAR"));
            Assert.That(output, Does.Match("\"state\":\"booked\".*\"moves\":1"));
            Assert.That(output, Does.Contain("\"stateText\":\"已取消\""));
            Assert.That(Regex.Count(output, "urn:microplatform:problem:"), Is.EqualTo(1), "Only the pasted answer is refused.\n" + output);
        });
    }

    private static async Task<string> TypeAsync(string script)
    {
        var start = new ProcessStartInfo("bash", "-s") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync();
        var errors = bash.StandardError.ReadToEndAsync();
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        await bash.WaitForExitAsync();
        Assert.That(await errors, Is.Empty);
        return await output;
    }

    [GeneratedRegex("<!-- walk-through.*?-->\n```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex WalkThrough();
}
