namespace MicroPlatform.Api.Http.Limits;

/// <summary>
/// Cross-origin calls: off unless <c>Cors:Origins</c> names the web front ends of staff (R19). The mini-program needs none. No credentials: tokens go in a header.
/// </summary>
public static class Cors
{
    public static void AddOrigins(this IServiceCollection services, IConfiguration configuration) => services.AddCors(options => options.AddDefaultPolicy(policy => policy
        .WithOrigins(Origins(configuration))
        .WithMethods("GET", "POST", "PUT", "DELETE")
        .WithHeaders("Authorization", "Content-Type", "If-None-Match", "If-Match", Idempotency.Header, ClientVersion.Header)
        .WithExposedHeaders("ETag", "Retry-After", "Date", Idempotency.ReplayedHeader)
        .SetPreflightMaxAge(TimeSpan.FromHours(1))));

    public static void UseOrigins(this WebApplication app)
    {
        if (Origins(app.Configuration).Length > 0) app.UseCors();
    }

    private static string[] Origins(IConfiguration configuration) => configuration.GetSection("Cors:Origins").Get<string[]>() ?? [];
}
