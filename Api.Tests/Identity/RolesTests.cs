using System.Net;
using System.Text;
using MicroPlatform.Api.Http;
using MicroPlatform.Api.Identity;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Api.Tests.Hotline;
using MicroPlatform.Domain.Identity;
using Microsoft.AspNetCore.Http.Metadata;
using static System.Net.HttpStatusCode;

namespace MicroPlatform.Api.Tests.Identity;

/// <summary>Every route × everybody: who gets in, and that nobody else does. Writes the table of <c>docs/roles.md</c>.</summary>
public sealed class RolesTests
{
    private static readonly Role[] Everybody = [Role.Citizen, .. Roles.OfStaff];

    /// <summary>Of the table: a partner has no account, so the routes are tried with it apart.</summary>
    private static readonly Role[] Columns = [.. Everybody, Role.Partner];

    private TestApi _api = null!;

    [OneTimeSetUp]
    public async Task Start() => _api = await TestApi.StartAsync(Engine.Embedded);

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Test]
    public void Routes_NamePolicyAudienceNameAndSummary() => Assert.Multiple(() =>
    {
        foreach (var operation in Operations.Of(_api))
        {
            var where = $"{operation.Method} {operation.Pattern}";
            Assert.That(operation.Policy, Is.Not.Null.And.AnyOf([.. Policies.Table.Keys]), $"{where}: RequireAuthorization(Policies.…)");
            Assert.That(operation.Name, Is.Not.Empty, $"{where}: Does(…)");
            Assert.That(operation.Endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary, Is.Not.Null.And.Not.Empty, where);
            Assert.That(operation.Endpoint.Metadata.GetMetadata<AudienceMetadata>()?.Audiences, Is.Not.Null.And.Not.Empty, $"{where}: For(…)");
        }
    });

    [Test]
    public async Task Routes_LetInThoseOfTheirPolicyAndNobodyElse()
    {
        var wrong = new List<string>();
        using var nobody = _api.Anonymous();
        using var partner = await _api.NewPartnerAsync();
        using var forger = new ApiClient(_api.Address, "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "");
        foreach (var operation in Operations.Of(_api).Where(o => !o.IsSocket))
        {
            var allowed = Policies.Table[operation.Policy!];
            var unknown = operation.Policy == Policies.Partner ? "unknown_app" : "token_invalid";
            await TryAsync(operation, nobody, "nobody", allowed is null ? null : (Unauthorized, unknown), wrong);
            if (allowed is not null) await TryAsync(operation, forger, "a forged token", (Unauthorized, unknown), wrong);
            await TryAsync(operation, partner, "a partner", allowed is null || allowed.Contains(Role.Partner) ? null : (Unauthorized, unknown), wrong);
            foreach (var role in Everybody)
            {
                using var person = role == Role.Citizen ? await _api.NewCitizenAsync(consents: false) : await _api.NewStaffAsync(role);
                await TryAsync(operation, person, role.ToString(), allowed is null || allowed.Contains(role) ? null : operation.Policy == Policies.Partner ? (Unauthorized, unknown) : (Forbidden, "forbidden"), wrong);
            }
        }
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task Routes_RefuseTokensThatHaveRunOut()
    {
        await using var api = await TestApi.StartAsync(Engine.Embedded);
        using var citizen = await api.NewCitizenAsync();
        using var lawyer = await api.NewStaffAsync(Role.Lawyer);
        api.Time.Advance(TimeSpan.FromHours(1));
        var wrong = new List<string>();
        foreach (var operation in Operations.Of(api).Where(o => !o.IsSocket && o.Policy != Policies.Partner && Policies.Table[o.Policy!] is not null))
        {
            await TryAsync(operation, citizen, "an expired citizen", (Unauthorized, "token_expired"), wrong);
            await TryAsync(operation, lawyer, "an expired lawyer", (Unauthorized, "token_expired"), wrong);
        }
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Table_IsCommitted()
    {
        var text = new StringBuilder();
        text.Append("# Who may call what\n\nMade by `RolesTests`, which also calls every route as everybody and holds that the table is true. ");
        text.Append("● may call (what they then see is limited further to what is theirs or in their units' scope); empty: refused with 403; everybody not signed in is refused with 401 unless the first column says so.\n\n");
        text.Append($"| route | what | not signed in | {string.Join(" | ", Columns.Select(r => r.Label()))} |\n|---|---|{string.Concat(Enumerable.Repeat(":-:|", Columns.Length + 1))}\n");
        foreach (var operation in Operations.Of(_api).Where(o => !o.Pattern.StartsWith("/v1/dev/", StringComparison.Ordinal)))
        {
            var allowed = Policies.Table[operation.Policy!];
            var cells = Columns.Select(r => allowed is null || allowed.Contains(r) ? "●" : " ").Prepend(allowed is null ? "●" : " ");
            text.Append($"| `{operation.Method} {operation.Pattern}` | {operation.Endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()!.Summary} | {string.Join(" | ", cells)} |\n");
        }
        CommittedFile.IsUpToDate("docs/roles.md", text.ToString(), $"{CommittedFile.UpdateVariable}=1 dotnet test --filter {nameof(RolesTests)}");
    }

    private static async Task TryAsync(Operation operation, ApiClient person, string who, (HttpStatusCode Status, string Code)? refusal, List<string> wrong)
    {
        var answer = await person.CallAsync(operation);
        var code = (int)answer.Status >= 400 && answer.Text.Length > 0 && answer.Json.TryGetProperty("code", out _) ? answer.Code : null;
        var right = refusal is { } no ? answer.Status == no.Status && code == no.Code : code is not "forbidden" && (int)answer.Status < 500;
        if (!right) wrong.Add($"{operation.Method} {operation.Pattern} as {who}: {(int)answer.Status} {code}");
        if (code is not null && !Operations.Catalogue.Contains(code)) wrong.Add($"{operation.Method} {operation.Pattern}: {code} is not in the catalogue");
    }
}
