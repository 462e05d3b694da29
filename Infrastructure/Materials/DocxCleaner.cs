using System.IO.Compression;
using System.Text;
using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// DOCX (ISO 29500-2): a ZIP whose contents are counted before and while they are unpacked. Author, company and times are emptied, pictures inside are
/// cleaned like pictures of their own; macros, embedded programs and templates from elsewhere are refused.
/// </summary>
internal static class DocxCleaner
{
    private const int MaxEntries = 2000;
    private const int MaxRatio = 50;
    private const int MaxContentTypes = 1 << 20;
    private const string Main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

    private static readonly string[] ForbiddenWords = ["macroEnabled", "vbaProject", "activeX", "oleObject"];
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What is emptied, and what stands there instead.</summary>
    private static readonly Dictionary<string, string> Emptied = new(StringComparer.OrdinalIgnoreCase)
    {
        ["docProps/core.xml"] = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>""",
        ["docProps/app.xml"] = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>""",
        ["docProps/custom.xml"] = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>""",
    };

    public static CleanFile Inspect(Stream file, MaterialsOptions limits)
    {
        CheckCount(new ByteSource(file));
        using var zip = Open(file);
        if (zip.Entries.Count is 0 or > MaxEntries) throw new BadFileException(MaterialRefusals.TooMuchInside);
        if (zip.Entries.GroupBy(e => e.FullName, StringComparer.OrdinalIgnoreCase).Any(g => g.Count() > 1)) throw BadFileException.Damaged;
        var total = 0L;
        foreach (var entry in zip.Entries)
        {
            var name = entry.FullName;
            if (name.Contains("..", StringComparison.Ordinal) || name.StartsWith('/') || name.Contains('\\', StringComparison.Ordinal)) throw BadFileException.Damaged;
            if (entry.Length > Math.Max(1 << 20, entry.CompressedLength * MaxRatio)) throw new BadFileException(MaterialRefusals.TooMuchInside);
            if ((total += entry.Length) > limits.MaxUnpackedBytes) throw new BadFileException(MaterialRefusals.TooMuchInside);
            if (ForbiddenWords.Any(w => name.Contains(w, StringComparison.OrdinalIgnoreCase)) || name.Contains("/embeddings/", StringComparison.OrdinalIgnoreCase)
                || Path.GetExtension(name).ToLowerInvariant() is ".bin" or ".exe" or ".dll" or ".js" or ".vbs" or ".html" or ".htm" or ".svg" or ".swf")
                throw new BadFileException(MaterialRefusals.ActiveContent);
        }
        var types = Text(zip.GetEntry("[Content_Types].xml") ?? throw new BadFileException(MaterialRefusals.TypeUnsupported));
        if (!types.Contains(Main, StringComparison.Ordinal)) throw new BadFileException(ForbiddenWords.Any(w => types.Contains(w, StringComparison.OrdinalIgnoreCase)) ? MaterialRefusals.ActiveContent : MaterialRefusals.TypeUnsupported);
        if (ForbiddenWords.Any(w => types.Contains(w, StringComparison.OrdinalIgnoreCase))) throw new BadFileException(MaterialRefusals.ActiveContent);
        foreach (var relations in zip.Entries.Where(e => e.FullName.EndsWith(".rels", StringComparison.OrdinalIgnoreCase)))
        {
            var text = Text(relations);
            // A template, frame or program from elsewhere is loaded by opening the document; a link is not.
            if (text.Contains("/attachedTemplate", StringComparison.Ordinal) || text.Contains("/frame\"", StringComparison.Ordinal) || text.Contains("/subDocument", StringComparison.Ordinal)
                || text.Contains("/aFChunk", StringComparison.Ordinal)) throw new BadFileException(MaterialRefusals.ActiveContent);
        }
        return new CleanFile(MaterialType.Docx, null, null, null, target => Write(file, limits, target));
    }

    private static void Write(Stream file, MaterialsOptions limits, Stream target)
    {
        using var zip = Open(file);
        using var output = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var entry in zip.Entries.Where(e => e.Length > 0 || !e.FullName.EndsWith('/')))
        {
            var copy = output.CreateEntry(entry.FullName, CompressionLevel.Fastest);
            copy.LastWriteTime = Epoch;
            using var into = copy.Open();
            if (Emptied.TryGetValue(entry.FullName, out var empty)) into.Write(Encoding.UTF8.GetBytes(empty));
            else if (Picture(entry, limits) is { } picture) picture(into);
            else CopyExactly(entry, into);
        }
    }

    /// <summary>Unpacked twice, as a ZIP cannot be read backwards: once to look, once to write.</summary>
    private static Action<Stream>? Picture(ZipArchiveEntry entry, MaterialsOptions limits)
    {
        var extension = Path.GetExtension(entry.FullName).ToLowerInvariant();
        if (extension is not (".jpg" or ".jpeg" or ".png") || entry.Length == 0) return null;
        return into =>
        {
            using var source = new RewindingEntry(entry);
            var pieces = extension == ".png" ? PngCleaner.Clean(source, limits, requireTailClean: false).Pieces : JpegCleaner.Clean(source, 0, entry.Length, limits, requireTailClean: false).Pieces;
            Piece.Write(pieces, source, into);
        };
    }

    /// <summary>Exactly as much as the table of contents says: one that lies is a bomb or broken.</summary>
    private static void CopyExactly(ZipArchiveEntry entry, Stream into)
    {
        using var from = entry.Open();
        var (buffer, left) = (new byte[16 * 1024], entry.Length);
        try
        {
            int read;
            while ((read = from.Read(buffer)) > 0)
            {
                if ((left -= read) < 0) throw new BadFileException(MaterialRefusals.TooMuchInside);
                into.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            throw BadFileException.Damaged;
        }
        if (left != 0) throw BadFileException.Damaged;
    }

    private static ZipArchive Open(Stream file)
    {
        try
        {
            var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            _ = zip.Entries.Count;
            return zip;
        }
        catch (InvalidDataException)
        {
            throw BadFileException.Damaged;
        }
    }

    /// <summary>How many entries the end of the file promises (APPNOTE 4.3.16), before all of them are read into memory.</summary>
    private static void CheckCount(ByteSource source)
    {
        source.Position = Math.Max(0, source.Length - 66_000);
        long at = -1;
        while (source.Find("PK\x05\x06"u8)) at = source.Position++;
        if (at < 0 || at + 22 > source.Length) throw BadFileException.Damaged;
        source.Position = at + 10;
        var count = source.Take(2);
        if ((count[0] | count[1] << 8) > MaxEntries) throw new BadFileException(MaterialRefusals.TooMuchInside);
    }

    private static string Text(ZipArchiveEntry entry)
    {
        if (entry.Length > MaxContentTypes) throw new BadFileException(MaterialRefusals.TooMuchInside);
        using var text = new MemoryStream();
        CopyExactly(entry, text);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>A packed entry that can be read from an earlier place again, by unpacking it anew from its start.</summary>
    private sealed class RewindingEntry(ZipArchiveEntry entry) : Stream
    {
        private Stream? _open;
        private long _at;

        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => entry.Length;
        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_open is null || _at > Position)
            {
                _open?.Dispose();
                (_open, _at) = (entry.Open(), 0);
            }
            var skip = new byte[Math.Min(16 * 1024, Math.Max(1, Position - _at))];
            while (_at < Position)
            {
                var passed = _open.Read(skip, 0, (int)Math.Min(skip.Length, Position - _at));
                if (passed == 0) return 0;
                _at += passed;
            }
            try
            {
                var read = _open.Read(buffer, offset, (int)Math.Min(count, Length - Position));
                (_at, Position) = (_at + read, Position + read);
                return read;
            }
            catch (InvalidDataException)
            {
                throw BadFileException.Damaged;
            }
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => Position + offset, _ => Length + offset };
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) _open?.Dispose();
            base.Dispose(disposing);
        }
    }
}
