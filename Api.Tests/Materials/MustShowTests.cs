using System.Text;
using MicroPlatform.Api.Tests.Hosting;
using static System.Net.HttpStatusCode;
using static MicroPlatform.Api.Tests.Materials.MaterialsHarness;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>
/// Real files through HTTP: a photograph of 12 megapixels with its position, lying on its side; the same as HEIC; a PDF with both. Nothing of the person's is left in any, and
/// all are upright. With <c>TEST_PICTURES</c> set to a folder the results are left there to be looked at.
/// </summary>
[TestFixtureSource(typeof(MaterialsHarness), nameof(All))]
internal sealed class MustShowTests(Engine engine, StoreKind store)
{
    [Test]
    public async Task Photograph_HeicAndPdf_KeepNoMetadataAndStandUpright()
    {
        Needs.Program("vipsthumbnail", "libvips-tools");
        await using var harness = await MaterialsHarness.StartAsync(engine, store);
        using var citizen = await harness.Api.NewCitizenAsync();

        var photo = await TestFiles.JpegAsync(4000, 3000, orientation: 6, located: true);
        var jpeg = await SendAsync(citizen, photo).Gives(Created);
        Assert.That((jpeg["width"].GetInt32(), jpeg["height"].GetInt32()), Is.EqualTo((3000, 4000)), "upright");
        await CheckAsync(harness, citizen, jpeg.String("id"), "photo.jpg", keepsOrientation: true);

        var heic = await SendAsync(citizen, await TestFiles.HeicAsync(2000, 1500)).Gives(Created);
        Assert.That((heic["width"].GetInt32(), heic["height"].GetInt32()), Is.EqualTo((2000, 1500)));
        await CheckAsync(harness, citizen, heic.String("id"), "photo.heic", keepsOrientation: false);

        // As a telephone held upright says it: by a property of the file, and not by Exif.
        var turned = await SendAsync(citizen, TestFiles.Turned(await TestFiles.HeicAsync(2000, 1500))).Gives(Created);
        Assert.That((turned["width"].GetInt32(), turned["height"].GetInt32()), Is.EqualTo((1500, 2000)), "upright");
        await CheckAsync(harness, citizen, turned.String("id"), "turned.heic", keepsOrientation: false);

        var pdf = await SendAsync(citizen, TestFiles.Pdf(await TestFiles.JpegAsync(located: true))).Gives(Created);
        Assert.That(pdf["pages"].GetInt32(), Is.EqualTo(2));
        await CheckAsync(harness, citizen, pdf.String("id"), "paper.pdf", keepsOrientation: false);
    }

    /// <summary>Original and thumbnail, looked at by the library that reads most metadata, and byte by byte.</summary>
    private async Task CheckAsync(MaterialsHarness harness, ApiClient citizen, string id, string name, bool keepsOrientation)
    {
        var folder = Directory.CreateTempSubdirectory("microplatform-test-");
        try
        {
            foreach (var variant in new[] { "original", "thumbnail" })
            {
                var bytes = await harness.DownloadAsync(citizen, id, variant);
                Assert.That(bytes.AsSpan().IndexOf(TestFiles.Ascii(TestFiles.Secret)), Is.Negative, $"{name} {variant}");
                var file = Path.Combine(folder.FullName, variant == "original" ? name : name + ".thumbnail.jpg");
                await File.WriteAllBytesAsync(file, bytes);
                var header = Encoding.UTF8.GetString(await TestFiles.RunAsync("vipsheader", ["-a", file], []));
                Assert.That(header, Does.Not.Contain("GPS").And.Not.Contain("exif-ifd3").And.Not.Contain("Make").And.Not.Contain("xmp-data").And.Not.Contain("iptc"), $"{name} {variant}: {header}");
                if (variant == "original" && keepsOrientation) Assert.That(header, Does.Contain("orientation: 6"));
                if (variant == "thumbnail") Assert.That(await CornerAsync(file, name), Is.True, $"{name}: the bright corner is where it belongs");
                if (Environment.GetEnvironmentVariable("TEST_PICTURES") is { Length: > 0 } keep) File.Copy(file, Path.Combine(keep, $"{engine}-{store}-{Path.GetFileName(file)}"), overwrite: true);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The test picture has a red square in its upper left corner; turned by 90° clockwise it stands in the upper right one.</summary>
    private static async Task<bool> CornerAsync(string file, string name)
    {
        if (name.EndsWith(".pdf", StringComparison.Ordinal)) return true;
        var ppm = await TestFiles.RunAsync("vipsthumbnail", ["stdin", "--size", "40x40!", "-o", ".ppm"], await File.ReadAllBytesAsync(file));
        var pixels = ppm[^(40 * 40 * 3)..];
        bool Red(int x, int y) => pixels[(y * 40 + x) * 3] > 180 && pixels[(y * 40 + x) * 3 + 1] < 120;
        return name is "photo.jpg" or "turned.heic" ? Red(36, 3) && !Red(3, 3) : Red(3, 3) && !Red(36, 3);
    }
}
