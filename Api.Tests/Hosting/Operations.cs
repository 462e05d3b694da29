using System.Text.Json.Nodes;
using MicroPlatform.Api.Http.Documents;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Tests.Hotline;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MicroPlatform.Api.Tests.Hosting;

/// <summary>A route as the program maps it.</summary>
/// <param name="Policy">The last one named, or null.</param>
public sealed record Operation(string Name, string Method, string Pattern, string? Policy, RouteEndpoint Endpoint)
{
    /// <summary>An id of the right form that nothing has.</summary>
    public const string NoSuchId = "01ABCDEF0000000000000000ZZ";

    public OperationExample? Example => OperationExamples.All.GetValueOrDefault(Name);

    /// <summary>The path with every parameter filled.</summary>
    public string Path(string id = NoSuchId) => string.Join('/', Pattern.Split('/').Select(part => part.StartsWith('{') ? id : part));

    public bool TakesCsv => Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("text/csv") == true;

    /// <summary>Whether what it does may end the caller's session or take long.</summary>
    public bool IsSocket => Pattern == "/v1/live";
}

public static class Operations
{
    /// <summary>All routes under <c>/v1</c> and <c>/health</c>, in a stable order.</summary>
    public static IReadOnlyList<Operation> Of(TestApi api) =>
        [.. from endpoint in api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single()
            let pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/')
            orderby pattern, method
            select new Operation(
                endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "", method, pattern,
                endpoint.Metadata.OfType<IAuthorizeData>().LastOrDefault(a => a.Policy is not null)?.Policy, endpoint)];

    /// <summary>A new person who may call it.</summary>
    public static Task<ApiClient> SomebodyForAsync(this TestApi api, Operation operation)
    {
        var roles = Policies.Table[operation.Policy!];
        if (operation.Policy == Policies.Partner) return api.NewPartnerAsync();
        return roles is null || roles.Contains(Role.Citizen) ? api.NewCitizenAsync() : api.NewStaffAsync(roles[0]);
    }

    /// <summary>Calls it with its example, or with a changed body.</summary>
    public static Task<Answer> CallAsync(this ApiClient client, Operation operation, JsonNode? body = null, string? path = null)
    {
        var content = body ?? operation.Example?.Request;
        if (operation.TakesCsv) return client.PostCsvAsync(path ?? operation.Path(), content?.GetValue<string>() ?? "");
        (string, string)[] headers = operation.Method == "POST" ? [("Idempotency-Key", Guid.CreateVersion7().ToString("N"))] : [];
        return client.SendAsync(new HttpMethod(operation.Method), path ?? operation.Path(), operation.Method is "POST" or "PUT" ? content?.ToJsonString() : null, headers);
    }

    /// <summary>Codes that an answer may carry.</summary>
    public static readonly IReadOnlySet<string> Catalogue = ProblemCatalogue.All.Select(r => r.Code).ToHashSet(StringComparer.Ordinal);

    /// <summary>Kind of actor that has a role.</summary>
    public static ActorKind KindOf(Role role) => role == Role.Citizen ? ActorKind.Citizen : ActorKind.Staff;
}
