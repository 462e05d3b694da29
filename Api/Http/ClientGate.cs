using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Http;

/// <summary>Section <c>Client</c>.</summary>
public sealed class ClientOptions : IValidatableObject
{
    /// <summary>Oldest mini-program (<c>mp/…</c>) that is served, e.g. <c>1.4.0</c>. Empty: all.</summary>
    public string MinVersion { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        MinVersion.Length > 0 && !Version.TryParse(MinVersion, out _) ? [new ValidationResult($"Client:MinVersion: '{MinVersion}' is not a version such as 1.4.0.")] : [];
}

/// <summary>Reads <c>X-Client</c> once, for the log, and turns away mini-programs that are too old (R24). What tells the client so must itself be reachable: <c>/v1/meta</c> and <c>/v1/time</c>.</summary>
public static class ClientGate
{
    private const string App = "mp";

    public static void UseClientGate(this WebApplication app)
    {
        var least = Version.TryParse(app.Services.GetRequiredService<IOptions<ClientOptions>>().Value.MinVersion, out var version) ? version : null;
        app.Use((http, next) =>
        {
            var header = http.Request.Headers[ClientVersion.Header];
            if (header.Count == 0 || ClientVersion.Parse(header.ToString()) is not { } client) return next(http);
            http.Features.Set(client);
            return least is not null && client.App == App && client.Version < least && !IsOpenToAll(http.Request.Path)
                ? Problems.WriteAsync(http, HttpRefusals.ClientTooOld)
                : next(http);
        });
    }

    private static bool IsOpenToAll(PathString path) => path == "/v1/meta" || path == "/v1/time" || path.StartsWithSegments("/health", StringComparison.Ordinal);
}
