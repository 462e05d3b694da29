using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MicroPlatform.Api.Http.Documents;

/// <summary>
/// Examples of one feature's operations, in <c>Api/&lt;Feature&gt;/&lt;Feature&gt;Examples.cs</c>, written with the feature's own types so that the compiler
/// keeps them true. They stand in <c>openapi.yaml</c> and in Swagger UI's "Try it out", and can be sent to the demo district as they are.
/// </summary>
public abstract class OperationExamples
{
    private static readonly JsonSerializerOptions Requests = new(WireJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly Lazy<IReadOnlyDictionary<string, OperationExample>> ByOperation = new(() =>
        typeof(OperationExamples).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(OperationExamples)) && !t.IsAbstract)
            .SelectMany(t => ((OperationExamples)Activator.CreateInstance(t)!)._examples)
            .ToDictionary(StringComparer.Ordinal));

    private readonly Dictionary<string, OperationExample> _examples = [];

    /// <summary>All features', by operationId.</summary>
    public static IReadOnlyDictionary<string, OperationExample> All => ByOperation.Value;

    /// <param name="operationId">As the route table names it.</param>
    /// <param name="request">Body; members that are null are left out.</param>
    /// <param name="response">Body of the success.</param>
    /// <param name="parameters">Values of path and query parameters, as (name, value) pairs.</param>
    protected void For(string operationId, object? request = null, object? response = null, params (string Name, string Value)[] parameters) => _examples.Add(
        operationId,
        new OperationExample(
            request is null ? null : JsonSerializer.SerializeToNode(request, Requests),
            response is null ? null : JsonSerializer.SerializeToNode(response, WireJson.Options),
            parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)));

    /// <summary>The same of a file that is sent or answered as CSV.</summary>
    /// <param name="answer">The file, or the JSON that an import answers.</param>
    protected void ForCsv(string operationId, string? sent = null, object? answer = null, params (string Name, string Value)[] parameters) => For(operationId, sent, answer, parameters);
}

/// <summary>What to send to an operation, and what it answers.</summary>
public sealed record OperationExample(JsonNode? Request, JsonNode? Response, IReadOnlyDictionary<string, string> Parameters);
