using Dapper;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Registry;

/// <summary>Units by name, as files name them: a name that several share has to be written as an id.</summary>
public sealed class UnitNames
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _ids = new(StringComparer.Ordinal);

    public static async Task<UnitNames> ReadAsync(UnitOfWork tx) => Of(await tx.QueryAsync<Row>("SELECT id, name FROM organisations"));

    public static Task<UnitNames> ReadAsync(Database database, CancellationToken cancel) => database.ReadAsync(async c => Of(await c.QueryAsync<Row>("SELECT id, name FROM organisations")), cancel);

    public void Add(string id, string name)
    {
        if (_names.TryGetValue(id, out var before)) _ids[before].Remove(id);
        _names[id] = name;
        if (!_ids.TryGetValue(name, out var ids)) _ids[name] = ids = [];
        ids.Add(id);
    }

    /// <summary>The name where it says which unit it is, else the id.</summary>
    public string Word(string id) => _names.TryGetValue(id, out var name) && _ids[name].Count == 1 ? name : id;

    /// <summary>The id of what is named or numbered; null where there is none. Several: the name alone does not say.</summary>
    public string? Find(string nameOrId, out bool several)
    {
        several = false;
        if (_names.ContainsKey(nameOrId)) return nameOrId;
        if (!_ids.TryGetValue(nameOrId, out var ids) || ids.Count == 0) return null;
        several = ids.Count > 1;
        return several ? null : ids[0];
    }

    /// <summary>The same, said in words where it fails.</summary>
    public string? Find(string nameOrId, Action<string> complain)
    {
        var found = Find(nameOrId, out var several);
        if (found is null) complain(several ? $"有多个机构名为“{nameOrId}”，请填写机构编号" : $"没有名为“{nameOrId}”的机构");
        return found;
    }

    private static UnitNames Of(IEnumerable<Row> rows)
    {
        var names = new UnitNames();
        foreach (var row in rows) names.Add(row.Id, row.Name);
        return names;
    }

    private sealed record Row
    {
        public required string Id { get; init; }
        public required string Name { get; init; }
    }
}
