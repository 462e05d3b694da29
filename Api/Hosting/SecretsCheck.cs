using MicroPlatform.Infrastructure.Hotline;
using MicroPlatform.Infrastructure.Identity;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Hosting;

/// <summary>
/// Looks at the secrets before anything else is touched. Production does not start with one that is missing, weak, or that Development made
/// for itself; WeChat's own are checked by its options. Messages name the key of the configuration and never a value.
/// </summary>
public static class SecretsCheck
{
    /// <exception cref="StartRefusedException">In words an operator can act on.</exception>
    public static void CheckSecrets(this WebApplication app)
    {
        var services = app.Services;
        // Everything that is validated at start, now: before the lock is taken and the schema touched.
        services.GetRequiredService<IStartupValidator>().Validate();
        if (app.Environment.IsProduction() && ProductionFaults(app).ToList() is { Count: > 0 } faults)
            throw new StartRefusedException("Production refuses these settings:\n  - " + string.Join("\n  - ", faults));
        try
        {
            _ = services.GetRequiredService<KeyRing>();
        }
        catch (InvalidOperationException e)
        {
            throw new StartRefusedException(e.Message);
        }
    }

    private static IEnumerable<string> ProductionFaults(WebApplication app)
    {
        var sealing = app.Services.GetRequiredService<IOptions<SealingOptions>>().Value;
        var tokens = app.Services.GetRequiredService<TokenOptions>();
        if (sealing.MasterKeys.Count == 0) yield return "Identity:MasterKeys is missing: give 'keyId:' and 32 random bytes in base64 (openssl rand -base64 32).";
        if (sealing.MasterKeys.Any(k => k.StartsWith(MasterKeyFile.KeyId + ":", StringComparison.Ordinal)))
            yield return $"Identity:MasterKeys holds the key '{MasterKeyFile.KeyId}', which Development made for itself and left beside the data.";
        if (sealing.LookupKey.Length == 0) yield return "Identity:LookupKey is missing: give 32 random bytes in base64 (openssl rand -base64 32).";
        if (app.Services.GetRequiredService<IOptions<PasswordOptions>>().Value.Iterations < 100_000) yield return "Identity:Passwords:Iterations is below 100000.";
        if (tokens.AccessLifetime > TimeSpan.FromHours(1) || tokens.AccessLifetime <= TimeSpan.Zero) yield return "Identity:Tokens:AccessLifetime must be above zero and at most one hour.";
        if (tokens.SessionBelief > TimeSpan.FromSeconds(30)) yield return "Identity:Tokens:SessionBelief above 30 seconds lets signed-out tokens live on.";
        if (app.Services.GetRequiredService<IOptions<HotlineOptions>>().Value.AllowLoopback) yield return "Hotline:AllowLoopback lets partners have us call this machine's own addresses.";
        if (app.Configuration.GetValue("Demo:Enabled", false)) yield return "Demo:Enabled makes accounts whose passwords stand in the README.";
    }
}
