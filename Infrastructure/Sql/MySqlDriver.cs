using System.Data.Common;
using MySqlConnector;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>What is particular to the MySQL driver: its factory, its settings, its error numbers.</summary>
internal static class MySqlDriver
{
    /// <summary>Shown at start and at <c>/health/ready</c>.</summary>
    public static readonly string Name = $"MySqlConnector {PackageVersion.Of<MySqlConnection>()}";

    public static DbProviderFactory Factory => MySqlConnectorFactory.Instance;

    /// <summary>
    /// Connections that read as they need to be read whatever the server's default is (some clouds' is READ COMMITTED): a thing read over several statements of a
    /// transaction is read as it was at one instant, so that its version guards all of it. Said once per connection, not at each transaction.
    /// </summary>
    public static DbDataSource CreateDataSource(string connectionString) => new MySqlDataSourceBuilder(Complete(connectionString))
        .UseConnectionOpenedCallback(async (opened, cancel) =>
        {
            if ((opened.Conditions & (MySqlConnectionOpenedConditions.New | MySqlConnectionOpenedConditions.Reset)) == 0) return;
            await using var command = new MySqlCommand("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", opened.Connection);
            await command.ExecuteNonQueryAsync(cancel);
        })
        .Build();

    /// <summary>Sees to it that a connection in an unknown state is closed when it is given back, and not lent again.</summary>
    public static Task DiscardAsync(DbConnection connection) => MySqlConnection.ClearPoolAsync((MySqlConnection)connection);

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
