using System.Reflection;
using System.Xml;
using System.Xml.XPath;
using MicroPlatform.Api.Http.Csv;
using MicroPlatform.Api.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MicroPlatform.Api.Http.Documents;

/// <summary>What every operation has without its route table saying so: common refusals by policy, common headers, security, examples.</summary>
public sealed class OperationWords : IOperationFilter
{
    private const string Json = "application/json";

    private static readonly Lazy<XPathNavigator?> Comments = new(() =>
    {
        var file = Path.ChangeExtension(typeof(OperationWords).Assembly.Location, ".xml");
        if (!File.Exists(file)) return null;
        using var reader = XmlReader.Create(file);
        return new XPathDocument(reader).CreateNavigator();
    });

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        // A comment on the handler would otherwise take the place of the route's Chinese summary.
        var comment = operation.Summary;
        operation.Summary = metadata.OfType<IEndpointSummaryMetadata>().LastOrDefault()?.Summary ?? comment;
        operation.Description ??= comment != operation.Summary ? comment : SummaryOf(UseCaseOf(metadata.OfType<MethodInfo>().FirstOrDefault()));
        var policy = metadata.OfType<IAuthorizeData>().Select(a => a.Policy).LastOrDefault(p => p is not null) ?? Policies.SignedIn;
        var open = policy == Policies.Anyone;
        AddCommonResponses(operation, context, open, policy == Policies.Partner);
        AddHeaders(operation, context);
        if (!open) operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(policy == Policies.Partner ? DocumentSetup.PartnerScheme : DocumentSetup.BearerScheme, context.Document)] = [] }];
        if (!open) operation.Description = $"{operation.Description}\n\n**可调用者**：{Who(policy)}".Trim();
        if (operation.OperationId is { } id && OperationExamples.All.TryGetValue(id, out var example)) AddExample(operation, example);
        foreach (var parameter in operation.Parameters!.OfType<OpenApiParameter>()) ParameterWords.Apply(parameter);
        foreach (var (status, response) in operation.Responses!)
            if (response is OpenApiResponse own && Words.TryGetValue(status, out var words)) own.Description = words;
        if (operation.RequestBody?.Content?.TryGetValue(Json, out var sent) == true && sent is OpenApiMediaType { Schema: OpenApiSchema { AllOf: [var only] } } body) body.Schema = only;
        operation.Responses = Sorted(operation.Responses);
    }

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["200"] = "成功", ["201"] = "已建立", ["202"] = "已接受，稍后完成", ["204"] = "成功，无正文", ["304"] = "内容未变",
        ["400"] = "提交的内容有误", ["401"] = "凭据无效", ["403"] = "不允许", ["404"] = "没有找到，或不属于调用者", ["409"] = "当前状态不允许", ["412"] = "内容已被他人修改",
        ["413"] = "内容过大", ["415"] = "内容类型不支持", ["422"] = "不符合办理规则", ["423"] = "已锁定", ["426"] = "客户端版本过低", ["429"] = "请求过于频繁", ["503"] = "暂时不可用",
    };

    private static string Who(string policy) => policy switch
    {
        Policies.SignedIn => "任何已登录者",
        Policies.Staff => "任何工作人员",
        _ => string.Join("、", Policies.Table[policy]!.Select(Domain.Identity.Roles.Label)),
    };

    private static void AddCommonResponses(OpenApiOperation operation, OperationFilterContext context, bool open, bool partner)
    {
        foreach (var (status, name, needsSignIn) in DocumentTidying.CommonResponses)
            if (!(open && needsSignIn)) operation.Responses!.TryAdd(status, new OpenApiResponseReference(partner ? DocumentTidying.OfPartner(name) : name, context.Document));
    }

    private static void AddHeaders(OpenApiOperation operation, OperationFilterContext context)
    {
        operation.Parameters ??= [];
        if (context.ApiDescription.HttpMethod == HttpMethods.Post) operation.Parameters.Add(new OpenApiParameterReference("IdempotencyKey", context.Document));
        if (operation.Responses!.ContainsKey("304")) operation.Parameters.Add(new OpenApiParameterReference("IfNoneMatch", context.Document));
        operation.Parameters.Add(new OpenApiParameterReference("XClient", context.Document));
    }

    private static void AddExample(OpenApiOperation operation, OperationExample example)
    {
        if (example.Request is { } request && MediaOf(operation.RequestBody?.Content) is { } sent) sent.Example = request.DeepClone();
        var success = operation.Responses!.FirstOrDefault(r => r.Key.StartsWith('2')).Value;
        if (example.Response is { } response && MediaOf(success?.Content) is { } heard) heard.Example = response.DeepClone();
        foreach (var parameter in operation.Parameters!.OfType<OpenApiParameter>())
            if (example.Parameters.TryGetValue(parameter.Name!, out var value)) parameter.Example = value;
    }

    private static OpenApiMediaType? MediaOf(IDictionary<string, IOpenApiMediaType>? content) =>
        content is not null && (content.TryGetValue(Json, out var media) || content.TryGetValue(CsvFile.ContentType, out media)) ? media as OpenApiMediaType : null;

    private static OpenApiResponses Sorted(OpenApiResponses responses)
    {
        var sorted = new OpenApiResponses();
        foreach (var (status, response) in responses.OrderBy(r => r.Key, StringComparer.Ordinal)) sorted[status] = response;
        return sorted;
    }

    /// <summary>The class of the handler; of a lambda, the class it is written in.</summary>
    private static Type? UseCaseOf(MethodInfo? handler)
    {
        var type = handler?.DeclaringType;
        while (type is { DeclaringType: not null } && type.Name.StartsWith('<')) type = type.DeclaringType;
        return type;
    }

    /// <summary>The comment on the use case's class: route handlers have none of their own.</summary>
    private static string? SummaryOf(Type? useCase) => useCase is null ? null
        : Comments.Value?.SelectSingleNode($"/doc/members/member[@name='T:{useCase.FullName?.Replace('+', '.')}']/summary") is { } node
            ? XmlCommentsTextHelper.Humanize(node.InnerXml)
            : null;
}
