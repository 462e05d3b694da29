namespace MicroPlatform.Api.Http.Documents;

/// <summary>Names of schemas: a use case's <c>AskQuestion.Request</c> is <c>AskQuestionRequest</c>, a <c>Page&lt;MatterView&gt;</c> is <c>MatterViewPage</c>.</summary>
internal static class SchemaNames
{
    public static string Of(Type type)
    {
        var name = type.Name.Split('`')[0];
        if (type.IsGenericType) return string.Concat(type.GetGenericArguments().Select(Of)) + name;
        return type.DeclaringType is { } outer ? Of(outer) + name : name;
    }
}
