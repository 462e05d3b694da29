namespace MicroPlatform.Api.Meta;

/// <summary>The server's clock, because phones have wrong ones and count-downs need the right one (R6).</summary>
public static class GetTime
{
    /// <param name="UnixMilliseconds">The same as a number.</param>
    public sealed record Response(DateTimeOffset ServerTime, long UnixMilliseconds);

    public static Response Handle(HttpContext http, TimeProvider time)
    {
        http.Response.Headers.CacheControl = "no-store";
        var now = time.GetUtcNow();
        return new Response(now, now.ToUnixTimeMilliseconds());
    }
}
