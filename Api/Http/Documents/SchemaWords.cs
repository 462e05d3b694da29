using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroPlatform.Domain.Common;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MicroPlatform.Api.Http.Documents;

/// <summary>Gives enums their Chinese labels (<c>x-enum-labels</c>, R21), from the <c>Label()</c> methods that the API itself shows.</summary>
public sealed class SchemaWords : ISchemaFilter
{
    private static readonly IReadOnlyDictionary<Type, MethodInfo> Labels = new[] { typeof(Refusal).Assembly, typeof(SchemaWords).Assembly }
        .SelectMany(a => a.GetTypes()).Where(t => t is { IsAbstract: true, IsSealed: true })
        .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public))
        .Where(m => m.Name == "Label" && m.GetParameters() is [{ ParameterType.IsEnum: true }])
        .ToDictionary(m => m.GetParameters()[0].ParameterType);

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        // A member that refers to an enum comes here too: it has the labels by reference.
        if (schema is not OpenApiSchema target || !context.Type.IsEnum || context.MemberInfo is not null) return;
        target.Type = JsonSchemaType.String;
        target.Format = null;
        target.Enum = [.. Enum.GetValuesAsUnderlyingType(context.Type).Cast<object>().Select(v => (JsonNode)NameOf(context.Type, v))];
        if (!Labels.TryGetValue(context.Type, out var label)) return;
        var labels = new JsonObject();
        foreach (var value in Enum.GetValues(context.Type)) labels[NameOf(context.Type, value)] = (string)label.Invoke(null, [value])!;
        target.Extensions = new Dictionary<string, IOpenApiExtension> { [LabelsExtension] = new JsonNodeExtension(labels) };
    }

    public const string LabelsExtension = "x-enum-labels";

    private static string NameOf(Type type, object value) => JsonNamingPolicy.CamelCase.ConvertName(Enum.GetName(type, value)!);
}
