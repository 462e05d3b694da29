using System.Globalization;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Identity;

namespace MicroPlatform.Api.Identity;

/// <summary>
/// The token of a half-finished staff sign-in: for ten minutes, for one step, for one version of the account. It is no access token
/// (another audience and type) and is given in the body of the step's route only.
/// </summary>
public sealed class StepTokens(AccessTokens tokens, SigningKeyStore keys)
{
    /// <summary>Member of the refusal that carries the token.</summary>
    public const string Member = "stepToken";

    public (string Token, DateTimeOffset ExpiresAt) Issue(StaffAccount account, SignInStep step) =>
        tokens.IssueStep(new StepClaims(account.Id, NameOf(step), account.Version), keys.Current);

    /// <summary>The refusal with the token that lets the client do what is missing.</summary>
    public Refusal With(Refusal refusal, StaffAccount account, SignInStep step)
    {
        var (token, expires) = Issue(account, step);
        return refusal with { Members = new Dictionary<string, string> { [Member] = token, ["stepTokenExpiresAt"] = expires.InChina().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) } };
    }

    /// <summary>Whose step it is and which version of the account it was made for; null when the token does not fit the step.</summary>
    public async Task<StepClaims?> ReadAsync(string? token, SignInStep step)
    {
        var (claims, fault) = await tokens.ReadStepAsync(token ?? "", keys.Current);
        if (fault == TokenFault.UnknownKey) (claims, _) = await tokens.ReadStepAsync(token ?? "", await keys.ReloadAsync());
        return claims?.Step == NameOf(step) ? claims : null;
    }

    private static string NameOf(SignInStep step) => step switch
    {
        SignInStep.ChangePassword => "change-password",
        SignInStep.EnrolTotp => "enrol-totp",
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };
}
