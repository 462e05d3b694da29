using MicroPlatform.Domain.Materials;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>
/// What the photo coach sees: brightness, sharpness, and a hash of the looks. Read row by row from a PPM, so that three rows are all it holds.
/// Sharpness is the variance of the Laplacian of brightness; the hash is a dHash of 9 by 8 fields.
/// </summary>
internal sealed record PictureLook(double Brightness, double Sharpness, long Hash)
{
    /// <summary>Mean brightness of 255 below which a photograph counts as dark. A page photographed at night without light has about 30.</summary>
    private const double Dark = 45;

    /// <summary>A sharp page of text has several hundred at this size, one out of focus below 60.</summary>
    private const double Blurry = 60;

    /// <summary>Pixels of the shorter side of the original below which small print cannot be read.</summary>
    private const int Small = 600;

    private const int Columns = 9;
    private const int Rows = 8;

    public IReadOnlyList<PhotoWarning> Warnings(int width, int height)
    {
        var warnings = new List<PhotoWarning>();
        if (Math.Min(width, height) < Small) warnings.Add(PhotoWarning.TooSmall);
        if (Brightness < Dark) warnings.Add(PhotoWarning.TooDark);
        if (Sharpness < Blurry) warnings.Add(PhotoWarning.Blurred);
        return warnings;
    }

    /// <summary>Null when it is no PPM (P6, 8 bits) or ends too early.</summary>
    public static async Task<PictureLook?> ReadAsync(Stream ppm, CancellationToken cancel)
    {
        var header = new List<string>();
        var one = new byte[1];
        while (header.Count < 4)
        {
            var word = "";
            while (await ppm.ReadAsync(one, cancel) == 1 && !char.IsWhiteSpace((char)one[0]))
            {
                if (one[0] == '#')
                {
                    while (one[0] != '\n' && await ppm.ReadAsync(one, cancel) == 1) word = "";
                    break;
                }
                if ((word += (char)one[0]).Length > 16) return null;
            }
            if (word.Length > 0) header.Add(word);
            else if (one[0] == 0) return null;
        }
        if (header[0] != "P6" || !int.TryParse(header[1], out var width) || !int.TryParse(header[2], out var height) || header[3] != "255" || width is < 1 or > 8192 || height is < 1 or > 8192) return null;
        return await ReadRowsAsync(ppm, width, height, cancel);
    }

    private static async Task<PictureLook?> ReadRowsAsync(Stream ppm, int width, int height, CancellationToken cancel)
    {
        var pixels = new byte[width * 3];
        int[] above = new int[width], row = new int[width], below = new int[width];
        var (sum, edges, edgeSum, edgeSquares) = (0L, 0L, 0.0, 0.0);
        long[] fields = new long[Columns * Rows], counts = new long[Columns * Rows];
        for (var y = 0; y < height; y++)
        {
            if (await ppm.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false, cancel) < pixels.Length) return null;
            (above, row, below) = (row, below, above);
            for (var x = 0; x < width; x++)
            {
                var light = (299 * pixels[3 * x] + 587 * pixels[3 * x + 1] + 114 * pixels[3 * x + 2]) / 1000;
                below[x] = light;
                sum += light;
                var field = y * Rows / height * Columns + x * Columns / width;
                fields[field] += light;
                counts[field]++;
            }
            if (y < 2) continue;
            for (var x = 1; x < width - 1; x++)
            {
                var edge = above[x] + below[x] + row[x - 1] + row[x + 1] - 4 * row[x];
                edgeSum += edge;
                edgeSquares += (double)edge * edge;
                edges++;
            }
        }
        var hash = 0L;
        for (var r = 0; r < Rows; r++)
            for (var c = 0; c < Columns - 1; c++)
                hash = hash << 1 | (Mean(r * Columns + c) < Mean(r * Columns + c + 1) ? 1L : 0L);
        var mean = edges == 0 ? 0 : edgeSum / edges;
        return new PictureLook((double)sum / ((long)width * height), edges == 0 ? 0 : edgeSquares / edges - mean * mean, hash);

        double Mean(int field) => counts[field] == 0 ? 0 : (double)fields[field] / counts[field];
    }
}
