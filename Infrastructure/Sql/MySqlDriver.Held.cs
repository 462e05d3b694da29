#if !DRIVERS_CURRENT
using System.Collections;
using System.Data.Common;
using System.Reflection;
using MySql.Data.MySqlClient;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>
/// The MySQL driver that any registry can restore, with the cures its faults need (README, "Drivers"). Everything that knows
/// this driver stands in this file; <c>MySqlDriver.Current.cs</c> is its twin for production.
/// </summary>
internal static class MySqlDriver
{
    /// <summary>Shown at start and at <c>/health/ready</c>, so that nobody runs the held set in production unawares.</summary>
    public const string Name = "MySql.Data 8.0.16 (held)";

    public static DbProviderFactory Factory
    {
        get
        {
            TeachUtf8Mb3();
            // Its async calls block their thread; without spare threads 256 waiting calls complete nothing.
            ThreadPool.GetMinThreads(out var workers, out var io);
            ThreadPool.SetMinThreads(Math.Max(workers, 64), io);
            return MySqlClientFactory.Instance;
        }
    }

    /// <summary>The caller's string with what the platform relies on: utf8mb4, bounded waits, a pool that fits its threads.</summary>
    public static string Complete(string connectionString)
    {
        var builder = new MySqlConnectionStringBuilder(connectionString) { CharacterSet = "utf8mb4", AllowUserVariables = false };
        if (!connectionString.Contains("timeout", StringComparison.OrdinalIgnoreCase)) builder.ConnectionTimeout = 5;
        if (!connectionString.Contains("command", StringComparison.OrdinalIgnoreCase)) builder.DefaultCommandTimeout = 10;
        if (!connectionString.Contains("pool", StringComparison.OrdinalIgnoreCase)) builder.MaximumPoolSize = 64;
        return builder.ConnectionString;
    }

    public static int? ErrorNumber(Exception exception) => (exception as MySqlException)?.Number;

    /// <summary>Server 10.6+ reports <c>utf8mb3</c>, a name this driver does not know: any statement that raises a warning would throw.</summary>
    private static void TeachUtf8Mb3()
    {
        var map = typeof(MySqlConnection).Assembly.GetType("MySql.Data.MySqlClient.CharSetMap");
        foreach (var field in map?.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public) ?? [])
        {
            if (field.GetValue(null) is not IDictionary names || !names.Contains("utf8")) continue;
            lock (names) if (!names.Contains("utf8mb3")) names["utf8mb3"] = names["utf8"];
        }
    }
}
#endif
