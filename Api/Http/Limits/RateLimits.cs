using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using MicroPlatform.Api.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Http.Limits;

/// <summary>429 for who asks too much (R26). Each node counts for itself: with three nodes a caller gets up to three times as much.</summary>
public static class RateLimits
{
    private const string SignInPath = "/v1/auth";

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration("RateLimits").ValidateDataAnnotations().ValidateOnStart();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((limiter, options) =>
        {
            limiter.GlobalLimiter = options.Value.Enabled
                ? PartitionedRateLimiter.CreateChained(ByAddress(options.Value), ByUser(options.Value), SigningIn(options.Value))
                : PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.GetNoLimiter(""));
            limiter.OnRejected = (context, _) => new ValueTask(Problems.WriteAsync(context.HttpContext, HttpRefusals.RateLimited with
            {
                RetryAfter = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : HttpRefusals.RateLimited.RetryAfter,
            }));
        });
    }

    private static PartitionedRateLimiter<HttpContext> ByAddress(RateLimitOptions options) =>
        PartitionedRateLimiter.Create<HttpContext, string>(http => Limited(AddressOf(http), options.PerAddress));

    private static PartitionedRateLimiter<HttpContext> ByUser(RateLimitOptions options) =>
        PartitionedRateLimiter.Create<HttpContext, string>(http => http.User.FindFirst(CurrentUser.SubjectClaim)?.Value is { } user
            ? Limited(user, options.PerUser)
            : RateLimitPartition.GetNoLimiter(""));

    private static PartitionedRateLimiter<HttpContext> SigningIn(RateLimitOptions options) =>
        PartitionedRateLimiter.Create<HttpContext, string>(http => http.Request.Path.StartsWithSegments(SignInPath, StringComparison.OrdinalIgnoreCase)
            ? Limited(AddressOf(http), options.SignIn)
            : RateLimitPartition.GetNoLimiter(""));

    private static RateLimitPartition<string> Limited(string key, RateLimitOptions.Bucket bucket) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = bucket.Burst,
        TokensPerPeriod = bucket.PerMinute / 60,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        AutoReplenishment = true,
        QueueLimit = 0,
    });

    /// <summary>An IPv6 client has a whole /64 to choose from, so that counts as one.</summary>
    private static string AddressOf(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } address) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress([.. address.GetAddressBytes()[..8], 0, 0, 0, 0, 0, 0, 0, 0]).ToString() : address.ToString();
    }
}
