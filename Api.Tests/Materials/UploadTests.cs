using System.Text;
using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Materials.MaterialsHarness;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>What goes in and what comes out: every type without its secrets, and every bad file refused with nothing left behind.</summary>
[TestFixtureSource(typeof(MaterialsHarness), nameof(MaterialsHarness.All))]
internal sealed class UploadTests(Engine engine, StoreKind store)
{
    private MaterialsHarness _harness = null!;

    private TestApi Api => _harness.Api;

    [OneTimeSetUp]
    public async Task Start() => _harness = await MaterialsHarness.StartAsync(engine, store);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_harness is not null) await _harness.DisposeAsync();
    }

    private static IEnumerable<TestCaseData> Types()
    {
        TestCaseData Of(string name, string type, Func<Task<byte[]>> file) => new TestCaseData(type, file).SetArgDisplayNames(name);
        yield return Of("JPEG", "jpeg", () => TestFiles.JpegAsync(located: true, orientation: 6));
        yield return Of("PNG", "png", () => Task.FromResult(TestFiles.Png(text: TestFiles.Secret)));
        yield return Of("WebP", "webP", () => TestFiles.WebPAsync(orientation: 6));
        yield return Of("HEIC", "heic", () => TestFiles.HeicAsync());
        yield return Of("PDF", "pdf", async () => TestFiles.Pdf(await TestFiles.JpegAsync(located: true)));
        yield return Of("DOCX", "docx", async () => TestFiles.Docx(await TestFiles.JpegAsync(located: true)));
        yield return Of("WAV", "wav", () => Task.FromResult(TestFiles.Wav()));
        yield return Of("MP3", "mp3", () => Task.FromResult(TestFiles.Mp3()));
        yield return Of("M4A", "m4a", () => Task.FromResult(TestFiles.M4a()));
        yield return Of("AMR", "amr", () => Task.FromResult(TestFiles.Amr()));
    }

    [TestCaseSource(nameof(Types))]
    public async Task Upload_OfEachType_KeepsItWithoutItsSecrets(string type, Func<Task<byte[]>> make)
    {
        var file = await make();
        using var citizen = await Api.NewCitizenAsync();
        var sent = await SendAsync(citizen, file, "../../etc/欠条 (1).exe").Gives(Created);
        Assert.That(sent.String("type"), Is.EqualTo(type));
        Assert.That(sent.String("name"), Is.EqualTo("欠条 (1)"), "neither path nor ending");
        var original = await _harness.DownloadAsync(citizen, sent.String("id"));
        Assert.That(original, Has.Length.EqualTo(sent["bytes"].GetInt64()));
        Assert.That(Leaks(original), Is.Empty);
        if (sent["hasThumbnail"].GetBoolean())
        {
            var thumbnail = await _harness.DownloadAsync(citizen, sent.String("id"), "thumbnail");
            Assert.That(thumbnail.AsSpan(0, 3).ToArray(), Is.EqualTo((byte[])[0xFF, 0xD8, 0xFF]));
            Assert.That(Leaks(thumbnail).Concat(thumbnail.AsSpan().IndexOf("Exif"u8) >= 0 ? ["Exif"] : []), Is.Empty);
        }
        if (type is "docx") Assert.That(await UnpackedAsync(original), Does.Not.Contain(TestFiles.Secret).And.Contain("欠条"));
    }

    private static IEnumerable<TestCaseData> BadFiles()
    {
        TestCaseData Of(string name, string code, Func<Task<byte[]>> file, int status = 422) => new TestCaseData(code, status, file).SetArgDisplayNames(name);
        Task<byte[]> Bytes(byte[] bytes) => Task.FromResult(bytes);
        yield return Of("Empty", "material_empty", () => Bytes([]));
        yield return Of("Text", "material_type_unsupported", () => Bytes("Hello"u8.ToArray()));
        yield return Of("SVG", "material_type_unsupported", () => Bytes("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray()));
        yield return Of("HTML", "material_type_unsupported", () => Bytes("<html><script>alert(1)</script>"u8.ToArray()));
        yield return Of("GIF", "material_type_unsupported", () => Bytes([.. "GIF89a"u8, .. new byte[100]]));
        yield return Of("Program", "material_type_unsupported", () => Bytes([0x7F, .. "ELF"u8, .. new byte[100]]));
        yield return Of("EICAR", "material_type_unsupported", () => Bytes(TestFiles.Ascii("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")));
        yield return Of("JPEG cut off", "material_damaged", async () => (await TestFiles.JpegAsync())[..^2000]);
        yield return Of("JPEG of its header", "material_damaged", () => Bytes([0xFF, 0xD8, 0xFF, 0xE0]));
        yield return Of("PNG cut off", "material_damaged", () => Bytes(TestFiles.Png()[..^500]));
        yield return Of("PNG with a wrong checksum", "material_damaged", () => { var png = TestFiles.Png(); png[60] ^= 1; return Bytes(png); });
        yield return Of("PNG bomb of 10,000 pixels", "material_too_much_inside", () => Bytes(TestFiles.PngBomb()));
        yield return Of("JPEG with a ZIP behind", "material_active_content", async () => [.. await TestFiles.JpegAsync(), .. TestFiles.Docx()]);
        yield return Of("PNG with HTML behind", "material_active_content", () => Bytes([.. TestFiles.Png(), .. "<html><script>alert(1)</script>"u8]));
        yield return Of("HEIC cut off", "material_damaged", async () => (await TestFiles.HeicAsync())[..^3000]);
        yield return Of("HEIC of 2^64 pixels", "material_too_much_inside", async () => TestFiles.Boundless(await TestFiles.HeicAsync()));
        yield return Of("PDF cut off", "material_damaged", () => Bytes(TestFiles.Pdf()[..700]));
        yield return Of("PDF with a script", "material_active_content", () => Bytes(TestFiles.Pdf(catalogue: "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")));
        yield return Of("PDF with a hidden script", "material_active_content", () => Bytes(TestFiles.Pdf(catalogue: "/OpenAction 9 0 R", extra: "<< /S /J#61vaScript /#4AS (app.alert\\(1\\)) >>")));
        yield return Of("PDF with a file in it", "material_active_content", () => Bytes(TestFiles.Pdf(catalogue: "/Names << /EmbeddedFiles << /Names [] >> >>")));
        yield return Of("PDF that starts a program", "material_active_content", () => Bytes(TestFiles.Pdf(catalogue: "/OpenAction << /S /Launch /F (cmd.exe) >>")));
        yield return Of("PDF of 400 pages", "material_too_much_inside", () => Bytes(TestFiles.Pdf(pages: 400)));
        yield return Of("ZIP", "material_type_unsupported", () => Bytes(Zip(("a.txt", "text"u8.ToArray()))));
        yield return Of("ZIP bomb", "material_too_much_inside", () => Bytes(TestFiles.Docx(null, ("word/media/big.xml", new byte[60 << 20]))));
        yield return Of("DOCX with macros", "material_active_content", () => Bytes(TestFiles.Docx(null, ("word/vbaProject.bin", [1, 2, 3]))));
        yield return Of("DOCX with a program", "material_active_content", () => Bytes(TestFiles.Docx(null, ("word/embeddings/oleObject1.bin", [1, 2, 3]))));
        yield return Of("DOCX with a path", "material_damaged", () => Bytes(TestFiles.Docx(null, ("../../evil.xml", [1]))));
        yield return Of("Film", "material_type_unsupported", () => Bytes(Film()));
        yield return Of("WAV cut off", "material_damaged", () => Bytes(TestFiles.Wav()[..^100]));
        yield return Of("AMR with something behind", "material_damaged", () => Bytes([.. TestFiles.Amr(), 0xFF, 0xFF]));
    }

    [TestCaseSource(nameof(BadFiles))]
    public async Task Upload_OfABadFile_IsRefusedAndLeavesNothing(string code, int status, Func<Task<byte[]>> make)
    {
        var file = await make();
        var before = await _harness.StoredAsync();
        using var citizen = await Api.NewCitizenAsync();
        (await SendAsync(citizen, file)).Refuses((System.Net.HttpStatusCode)status, code);
        Assert.That(await Api.ScalarAsync<long>("SELECT COUNT(*) FROM materials WHERE owner_id = @Id", new { citizen.Id }), Is.Zero);
        Assert.That(await _harness.StoredAsync(), Is.EquivalentTo(before));
    }

    [Test]
    public async Task Upload_WithWrongHash_IsRefused()
    {
        using var citizen = await Api.NewCitizenAsync();
        await SendAsync(citizen, TestFiles.Png(), fields: ("sha256", new string('a', 64))).Refuses(UnprocessableEntity, "material_hash_mismatch");
        await SendAsync(citizen, TestFiles.Png(), fields: ("sha256", "xyz")).Refuses(BadRequest, "validation_failed");
    }

    [Test]
    public async Task Upload_OfManyOrNoFilesOrNone_IsMalformed()
    {
        using var citizen = await Api.NewCitizenAsync();
        var two = Form(TestFiles.Png(), "a.png");
        two.Add(new ByteArrayContent(TestFiles.Png()), "file", "b.png");
        await citizen.PostAsync("/v1/materials", two).Refuses(BadRequest, "upload_malformed");
        var none = new MultipartFormDataContent { { new StringContent("x"), "name" } };
        await citizen.PostAsync("/v1/materials", none).Refuses(BadRequest, "upload_malformed");
        var cut = new ByteArrayContent(Encoding.UTF8.GetBytes("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\nabc"));
        cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        await citizen.PostAsync("/v1/materials", cut).Refuses(BadRequest, "upload_malformed");
        await citizen.PostAsync("/v1/materials", new { file = "x" }).Refuses(UnsupportedMediaType, "unsupported_media_type");
    }

    [Test]
    public async Task Upload_OfFiveGigabytes_IsRefusedUnread()
    {
        using var citizen = await Api.NewCitizenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Api.Address, "/v1/materials")) { Content = new Endless(5L << 30) };
        request.Headers.Authorization = new("Bearer", citizen.Token);
        request.Headers.ExpectContinue = true;
        using var http = new HttpClient();
        using var response = await http.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(413));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("body_too_large"));
        await citizen.PostAsync("/v1/material-uploads", new { fileName = "a.pdf", bytes = 5L << 30, sha256 = new string('a', 64) }).Refuses(RequestEntityTooLarge, "material_too_large");
    }

    [Test]
    public async Task Upload_Repeated_IsOneMaterial()
    {
        using var citizen = await Api.NewCitizenAsync();
        var file = TestFiles.Png(seed: 77);
        var first = await SendAsync(citizen, file, key: "k1").Gives(Created);
        var stored = await _harness.StoredAsync();
        var again = await SendAsync(citizen, file, key: "k1").Gives(Created);
        Assert.That(again.String("id"), Is.EqualTo(first.String("id")));
        Assert.That(again.Headers.Contains("Idempotency-Replayed"), Is.True);
        await SendAsync(citizen, TestFiles.Png(seed: 78), key: "k1").Refuses(UnprocessableEntity, "idempotency_key_reused");
        Assert.That(await _harness.StoredAsync(), Is.EquivalentTo(stored), "what the repeats had put into the store is gone again");
    }

    [Test]
    public async Task Upload_WithoutConsent_IsRefused()
    {
        using var citizen = await Api.NewCitizenAsync(consents: false);
        await SendAsync(citizen, TestFiles.Png()).Refuses(Forbidden, "consent_required");
    }

    [Test]
    public async Task Stored_Bytes_AreSealed()
    {
        using var citizen = await Api.NewCitizenAsync();
        var file = TestFiles.Wav(hidden: "HIDDEN-WORDS-IN-SOUND");
        await UploadAsync(citizen, file, "a.wav");
        var stored = await _harness.StoredAsync();
        Assert.That(stored, Is.Not.Empty);
        foreach (var address in stored)
        {
            var bytes = await _harness.RawAsync(address);
            Assert.That(bytes.AsSpan().IndexOf("HIDDEN-WORDS"u8), Is.Negative);
            Assert.That(address, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))), "addressed by content");
        }
    }

    [TestCase(60, "tooDark")]
    [TestCase(255, null)]
    public async Task Coach_OfAPhotograph_Warns(int brightness, string? warning)
    {
        using var citizen = await Api.NewCitizenAsync();
        Needs.Program("vipsthumbnail", "libvips-tools");
        var sent = await SendAsync(citizen, TestFiles.Png(seed: 5, brightness: (byte)brightness)).Gives(Created);
        var codes = sent["warnings"].EnumerateArray().Select(w => w.GetProperty("code").GetString()).ToList();
        Assert.That(codes, warning is null ? Is.Empty : Does.Contain(warning));
    }

    [Test]
    public async Task Coach_OfSmallBlurredAndDoublePictures_Warns()
    {
        using var citizen = await Api.NewCitizenAsync();
        Needs.Program("vipsthumbnail", "libvips-tools");
        var small = await SendAsync(citizen, TestFiles.Png(300, 200, seed: 11)).Gives(Created);
        Assert.That(small.Text, Does.Contain("tooSmall"));
        var sharp = TestFiles.Png(seed: 21);
        await UploadAsync(citizen, sharp);
        var blurred = await TestFiles.RunAsync("vips", ["gaussblur", "stdin", ".png", "6"], TestFiles.Png(1000, 800, seed: 33));
        Assert.That((await SendAsync(citizen, blurred)).Gives(Created).Text, Does.Contain("blurred"));
        var again = await SendAsync(citizen, await TestFiles.RunAsync("vips", ["copy", "stdin", ".jpg[Q=60]"], sharp)).Gives(Created);
        Assert.That(again.Text, Does.Contain("duplicate"), "the same picture, saved anew");
        using var other = await Api.NewCitizenAsync();
        Assert.That((await SendAsync(other, sharp)).Gives(Created).Text, Does.Not.Contain("duplicate"), "other people's pictures are none of one's business");
    }

    private static IEnumerable<string> Leaks(byte[] file)
    {
        if (file.AsSpan().IndexOf(TestFiles.Ascii(TestFiles.Secret)) >= 0) yield return "the secret";
        if (file.AsSpan().IndexOf(TestFiles.Ascii("GPS")) >= 0) yield return "GPS";
        // The tag of the GPS directory in a TIFF, either way round.
        if (file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x88, 0x25, 0, 4, 0, 0, 0, 1]) >= 0) yield return "a GPS directory";
    }

    private static async Task<string> UnpackedAsync(byte[] docx)
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(docx));
        var all = new StringBuilder();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            all.Append(await reader.ReadToEndAsync());
        }
        return all.ToString();
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(file, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        return file.ToArray();
    }

    private static byte[] Film()
    {
        var film = TestFiles.M4a();
        "vide"u8.CopyTo(film.AsSpan(film.AsSpan().IndexOf("soun"u8)));
        return film;
    }

    private sealed class Endless(long length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            var piece = new byte[64 * 1024];
            for (long sent = 0; sent < length; sent += piece.Length) await stream.WriteAsync(piece);
        }

        protected override bool TryComputeLength(out long computed)
        {
            Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
            computed = length;
            return true;
        }
    }
}
