using MicroPlatform.Api.Hotline;
using MicroPlatform.Domain.Identity;
using Microsoft.AspNetCore.Authorization;

namespace MicroPlatform.Api.Identity;

/// <summary>Who may call a route. Every route names one of these; a test walks them all and tries every other role.</summary>
public static class Policies
{
    /// <summary>Anybody, signed in or not.</summary>
    public const string Anyone = "anyone";
    /// <summary>Any citizen or staff member.</summary>
    public const string SignedIn = "signed-in";
    public const string Citizen = "citizen";
    /// <summary>Any staff member.</summary>
    public const string Staff = "staff";
    /// <summary>Those who work on matters: lawyer, mediator, notary, clerk, head of centre.</summary>
    public const string Handler = "handler";
    /// <summary>Those who direct others' work: clerk, head of centre.</summary>
    public const string Dispatcher = "dispatcher";
    /// <summary>Those who see how a unit is served: clerk and head of centre within their units, administrator everywhere.</summary>
    public const string Overseer = "overseer";
    public const string Administrator = "administrator";
    public const string Auditor = "auditor";
    /// <summary>A partner's server, by its HL1 signature.</summary>
    public const string Partner = "partner";

    /// <summary>The roles each policy lets in; null lets in anybody. The README's table and the role test are made from it.</summary>
    public static readonly IReadOnlyDictionary<string, Role[]?> Table = new Dictionary<string, Role[]?>
    {
        [Anyone] = null,
        [SignedIn] = [Role.Citizen, .. Roles.OfStaff],
        [Citizen] = [Role.Citizen],
        [Staff] = [.. Roles.OfStaff],
        [Handler] = [.. Roles.OnMatters],
        [Dispatcher] = [Role.Clerk, Role.CentreHead],
        [Overseer] = [Role.Clerk, Role.CentreHead, Role.Administrator],
        [Administrator] = [Role.Administrator],
        [Auditor] = [Role.Auditor],
        [Partner] = [Role.Partner],
    };

    public static void AddPolicies(this IServiceCollection services) => services.AddAuthorization(options =>
    {
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        foreach (var (name, roles) in Table)
            options.AddPolicy(name, policy =>
            {
                if (roles is null) policy.RequireAssertion(_ => true);
                else if (name == Partner) policy.AddAuthenticationSchemes(Hl1Handler.Scheme_).RequireRole(nameof(Role.Partner));
                else policy.RequireRole(roles.Select(r => r.ToString()));
            });
    });
}
