using System.ComponentModel.DataAnnotations;

namespace MicroPlatform.Infrastructure.Sql;

/// <summary>Which database keeps the truth. Section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary><c>sqlite</c> (embedded, a file in <c>Data:Folder</c>) or <c>mysql</c> (any server that speaks the MySQL protocol).</summary>
    [RegularExpression("sqlite|mysql")]
    public string Provider { get; set; } = "sqlite";

    /// <summary>ADO.NET connection string for <c>mysql</c>; unused with <c>sqlite</c>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>How many waiting writers SQLite may commit together. 1 switches grouping off. Figures: <c>docs/adr/0003</c>.</summary>
    [Range(1, 1024)]
    public int CommitGroup { get; set; } = 64;

    /// <summary>
    /// Statements that go to a MariaDB server together go as one compound statement (<c>BEGIN NOT ATOMIC</c>), which answers once and not once for each
    /// (<c>docs/adr/0026</c>). MySQL knows none and is never sent one. False: MariaDB is not either, for a proxy that reads SQL and does not know it.
    /// </summary>
    public bool CompoundStatements { get; set; } = true;

    /// <summary>How often a whole transaction is tried when it loses to others (deadlock, busy, lost connection, version).</summary>
    [Range(1, 20)]
    public int Attempts { get; set; } = 8;
}

/// <summary>Where files live. Section <c>Data</c>.</summary>
public sealed class DataOptions
{
    /// <summary>Folder of the embedded database, keys of Development and the instance lock; made when absent.</summary>
    [Required]
    public string Folder { get; set; } = "data";
}
