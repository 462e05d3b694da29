using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Http;

/// <summary>
/// The one JSON of the wire: camelCase, Chinese readable, nulls written (R20: a declared property is never omitted), enums as camelCase
/// strings, instants as RFC 3339 with +08:00 and milliseconds, nesting at most 32 deep.
/// </summary>
public static class WireJson
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 32;
        options.Converters.Add(new StrictEnums());
        options.Converters.Add(new InstantConverter());
        return options;
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            // A time without offset would be read in the server's zone: refuse it.
            var text = reader.GetString() ?? "";
            return text.Length > 10 && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10)
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
                ? instant
                : throw new JsonException("Not an RFC 3339 time with offset.");
        }

        /// <summary>2026-11-25T09:30:00.000+08:00, digit by digit: a list holds dozens, and a format string costs ten times as much.</summary>
        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        {
            var local = value.InChina();
            Span<byte> text = stackalloc byte[29];
            "0000-00-00T00:00:00.000+08:00"u8.CopyTo(text);
            Digits(text[..4], local.Year);
            Digits(text[5..7], local.Month);
            Digits(text[8..10], local.Day);
            Digits(text[11..13], local.Hour);
            Digits(text[14..16], local.Minute);
            Digits(text[17..19], local.Second);
            Digits(text[20..23], local.Millisecond);
            writer.WriteStringValue(text);
        }

        private static void Digits(Span<byte> to, int number)
        {
            for (var i = to.Length - 1; i >= 0; i--, number /= 10) to[i] = (byte)('0' + (number % 10));
        }
    }
}
