using System.Data.Common;
using MySqlConnector;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>What is particular to the MySQL driver: its factory, its settings, its error numbers.</summary>
internal static class MySqlDriver
{
    /// <summary>Shown at start and at <c>/health/ready</c>.</summary>
    public static readonly string Name = $"MySqlConnector {PackageVersion.Of<MySqlConnection>()}";

    public static DbProviderFactory Factory => MySqlConnectorFactory.Instance;

    public static DbDataSource CreateDataSource(string connectionString) => Factory.CreateDataSource(Complete(connectionString));

    /// <summary>The caller's string with what the platform relies on: utf8mb4, bounded waits.</summary>
    private static string Complete(string connectionString)
    {
        var builder = new MySqlConnectionStringBuilder(connectionString) { CharacterSet = "utf8mb4", AllowUserVariables = false };
        if (!connectionString.Contains("timeout", StringComparison.OrdinalIgnoreCase)) builder.ConnectionTimeout = 5;
        if (!connectionString.Contains("command", StringComparison.OrdinalIgnoreCase)) builder.DefaultCommandTimeout = 10;
        // Nothing is ever left in a session (no variables, no temporary tables, every transaction ended), so there is nothing to reset at each opening.
        if (!connectionString.Contains("reset", StringComparison.OrdinalIgnoreCase)) builder.ConnectionReset = false;
        return builder.ConnectionString;
    }

    public static int? ErrorNumber(Exception exception) => (exception as MySqlException)?.Number;
}
