using System.Data.Common;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>What went wrong, as far as the two engines agree on it.</summary>
public enum SqlFault
{
    /// <summary>A mistake of ours, or something no repeat will mend.</summary>
    Other,
    /// <summary>A unique key said no.</summary>
    DuplicateKey,
    /// <summary>Deadlock, lock wait, busy, certification conflict: the same transaction may well succeed when run again.</summary>
    Contention,
    /// <summary>The server or the connection went away; whether a COMMIT arrived is not known.</summary>
    ConnectionLost,
    /// <summary>No room to write.</summary>
    StorageFull,
}

/// <summary>The few places where SQLite and MySQL want different words. Everything else is one SQL.</summary>
public abstract class SqlDialect
{
    /// <summary>Name shown at <c>/health/ready</c>.</summary>
    public abstract string Name { get; }

    /// <summary><c>INSERT INTO</c> that passes over rows whose key is there already.</summary>
    public abstract string InsertIgnore { get; }

    /// <summary>Clause after an INSERT that turns it into an update of <paramref name="columns"/> when <paramref name="key"/> is there already.</summary>
    public abstract string OnDuplicate(string key, params string[] columns);

    /// <summary>
    /// After a table's name: this index and no other. For lists that must stay fast however the statistics look; a test reads the plans.
    /// </summary>
    public abstract string UseIndex(string index);

    /// <summary>Whether this server takes several statements as one (MariaDB's <c>BEGIN NOT ATOMIC … END</c>), which it answers once.</summary>
    public virtual bool TakesCompoundStatements(DbConnection connection) => false;

    public abstract SqlFault Classify(Exception exception);

    /// <summary>Types of the migrations, written <c>{id}</c>, <c>{code}</c>, … there.</summary>
    protected abstract IReadOnlyDictionary<string, string> Types { get; }

    /// <summary>Whether a migration's statement failed only because what it makes is there already, or what it drops is gone.</summary>
    public virtual bool IsAlreadyThere(Exception exception) => false;

    /// <summary>A migration with its type tokens replaced.</summary>
    public virtual string Translate(string migration) =>
        Types.Aggregate(migration, (sql, type) => sql.Replace("{" + type.Key + "}", type.Value, StringComparison.Ordinal));

    public static SqlDialect For(DatabaseOptions options) => options.Provider == "mysql" ? new MySqlDialect(options.CompoundStatements) : new SqliteDialect();
}

internal sealed class SqliteDialect : SqlDialect
{
    public override string Name => "sqlite";

    public override string InsertIgnore => "INSERT OR IGNORE INTO";

    public override string OnDuplicate(string key, params string[] columns) =>
        $"ON CONFLICT ({key}) DO UPDATE SET {string.Join(", ", columns.Select(c => $"{c} = excluded.{c}"))}";

    public override string UseIndex(string index) => $"INDEXED BY {index}";

    /// <summary>There is no <c>ADD COLUMN IF NOT EXISTS</c>; error 1 with these words says the same.</summary>
    public override bool IsAlreadyThere(Exception exception) => exception is Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 1 } e
        && (e.Message.Contains("duplicate column name", StringComparison.Ordinal) || e.Message.Contains("no such index", StringComparison.Ordinal));

    public override SqlFault Classify(Exception exception) => exception switch
    {
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 19, SqliteExtendedErrorCode: 1555 or 2067 } => SqlFault.DuplicateKey,
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 5 or 6 } => SqlFault.Contention,
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 13 } => SqlFault.StorageFull,
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 10 or 14 or 26 } => SqlFault.ConnectionLost,
        _ => SqlFault.Other,
    };

    protected override IReadOnlyDictionary<string, string> Types { get; } = new Dictionary<string, string>
    {
        ["id"] = "TEXT",
        ["code"] = "TEXT",
        ["short"] = "TEXT",
        ["text"] = "TEXT",
        ["int"] = "INTEGER",
        ["bigint"] = "INTEGER",
        ["instant"] = "INTEGER",
        ["bool"] = "INTEGER",
        ["path"] = "TEXT",
        ["serial"] = "INTEGER PRIMARY KEY AUTOINCREMENT",
        ["table"] = "",
    };
}

internal sealed class MySqlDialect(bool compoundStatements) : SqlDialect
{
    public override string Name => "mysql";

    public override bool TakesCompoundStatements(DbConnection connection) => compoundStatements && connection.ServerVersion.Contains("MariaDB", StringComparison.Ordinal);

    public override string InsertIgnore => "INSERT IGNORE INTO";

    public override string OnDuplicate(string key, params string[] columns) =>
        $"ON DUPLICATE KEY UPDATE {string.Join(", ", columns.Select(c => $"{c} = VALUES({c})"))}";

    public override string UseIndex(string index) => $"FORCE INDEX ({index})";

    /// <summary>MySQL itself, unlike MariaDB, has no <c>CREATE INDEX IF NOT EXISTS</c>; error 1061 says the same, and 1060 of a column.</summary>
    public override string Translate(string migration) =>
        base.Translate(migration).Replace("INDEX IF NOT EXISTS", "INDEX", StringComparison.Ordinal);

    public override bool IsAlreadyThere(Exception exception) => MySqlDriver.ErrorNumber(exception) is 1060 or 1061 or 1091;

    public override SqlFault Classify(Exception exception)
    {
        // An error of the network comes wrapped in one of the driver, so look at the whole chain.
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is IOException or System.Net.Sockets.SocketException or TimeoutException) return SqlFault.ConnectionLost;
            if (MySqlDriver.ErrorNumber(e) is not { } number) continue;
            switch (number)
            {
                case 1062 or 1586: return SqlFault.DuplicateKey;
                // -1 and 1317: a statement took longer than it may, which is to say that it waited for others.
                case 1205 or 1213 or 1020 or 3572 or 1317 or -1: return SqlFault.Contention;
                case 1021 or 1114 or 3: return SqlFault.StorageFull;
                case 1040 or 1041 or 1042 or 1043 or 1047 or 1053 or 1077 or 1078 or 1079 or 1129 or 1152 or 1158 or 1159
                    or 1160 or 1161 or 1184 or 1203 or 1226 or 1290 or 1792 or 1836 or 1927 or (>= 2000 and <= 2062) or 0:
                    return SqlFault.ConnectionLost;
                default: return SqlFault.Other;
            }
        }
        return SqlFault.Other;
    }

    protected override IReadOnlyDictionary<string, string> Types { get; } = new Dictionary<string, string>
    {
        // The table's utf8mb4_bin, not ascii: comparing an ascii column with what a caller typed in Chinese is an error, not "no".
        ["id"] = "CHAR(26)",
        ["code"] = "VARCHAR(96)",
        ["short"] = "VARCHAR(255)",
        ["text"] = "MEDIUMTEXT",
        ["int"] = "INT",
        ["bigint"] = "BIGINT",
        ["instant"] = "BIGINT",
        ["bool"] = "TINYINT(1)",
        ["path"] = "VARCHAR(250)",
        ["serial"] = "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY",
        ["table"] = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
    };
}
