using System.Diagnostics;
using System.Globalization;
using MicroPlatform.Domain.Materials;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// Small pictures, by <c>vipsthumbnail</c> as a child process: decoders are where files attack, so they run in a process of their own, with an empty
/// environment and bounded memory and time, that gets the file by its standard input and can name no path. The output is a new JPEG with the pixels upright
/// and no metadata at all (libvips' WebP and heif-convert would keep the position).
/// </summary>
public sealed class PictureTool(IOptions<MaterialsOptions> options, ILogger<PictureTool> log) : IDisposable
{
    private readonly ThumbnailOptions _options = options.Value.Thumbnails;
    private readonly SemaphoreSlim _turns = new(options.Value.Thumbnails.Parallel);
    private readonly Lazy<string?> _path = new(() => Find(options.Value.Thumbnails.Tool));

    /// <summary>Whether the program is there. Without it thumbnails wait; nothing else does.</summary>
    public bool IsThere => _path.Value is not null;

    /// <summary>Its name, for <c>/health/ready</c>.</summary>
    public string Tool => _options.Tool.Length == 0 ? "off" : _options.Tool;

    /// <summary>Makes the small picture and looks at it.</summary>
    /// <param name="patient">A job waits for its turn; an upload only for a while.</param>
    internal async Task<(ThumbnailState State, PictureLook? Look)> MakeAsync(Func<Stream> open, MaterialType type, StagedFile into, bool patient, CancellationToken cancel)
    {
        if (!type.HasThumbnail()) return (ThumbnailState.None, null);
        if (!IsThere) return (ThumbnailState.Pending, null);
        if (!await _turns.WaitAsync(patient ? Timeout.InfiniteTimeSpan : _options.Wait, cancel)) return (ThumbnailState.Pending, null);
        try
        {
            var made = await RunAsync(open, type, "[Q=80,strip]", ".jpg", (output, limit) => into.FillAsync(output, 8 << 20, limit), cancel);
            // A machine with too much to do says nothing about the picture. The job has patience once, and then leaves it at that.
            if (made is null && !patient) return (ThumbnailState.Pending, null);
            if (made != true || into.Bytes == 0) return (ThumbnailState.Failed, null);
            if (!type.IsImage()) return (ThumbnailState.Done, null);
            PictureLook? look = null;
            // From the small one, which is decoded in no time.
            await RunAsync(into.Open, MaterialType.Jpeg, "", ".ppm", async (output, limit) => (look = await PictureLook.ReadAsync(output, limit)) is not null, cancel);
            return (ThumbnailState.Done, look);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    /// <returns>Whether it could read the picture; null when it took too long.</returns>
    private async Task<bool?> RunAsync(Func<Stream> open, MaterialType type, string saving, string format, Func<Stream, CancellationToken, Task<bool>> read, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(_options.Seconds * 2));
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.Environment.Clear();
        // PDFs are read by poppler, which libvips calls untrusted as a whole; everything else untrusted stays shut.
        if (type != MaterialType.Pdf && format == ".jpg") start.Environment["VIPS_BLOCK_UNTRUSTED"] = "1";
        start.Environment["VIPS_CONCURRENCY"] = "1";
        string[] arguments =
        [
            "-c", "ulimit -v $1 -t $2 -c 0 -f 0; shift 2; exec \"$@\"", "sh",
            (_options.MemoryMiB * 1024).ToString(CultureInfo.InvariantCulture), _options.Seconds.ToString(CultureInfo.InvariantCulture),
            _path.Value!, "stdin", "--size", $"{_options.Side}x{_options.Side}>", "-o", format + saving,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var feeding = FeedAsync(open, process, limit.Token);
            var whole = await read(process.StandardOutput.BaseStream, limit.Token);
            // What is not read any more must not keep the child waiting.
            await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, limit.Token);
            await feeding;
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode == 0 && whole) return true;
            log.LogInformation("{Tool} could not read a {Type}: exit {Code}, {Characters} characters of errors", _options.Tool, type, process.ExitCode, (await errors).Length);
            return false;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning("{Tool} took too long on a {Type}", _options.Tool, type);
            return null;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static async Task FeedAsync(Func<Stream> open, Process process, CancellationToken cancel)
    {
        try
        {
            await using var file = open();
            await file.CopyToAsync(process.StandardInput.BaseStream, cancel);
        }
        catch (IOException)
        {
            // It has seen enough, or has ended: its exit code tells.
        }
        finally
        {
            try
            {
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The same.
            }
        }
    }

    private static string? Find(string tool)
    {
        if (tool.Length == 0 || OperatingSystem.IsWindows()) return null;
        if (tool.Contains('/', StringComparison.Ordinal)) return File.Exists(tool) ? tool : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(p => p.Length > 0).Select(p => Path.Combine(p, tool)).FirstOrDefault(File.Exists);
    }
}
