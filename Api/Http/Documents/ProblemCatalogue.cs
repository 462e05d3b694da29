using System.Reflection;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Http.Documents;

/// <summary>
/// Every way the platform says no: all <see cref="Refusal"/>s that stand in a class named <c>…Refusals</c>. Closed: a code that is not here
/// cannot be in <c>openapi.yaml</c>, and a test holds that none is sent that is not here.
/// </summary>
public static class ProblemCatalogue
{
    private static readonly Assembly[] Assemblies = [typeof(Refusal).Assembly, typeof(Database).Assembly, typeof(ProblemCatalogue).Assembly];

    /// <summary>In the order of their codes.</summary>
    public static readonly IReadOnlyList<Refusal> All = [.. Read().OrderBy(r => r.Code, StringComparer.Ordinal)];

    private static IEnumerable<Refusal> Read() =>
        from assembly in Assemblies
        from type in assembly.GetTypes()
        where type.Name.EndsWith("Refusals", StringComparison.Ordinal)
        from refusal in Of(type)
        select refusal;

    private static IEnumerable<Refusal> Of(Type type)
    {
        const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var fields = type.GetFields(Static).Where(f => f.FieldType == typeof(Refusal) && !f.Name.StartsWith('<')).Select(f => (Refusal)f.GetValue(null)!);
        var properties = type.GetProperties(Static).Where(p => p.PropertyType == typeof(Refusal)).Select(p => (Refusal)p.GetValue(null)!);
        return fields.Concat(properties);
    }
}
