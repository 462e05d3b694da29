using System.Globalization;
using System.Text;

namespace MicroPlatform.Bench;

internal sealed record PlotPoint(int Stored, double P50, double P95);

/// <param name="Budget">Milliseconds.</param>
internal sealed record PlotSeries(string Name, double Budget, IReadOnlyList<PlotPoint> Points);

/// <summary>Search time against stored appointments, as an SVG that needs nothing else.</summary>
internal static class SlotPlot
{
    private const double Width = 760, Height = 420, Left = 70, Right = 220, Top = 50, Bottom = 60;

    private static readonly string[] Colours = ["#1b6ca8", "#c0561f", "#2e7d4f"];

    public static string Draw(IReadOnlyList<PlotSeries> series, string subtitle)
    {
        var most = Math.Max(1, series.Max(s => s.Points.Max(p => p.Stored)));
        var top = Nice(Math.Max(series.Max(s => s.Budget), series.Max(s => s.Points.Max(p => p.P95))) * 1.05);
        double X(double stored) => Left + (stored / most * (Width - Left - Right));
        double Y(double ms) => Height - Bottom - (ms / top * (Height - Top - Bottom));
        var svg = new StringBuilder();
        void Add(FormattableString text) => svg.AppendLine(text.ToString(CultureInfo.InvariantCulture));

        Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">""");
        Add($"""<rect width="{Width}" height="{Height}" fill="#fff"/>""");
        Add($"""<text x="{Left}" y="22" font-size="15">Slot search: time against stored appointments</text>""");
        Add($"""<text x="{Left}" y="39" fill="#666">{subtitle}; one client, so the way there is in it</text>""");
        for (var n = 0; n <= 5; n++)
        {
            var ms = top * n / 5;
            Add($"""<line x1="{Left}" x2="{Width - Right}" y1="{Y(ms):0.0}" y2="{Y(ms):0.0}" stroke="#e4e4e4"/>""");
            Add($"""<text x="{Left - 8}" y="{Y(ms) + 4:0.0}" text-anchor="end">{ms:0.##}</text>""");
        }
        // A mark too near to the one before would be written over it.
        var last = double.NegativeInfinity;
        foreach (var stored in series.SelectMany(s => s.Points).Select(p => p.Stored).Distinct().Order())
        {
            Add($"""<line x1="{X(stored):0.0}" x2="{X(stored):0.0}" y1="{Height - Bottom}" y2="{Height - Bottom + 5}" stroke="#333"/>""");
            if (X(stored) - last < 40) continue;
            last = X(stored);
            Add($"""<text x="{last:0.0}" y="{Height - Bottom + 20}" text-anchor="middle">{stored:N0}</text>""");
        }
        Add($"""<path d="M{Left} {Top} V{Height - Bottom} H{Width - Right}" fill="none" stroke="#333"/>""");
        Add($"""<text x="{(Left + Width - Right) / 2:0}" y="{Height - 18}" text-anchor="middle">appointments stored</text>""");
        Add($"""<text transform="translate(20 {(Top + Height - Bottom) / 2:0}) rotate(-90)" text-anchor="middle">milliseconds</text>""");
        foreach (var (n, s) in series.Index())
        {
            var colour = Colours[n % Colours.Length];
            Add($"""<polyline points="{Points(s, p => p.P50)}" fill="none" stroke="{colour}" stroke-width="2"/>""");
            Add($"""<polyline points="{Points(s, p => p.P95)}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-dasharray="2 4"/>""");
            foreach (var p in s.Points) Add($"""<circle cx="{X(p.Stored):0.0}" cy="{Y(p.P50):0.0}" r="3.5" fill="{colour}"/>""");
            var y = Top + 10 + (n * 56);
            Add($"""<line x1="{Width - Right + 20}" x2="{Width - Right + 48}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/><text x="{Width - Right + 56}" y="{y + 4}">{s.Name}, p50</text>""");
            Add($"""<line x1="{Width - Right + 20}" x2="{Width - Right + 48}" y1="{y + 18}" y2="{y + 18}" stroke="{colour}" stroke-width="1.5" stroke-dasharray="2 4"/><text x="{Width - Right + 56}" y="{y + 22}">p95 (budget of p50: {s.Budget:0} ms)</text>""");
        }
        foreach (var budget in series.Select(s => s.Budget).Distinct())
        {
            Add($"""<line x1="{Left}" x2="{Width - Right}" y1="{Y(budget):0.0}" y2="{Y(budget):0.0}" stroke="#999" stroke-dasharray="8 4"/>""");
            Add($"""<text x="{Width - Right + 4}" y="{Y(budget) + 4:0.0}" fill="#777">budget {budget:0} ms</text>""");
        }
        Add($"</svg>");
        return svg.ToString();

        string Points(PlotSeries s, Func<PlotPoint, double> of) =>
            string.Join(' ', s.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Stored):0.0},{Y(of(p)):0.0}")));
    }

    /// <summary>The next of 1, 2, 5 times a power of ten.</summary>
    private static double Nice(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        foreach (var step in new[] { 1.0, 2, 5 })
            if (value <= step * power) return step * power;
        return 10 * power;
    }
}
