using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Materials;
using MicroPlatform.Infrastructure.Materials;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MicroPlatform.Api.Materials;

/// <summary>
/// What <c>wx.uploadFile</c> sends (R15): one part <c>file</c> and text fields, in any order. Read piece by piece into a sealed file; nothing of it is ever held
/// whole in memory or lies readable on a disk.
/// </summary>
public sealed class UploadForm : IDisposable
{
    private const int MaxFields = 12;
    private const int MaxFieldBytes = 1024;

    /// <summary>As the document describes it.</summary>
    /// <param name="File">The file, exactly one.</param>
    /// <param name="Name">What the person calls it; the file's name when absent.</param>
    /// <param name="ItemCode">The item of a checklist it is for.</param>
    /// <param name="Sha256">Of the file, hex; checked when given.</param>
    /// <param name="ConcernsMinor"><c>true</c> when it shows or concerns somebody under eighteen.</param>
    public sealed record Fields(IFormFile File, string? Name, string? ItemCode, string? Sha256, string? ConcernsMinor);

    private readonly StagedFile _file;

    private UploadForm(StagedFile file, string name, Dictionary<string, string> fields)
    {
        (_file, Name) = (file, name);
        ItemCode = fields.GetValueOrDefault("itemCode");
        Sha256 = fields.GetValueOrDefault("sha256");
        ConcernsMinor = fields.GetValueOrDefault("concernsMinor") == "true";
    }

    internal StagedFile File => _file;

    public string Name { get; }

    public string? ItemCode { get; }

    public string? Sha256 { get; }

    public bool ConcernsMinor { get; }

    internal static async Task<Outcome<UploadForm>> ReadAsync(HttpContext http, MaterialIntake intake)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary)
            return MaterialRefusals.UploadMalformed;
        StagedFile? file = null;
        try
        {
            var reader = new MultipartReader(boundary, http.Request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
            var (fields, fileName) = (new Dictionary<string, string>(StringComparer.Ordinal), "");
            while (await reader.ReadNextSectionAsync(http.RequestAborted) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) return Refuse(file, MaterialRefusals.UploadMalformed);
                var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
                if (disposition.FileName.HasValue || disposition.FileNameStar.HasValue)
                {
                    if (file is not null || name != "file") return Refuse(file, MaterialRefusals.UploadMalformed.At("file", "只能上传一个文件，字段名为file"));
                    fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "";
                    var received = await intake.ReceiveAsync(section.Body, http.RequestAborted);
                    if (received.IsRefused) return received.Refusal!;
                    file = received.Value;
                    continue;
                }
                if (fields.Count >= MaxFields || await TextAsync(section.Body, http.RequestAborted) is not { } text) return Refuse(file, MaterialRefusals.UploadMalformed);
                fields[name] = text;
            }
            if (file is null) return MaterialRefusals.UploadMalformed.At("file", "缺少文件");
            return Checked(file, fileName, fields);
        }
        catch (Exception e) when (e is (IOException or InvalidDataException) and not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested)
        {
            return Refuse(file, MaterialRefusals.UploadMalformed);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>The name of a file as a name for people: no path, no ending, no signs that nobody can store.</summary>
    internal static Outcome<string> NameOf(string? given, string fileName)
    {
        if (!string.IsNullOrWhiteSpace(given)) return Text.Clean(given, "name", Material.MaxName);
        var bare = new string([.. Path.GetFileNameWithoutExtension(fileName.Split('/', '\\')[^1]).Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]).Trim();
        return bare.Trim('.').Length == 0 ? "未命名材料" : bare.Length <= Material.MaxName ? bare : bare[..Material.MaxName];
    }

    /// <summary>What makes two uploads the same request.</summary>
    public string Hash() => $"{_file.Sha256}\n{Name}\n{ItemCode}\n{ConcernsMinor}";

    public void Dispose() => _file.Dispose();

    private static Outcome<UploadForm> Checked(StagedFile file, string fileName, Dictionary<string, string> fields)
    {
        var name = NameOf(fields.GetValueOrDefault("name"), fileName);
        if (name.IsRefused) return Refuse(file, name.Refusal!);
        if (fields.GetValueOrDefault("itemCode") is { } item && !IsItemCode(item)) return Refuse(file, MaterialRefusals.UnknownItem.At("itemCode", "没有这个材料项目"));
        if (fields.GetValueOrDefault("sha256") is { } sha && (sha.Length != 64 || !sha.All(char.IsAsciiHexDigit))) return Refuse(file, CommonRefusals.Invalid.At("sha256", "应为64位十六进制"));
        return new UploadForm(file, name.Value, fields);
    }

    internal static bool IsItemCode(string text) => text.Length is > 0 and <= 40 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static Outcome<UploadForm> Refuse(StagedFile? file, Refusal refusal)
    {
        file?.Dispose();
        return refusal;
    }

    private static async Task<string?> TextAsync(Stream body, CancellationToken cancel)
    {
        var buffer = new byte[MaxFieldBytes + 1];
        var count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return count > MaxFieldBytes ? null : System.Text.Encoding.UTF8.GetString(buffer, 0, count);
    }
}
