using System.Xml;
using System.Xml.XPath;
using MicroPlatform.Domain.Hotline;
using Microsoft.OpenApi;

namespace MicroPlatform.Api.Http.Documents;

/// <summary>How the OpenAPI documents are made from the routes: one for each audience, and one with everything, which is <c>openapi.yaml</c>.</summary>
public static class DocumentSetup
{
    /// <summary>The document of everything.</summary>
    public const string All = "all";

    /// <summary>Names and Chinese titles, in the order Swagger UI offers them.</summary>
    public static readonly IReadOnlyList<(string Name, string Title, Audience? Audience)> Documents =
    [
        ("citizen", "群众端（小程序）", Audience.Citizen),
        ("staff", "工作人员端", Audience.Staff),
        ("admin", "管理端", Audience.Admin),
        ("partner", "合作系统（12348热线）", Audience.Partner),
        (All, "全部接口", null),
    ];

    public static void AddDocuments(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<DocumentTexts>();
        services.AddSwaggerGen(options =>
        {
            foreach (var (name, title, _) in Documents)
                options.SwaggerDoc(name, new OpenApiInfo { Title = $"公共法律服务微平台 · {title}", Version = "v1", Description = DocumentText.Rules });
            // What exists in Development only has no place in the published contract; the console has buttons for it.
            options.DocInclusionPredicate((name, api) => api.RelativePath?.StartsWith("v1/dev/", StringComparison.Ordinal) != true && IsIn(name, api.ActionDescriptor.EndpointMetadata));
            options.CustomSchemaIds(SchemaNames.Of);
            options.SupportNonNullableReferenceTypes();
            options.UseAllOfToExtendReferenceSchemas();
            options.UseOneOfForPolymorphism();
            options.AddSecurityDefinition(BearerScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "登录后得到的访问令牌（accessToken），15分钟有效，用 /v1/auth/refresh 换新。",
            });
            options.AddSecurityDefinition(PartnerScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = Hl1.SignatureHeader,
                Description = "HL1签名：另需 X-Hl-App-Id、X-Hl-Timestamp、X-Hl-Nonce，算法见 docs/hotline.md。",
            });
            foreach (var comments in Comments.Value) options.IncludeXmlComments(() => comments);
            options.SchemaFilter<SchemaWords>();
            options.OperationFilter<OperationWords>();
            options.DocumentFilter<DocumentTidying>();
        });
    }

    public const string BearerScheme = "Bearer";

    /// <summary>Read once for all programs in a process: tests start hundreds, and each would keep its own.</summary>
    private static readonly Lazy<XPathDocument[]> Comments = new(() =>
        [.. Directory.EnumerateFiles(AppContext.BaseDirectory, "MicroPlatform.*.xml").Order(StringComparer.Ordinal).Select(Read)]);

    private static XPathDocument Read(string file)
    {
        using var reader = XmlReader.Create(file);
        return new XPathDocument(reader);
    }

    public const string PartnerScheme = "HL1";

    private static bool IsIn(string document, IList<object> metadata) =>
        metadata.OfType<AudienceMetadata>().LastOrDefault() is { } audiences
        && (document == All || audiences.Audiences.Any(a => Documents.Any(d => d.Name == document && d.Audience == a)));
}
