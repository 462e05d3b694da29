using System.Text.Json;
using System.Text.Json.Nodes;
using MicroPlatform.Api.Hotline;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Hotline;
using MicroPlatform.Domain.Identity;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MicroPlatform.Api.Http.Documents;

/// <summary>
/// The last hand on a document: the closed list of codes, what operations share, members that are always present said to be required,
/// and one order for everything, so that two builds of one source are byte for byte the same.
/// </summary>
public sealed class DocumentTidying : IDocumentFilter
{
    private const string Code = "ProblemCode";

    /// <summary>Refusals that any operation may give; some only where one must be signed in.</summary>
    internal static readonly IReadOnlyList<(string Status, string Name, bool NeedsSignIn)> CommonResponses =
        [("401", "Unauthenticated", true), ("403", "Forbidden", true), ("426", "ClientTooOld", false), ("429", "RateLimited", false), ("500", "InternalError", false), ("503", "Unavailable", false)];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var components = swaggerDoc.Components ??= new OpenApiComponents();
        var schemas = components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        swaggerDoc.Servers = [new OpenApiServer { Url = "/" }];

        AddProblem(swaggerDoc, context, schemas);
        AddShared(swaggerDoc, components);
        var sent = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in swaggerDoc.Paths.Values.SelectMany(p => p.Operations ?? []))
            if (operation.Value.RequestBody?.Content is { } content)
                foreach (var media in content.Values) Collect(media.Schema, schemas, sent);
        foreach (var (name, schema) in schemas)
            if (schema is OpenApiSchema { Properties: not null } target) Tidy(target, isRequest: sent.Contains(name));

        var paths = new OpenApiPaths();
        foreach (var (path, item) in swaggerDoc.Paths.OrderBy(p => p.Key, StringComparer.Ordinal)) paths[path] = item;
        swaggerDoc.Paths = paths;
        components.Schemas = schemas.OrderBy(s => s.Key, StringComparer.Ordinal).ToDictionary(s => s.Key, s => s.Value);
        swaggerDoc.Tags = new HashSet<OpenApiTag>(swaggerDoc.Paths.Values.SelectMany(p => p.Operations ?? []).SelectMany(o => o.Value.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(t => t.Reference.Id!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => new OpenApiTag { Name = name }));
    }

    private static void AddProblem(OpenApiDocument document, DocumentFilterContext context, IDictionary<string, IOpenApiSchema> schemas)
    {
        var labels = new JsonObject();
        foreach (var refusal in ProblemCatalogue.All) labels[refusal.Code] = refusal.Title;
        schemas[Code] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "拒绝原因代码，含义固定不变。以后可能增加新的代码，客户端遇到未知代码时按 title 提示即可。",
            Enum = [.. ProblemCatalogue.All.Select(r => (JsonNode)r.Code)],
            Extensions = new Dictionary<string, IOpenApiExtension> { [SchemaWords.LabelsExtension] = new JsonNodeExtension(labels) },
        };
        context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        context.SchemaGenerator.GenerateSchema(typeof(PartnerProblem), context.SchemaRepository);
        if (schemas.TryGetValue(nameof(PartnerProblem), out var partners) && partners is OpenApiSchema { Properties: { } members })
            members["reason"] = new OpenApiSchemaReference(Code, document);
        if (schemas.TryGetValue(nameof(Problem), out var problem) && problem is OpenApiSchema { Properties: { } properties })
            properties["code"] = new OpenApiSchemaReference(Code, document);
    }

    private static void AddShared(OpenApiDocument document, OpenApiComponents components)
    {
        components.Responses = new Dictionary<string, IOpenApiResponse>
        {
            ["ClientTooOld"] = Response(document, "客户端版本过低", HttpRefusals.ClientTooOld, 426),
            ["Forbidden"] = Response(document, "没有权限", CommonRefusals.Forbidden, 403),
            ["InternalError"] = Response(document, "系统故障", HttpRefusals.InternalError, 500),
            ["RateLimited"] = Response(document, "请求过于频繁，见 Retry-After", HttpRefusals.RateLimited, 429),
            ["Unauthenticated"] = Response(document, "未登录、登录过期或已失效", IdentityRefusals.TokenExpired, 401),
            ["Unavailable"] = Response(document, "暂时不可用，见 Retry-After", CommonRefusals.Unavailable, 503),
        };
        foreach (var (name, response) in components.Responses.ToList())
            if (response is OpenApiResponse { Content: { } content } && content[Problems.ContentType].Example is { } example)
                components.Responses[OfPartner(name)] = PartnerResponse(document, response.Description!, (string)example["code"]!, (int)example["status"]!);
        components.Parameters = new Dictionary<string, IOpenApiParameter>
        {
            ["IdempotencyKey"] = Header(Idempotency.Header, "请求编号：同一编号重复提交只办理一次（24小时内），应答相同并带 Idempotency-Replayed。每次新的操作换新的编号。", 64, "^[A-Za-z0-9_-]{1,64}$"),
            ["IfNoneMatch"] = Header("If-None-Match", "上次应答的 ETag；内容未变时应答 304。", 200, null),
            ["XClient"] = Header(ClientVersion.Header, "客户端版本，如 mp/1.4.2 (ios 17.5; wx 8.0.54; lib 3.8.12)。", ClientVersion.MaxLength, null),
        };
    }

    private static OpenApiParameter Header(string name, string description, int maxLength, string? pattern) => new()
    {
        Name = name, In = ParameterLocation.Header, Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = maxLength, Pattern = pattern },
    };

    private static OpenApiResponse Response(OpenApiDocument document, string description, Refusal refusal, int status) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [Problems.ContentType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchemaReference(nameof(Problem), document),
                Example = JsonSerializer.SerializeToNode(
                    new Problem(Problems.TypeOf(refusal), refusal.Title, status, refusal.Code, "4bf92f3577b34da6a3ce929d0e0e4736", refusal.Errors), WireJson.Options),
            },
        },
    };

    /// <summary>The same refusals in the partners' shape.</summary>
    internal static string OfPartner(string name) => "Partner" + name;

    private static OpenApiResponse PartnerResponse(OpenApiDocument document, string description, string code, int status) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [Problems.ContentType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchemaReference(nameof(PartnerProblem), document),
                Example = JsonSerializer.SerializeToNode(
                    PartnerProblem.Of(status == 401 ? PartnerRefusals.BadSignature : ProblemCatalogue.All.First(r => r.Code == code), status, "4bf92f3577b34da6a3ce929d0e0e4736"), WireJson.Options),
            },
        },
    };

    /// <summary>Answers always carry every member (R20). In what is sent, a required member is not null.</summary>
    private static void Tidy(OpenApiSchema schema, bool isRequest)
    {
        schema.AdditionalPropertiesAllowed = true;
        if (!isRequest) schema.Required = new SortedSet<string>(schema.Properties!.Keys, StringComparer.Ordinal);
        else
            foreach (var name in schema.Required ?? new HashSet<string>())
                if (schema.Properties![name] is OpenApiSchema { Type: { } type } member) member.Type = type & ~JsonSchemaType.Null;
    }

    /// <summary>The names of all schemas reachable from one.</summary>
    private static void Collect(IOpenApiSchema? schema, IDictionary<string, IOpenApiSchema> all, HashSet<string> found)
    {
        if (schema is null) return;
        if (schema is OpenApiSchemaReference reference)
        {
            if (!found.Add(reference.Reference.Id!)) return;
            schema = all[reference.Reference.Id!];
        }
        foreach (var part in (schema.Properties?.Values ?? []).Concat(schema.AllOf ?? []).Concat(schema.OneOf ?? []).Concat(schema.AnyOf ?? [])) Collect(part, all, found);
        Collect(schema.Items, all, found);
        Collect(schema.AdditionalProperties, all, found);
    }
}
