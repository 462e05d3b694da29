using System.Globalization;
using System.Collections.Concurrent;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace MicroPlatform.Api.Http.Documents;

/// <summary>The documents as text, each made once. OpenAPI 3.0: generators and import tools used with mini-programs cope with it best.</summary>
public sealed class DocumentTexts(ISwaggerProvider provider)
{
    private readonly ConcurrentDictionary<(string, bool), string> _texts = new();

    /// <param name="name">One of <see cref="DocumentSetup.Documents"/>.</param>
    /// <returns>Null when there is no such document.</returns>
    public string? Find(string name, bool yaml) =>
        DocumentSetup.Documents.Any(d => d.Name == name) ? _texts.GetOrAdd((name, yaml), key => Write(key.Item1, key.Item2)) : null;

    private string Write(string name, bool yaml)
    {
        var document = provider.GetSwagger(name);
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAs(OpenApiSpecVersion.OpenApi3_0, yaml ? new OpenApiYamlWriter(text) : new OpenApiJsonWriter(text));
        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }
}
