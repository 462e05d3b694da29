using QRCoder;

namespace MicroPlatform.Api.Http;

/// <summary>QR codes (ISO/IEC 18004) as pictures, with error correction level M: a quarter of a printed code may be scratched.</summary>
internal static class QrCode
{
    public const string SvgType = "image/svg+xml";
    public const string PngType = "image/png";

    /// <param name="pixels">Of one module.</param>
    public static string Svg(string text, int pixels)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(code);
        return svg.GetGraphic(pixels);
    }

    /// <inheritdoc cref="Svg"/>
    public static byte[] Png(string text, int pixels)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(code);
        return png.GetGraphic(pixels);
    }
}
