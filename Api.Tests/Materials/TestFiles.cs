using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using MicroPlatform.Api.Tests.Hosting;

namespace MicroPlatform.Api.Tests.Materials;

/// <summary>Files as people send them, made when they are needed. None is committed.</summary>
internal static class TestFiles
{
    /// <summary>Stands in every file that carries a position, in whatever form the format has for texts.</summary>
    public const string Secret = "SECRET-DEVICE-31.2304N-121.4737E";

    /// <summary>The virus of the tests: a signature of our own, which both the test's daemon and ClamAV are taught.</summary>
    public const string Virus = "MICROPLATFORM-TEST-VIRUS-5f2b1c9e";

    /// <summary>A picture of gradients with a bright square in its upper left corner, so that one sees which way is up.</summary>
    public static byte[] Png(int width = 900, int height = 700, int seed = 1, byte brightness = 255, string? text = null, int noise = 40)
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk(png, "IHDR", header);
        if (text is not null) Chunk(png, "tEXt", Encoding.Latin1.GetBytes($"Location\0{text}"));
        using (var data = new MemoryStream())
        {
            using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
            {
                var random = new Random(seed);
                var row = new byte[1 + width * 3];
                for (var y = 0; y < height; y++)
                {
                    for (var x = 0; x < width; x++)
                    {
                        var corner = x < width / 4 && y < height / 4;
                        var light = corner ? 255 : (x * 97 / width + y * 61 / height + (x / 37 + y / 29 + seed) % 3 * 30 + random.Next(noise + 1)) & 255;
                        for (var c = 0; c < 3; c++) row[1 + x * 3 + c] = (byte)(Math.Min(255, light + (corner && c > 0 ? -200 : 0)) * brightness / 255);
                    }
                    zlib.Write(row);
                }
            }
            Chunk(png, "IDAT", data.ToArray());
        }
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>A header that promises very many pixels, and nothing behind it.</summary>
    public static byte[] PngBomb(int side = 10_000)
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        (header[8], header[9]) = (8, 2);
        Chunk(png, "IHDR", header);
        Chunk(png, "IDAT", [0x78, 0x9C, 0x63, 0, 1, 0, 0, 5, 0, 1]);
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    public static async Task<byte[]> JpegAsync(int width = 900, int height = 700, int seed = 1, int orientation = 1, byte brightness = 255, int noise = 40, bool located = false)
    {
        var bare = await RunAsync("vips", ["copy", "stdin", ".jpg[Q=92,strip]"], Png(width, height, seed, brightness, noise: noise));
        return located || orientation > 1 ? Located(bare, orientation) : bare;
    }

    /// <summary>With Exif as a phone writes it (orientation, device, GPS), XMP, IPTC, a comment, and an appended film.</summary>
    public static byte[] Located(byte[] jpeg, int orientation)
    {
        var exif = ExifTiff(orientation);
        byte[] app1 = [.. "Exif\0\0"u8, .. exif];
        var xmp = Encoding.ASCII.GetBytes($"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>{Secret}</exif:GPSLatitude></x:xmpmeta>");
        var iptc = Encoding.ASCII.GetBytes($"Photoshop 3.0\08BIM\u0004\u0004{Secret}");
        return [.. jpeg[..2], .. Segment(0xE1, app1), .. Segment(0xE1, xmp), .. Segment(0xED, iptc), .. Segment(0xFE, Encoding.ASCII.GetBytes(Secret)), .. jpeg[2..], .. Encoding.ASCII.GetBytes($"MotionPhoto{Secret}")];
    }

    /// <summary>TIFF with orientation, Make and a GPS directory.</summary>
    public static byte[] ExifTiff(int orientation)
    {
        var make = Encoding.ASCII.GetBytes(Secret + "\0");
        const int Ifd0 = 8, Entries = 3;
        var makeAt = Ifd0 + 2 + Entries * 12 + 4;
        var gpsAt = makeAt + make.Length + make.Length % 2;
        var latitudeAt = gpsAt + 2 + 2 * 12 + 4;
        var tiff = new byte[latitudeAt + 24];
        "MM\0*"u8.CopyTo(tiff);
        Write32(4, Ifd0);
        Write16(Ifd0, Entries);
        Entry(Ifd0 + 2, 0x010F, 2, make.Length, makeAt);
        Entry(Ifd0 + 14, 0x0112, 3, 1, orientation << 16);
        Entry(Ifd0 + 26, 0x8825, 4, 1, gpsAt);
        make.CopyTo(tiff, makeAt);
        Write16(gpsAt, 2);
        Entry(gpsAt + 2, 1, 2, 2, 'N' << 24);
        Entry(gpsAt + 14, 2, 5, 3, latitudeAt);
        for (var i = 0; i < 3; i++)
        {
            Write32(latitudeAt + i * 8, 31 + i);
            Write32(latitudeAt + i * 8 + 4, 1);
        }
        return tiff;

        void Write16(int at, int value) => BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), (ushort)value);
        void Write32(int at, int value) => BinaryPrimitives.WriteInt32BigEndian(tiff.AsSpan(at), value);
        void Entry(int at, int tag, int type, int count, int value)
        {
            Write16(at, tag);
            Write16(at + 2, type);
            Write32(at + 4, count);
            Write32(at + 8, value);
        }
    }

    public static async Task<byte[]> HeicAsync(int width = 900, int height = 700, int orientation = 1)
    {
        var folder = Directory.CreateTempSubdirectory("microplatform-test-");
        try
        {
            var (from, to) = (Path.Combine(folder.FullName, "a.jpg"), Path.Combine(folder.FullName, "a.heic"));
            await File.WriteAllBytesAsync(from, await JpegAsync(width, height, orientation: orientation, located: true));
            await RunAsync("heif-enc", [from, "-o", to], []);
            return await File.ReadAllBytesAsync(to);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A HEIC that is to be turned by 90° clockwise: the property that says its bits per pixel, which nobody needs, becomes one that turns it.</summary>
    public static byte[] Turned(byte[] heic)
    {
        var at = heic.AsSpan().IndexOf("pixi"u8);
        "irot"u8.CopyTo(heic.AsSpan(at));
        // In quarters of a turn, against the clock (ISO 23008-12, 6.5.10).
        heic[at + 4] = 3;
        return heic;
    }

    /// <summary>A HEIC that claims to be larger than any number holds.</summary>
    public static byte[] Boundless(byte[] heic)
    {
        heic.AsSpan(heic.AsSpan().IndexOf("ispe"u8) + 8, 8).Fill(0xFF);
        return heic;
    }

    public static async Task<byte[]> WebPAsync(int orientation = 1)
    {
        var bare = await RunAsync("vips", ["copy", "stdin", ".webp[Q=80]"], Png());
        byte[] exif = ExifTiff(orientation);
        // VP8X with the Exif flag, the picture as it is, and the metadata behind it (RFC 9649).
        byte[] vp8x = [.. "VP8X"u8, 10, 0, 0, 0, 0x0C, 0, 0, 0, .. Little24(900 - 1), .. Little24(700 - 1)];
        byte[] body = [.. "WEBP"u8, .. vp8x, .. bare[(bare.AsSpan().IndexOf("VP8 "u8))..], .. Riff("EXIF", exif), .. Riff("XMP ", Encoding.ASCII.GetBytes($"<x>{Secret}</x>"))];
        return [.. "RIFF"u8, .. Little32(body.Length), .. body];
    }

    /// <summary>Two pages, one with a photograph; document information, XMP, and an object that nothing refers to.</summary>
    public static byte[] Pdf(byte[]? jpeg = null, string catalogue = "", string extra = "", int pages = 2)
    {
        var objects = new List<byte[]>
        {
            Ascii($"<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R {catalogue} >>"),
            Ascii($"<< /Type /Pages /Count {pages} /Kids [{string.Join(' ', Enumerable.Range(0, pages).Select(i => $"{10 + i} 0 R"))}] >>"),
            Ascii($"<< /Producer ({Secret}) /Author ({Secret}) /CreationDate (D:20260101) >>"),
            Stream("/Type /Metadata /Subtype /XML", Ascii($"<x:xmpmeta>{Secret}</x:xmpmeta>")),
            Ascii($"<< /Hidden ({Secret}) >>"),
            jpeg is null ? Ascii("<< /None true >>") : Stream("/Type /XObject /Subtype /Image /Width 900 /Height 700 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", jpeg),
            Stream("", Ascii(jpeg is null ? "BT /F1 24 Tf 72 700 Td (Wages) Tj ET" : "q 400 0 0 300 72 400 cm /Im0 Do Q BT /F1 24 Tf 72 750 Td (Wages 18600) Tj ET")),
            Ascii("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"),
            Ascii(extra.Length > 0 ? extra : "<< /Nothing true >>"),
        };
        for (var page = 0; page < pages; page++)
            objects.Add(Ascii($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R /LastModified (D:20260101) /PieceInfo << /X ({Secret}) >> /Resources << /Font << /F1 8 0 R >> /XObject << {(jpeg is null ? "" : "/Im0 6 0 R")} >> >> >>"));
        using var pdf = new MemoryStream();
        pdf.Write(Ascii("%PDF-1.4\n"));
        var offsets = new List<long>();
        foreach (var (i, one) in objects.Index())
        {
            offsets.Add(pdf.Position);
            pdf.Write(Ascii($"{i + 1} 0 obj\n"));
            pdf.Write(one);
            pdf.Write(Ascii("\nendobj\n"));
        }
        var table = pdf.Position;
        pdf.Write(Ascii($"xref\n0 {objects.Count + 1}\n0000000000 65535 f\r\n{string.Concat(offsets.Select(o => $"{o:0000000000} 00000 n\r\n"))}trailer\n<< /Size {objects.Count + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{table}\n%%EOF\n"));
        return pdf.ToArray();

        static byte[] Stream(string dictionary, byte[] data) => [.. Ascii($"<< {dictionary} /Length {data.Length} >>\nstream\n"), .. data, .. Ascii("\nendstream")];
    }

    public static byte[] Docx(byte[]? jpeg = null, params (string Name, byte[] Content)[] more)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("[Content_Types].xml", """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""u8.ToArray());
            Add("_rels/.rels", """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>"""u8.ToArray());
            Add("word/document.xml", "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>欠条</w:t></w:r></w:p></w:body></w:document>"u8.ToArray());
            Add("docProps/core.xml", Ascii($"<cp:coreProperties><dc:creator>{Secret}</dc:creator></cp:coreProperties>"));
            if (jpeg is not null) Add("word/media/image1.jpeg", jpeg);
            foreach (var (name, content) in more) Add(name, content);

            void Add(string name, byte[] content)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }
        return file.ToArray();
    }

    public static byte[] Wav(int seconds = 1, string? hidden = null)
    {
        var data = new byte[seconds * 16_000];
        new Random(1).NextBytes(data);
        if (hidden is not null) Ascii(hidden).CopyTo(data, 100);
        byte[] body = [.. "WAVE"u8, .. Riff("fmt ", [1, 0, 1, 0, .. Little32(8000), .. Little32(16_000), 2, 0, 16, 0]), .. Riff("LIST", Ascii("INFOIART" + Secret + " ")), .. Riff("data", data)];
        return [.. "RIFF"u8, .. Little32(body.Length), .. body];
    }

    public static byte[] Mp3(int frames = 20)
    {
        // MPEG-1 layer III, 64 kbit/s, 44.1 kHz: 208 bytes a frame.
        var frame = new byte[208];
        (frame[0], frame[1], frame[2]) = (0xFF, 0xFB, 0x50);
        byte[] title = Ascii(Secret);
        byte[] id3 = [.. "ID3"u8, 3, 0, 0, 0, 0, 0, (byte)(title.Length + 10), .. "TIT2"u8, 0, 0, 0, (byte)title.Length, 0, 0, .. title];
        return [.. id3, .. Enumerable.Repeat(frame, frames).SelectMany(f => f), .. Ascii("TAG" + Secret.PadRight(125))];
    }

    public static byte[] M4a()
    {
        byte[] hdlr = Box("hdlr", [0, 0, 0, 0, 0, 0, 0, 0, .. "soun"u8, .. new byte[12], 0]);
        byte[] mvhd = Box("mvhd", [0, 0, 0, 0, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, .. new byte[88]]);
        byte[] udta = Box("udta", Box("\u00A9xyz", Ascii(Secret)));
        return [.. Box("ftyp", [.. "M4A "u8, 0, 0, 0, 0, .. "M4A mp42"u8]), .. Box("moov", [.. mvhd, .. Box("trak", Box("mdia", hdlr)), .. udta]), .. Box("uuid", Ascii(Secret)), .. Box("mdat", new byte[2000])];
    }

    public static byte[] Amr() => [.. "#!AMR\n"u8, .. Enumerable.Repeat((byte[])[0x3C, .. new byte[31]], 10).SelectMany(f => f)];

    /// <summary>Runs a tool on bytes.</summary>
    public static async Task<byte[]> RunAsync(string tool, string[] arguments, byte[] input)
    {
        Needs.Program(tool, "libvips-tools libheif-examples");
        var start = new ProcessStartInfo(tool) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{tool}: {await errors}");
    }

    public static byte[] Ascii(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Segment(byte marker, byte[] content) => [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static byte[] Riff(string type, byte[] content) => [.. Ascii(type), .. Little32(content.Length), .. content, .. new byte[content.Length & 1]];

    private static byte[] Box(string type, byte[] content)
    {
        byte[] box = [0, 0, 0, 0, .. Ascii(type), .. content];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        return box;
    }

    private static byte[] Little32(int value) => BitConverter.GetBytes(value);

    private static byte[] Little24(int value) => BitConverter.GetBytes(value)[..3];

    private static void Chunk(Stream png, string type, byte[] data)
    {
        byte[] body = [.. Ascii(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(body));
        png.Write(number);
    }
}
