using System.Security.Claims;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;

namespace MicroPlatform.Api.Identity;

/// <summary>Who is calling, from a token that has been checked. Injected into handlers; only on routes that require it.</summary>
public sealed record CurrentUser(ActorKind Kind, string Id, string SessionId, IReadOnlyList<Role> Roles)
{
    public const string KindClaim = "kind";
    public const string SessionClaim = "sid";
    public const string SubjectClaim = "sub";

    public Actor Actor => new(Kind, Id);

    public bool Is(Role role) => Roles.Contains(role);

    public static CurrentUser Of(ClaimsPrincipal principal) => new(
        Enum.Parse<ActorKind>(principal.FindFirstValue(KindClaim) ?? throw new InvalidOperationException("The route has no signed-in user.")),
        principal.FindFirstValue(SubjectClaim)!,
        principal.FindFirstValue(SessionClaim)!,
        [.. principal.FindAll(ClaimTypes.Role).Select(c => Enum.Parse<Role>(c.Value))]);
}
