using MicroPlatform.Domain.Administration;
using MicroPlatform.Domain.Common;
using MicroPlatform.Infrastructure.Administration;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Administration;

/// <summary>Stands before the routes that carry out an <see cref="ApprovableAct"/> directly: open while there is one administrator, and for trying out.</summary>
public sealed class SecondAdministrator(ApprovalRepository approvals, IOptions<AdministrationOptions> options)
{
    /// <summary>Asked outside the transaction, in which the first thing must be a write.</summary>
    /// <returns>The refusal where another administrator has to approve.</returns>
    public async Task<Refusal?> DemandedAsync(bool? validateOnly, CancellationToken cancel) =>
        validateOnly != true && options.Value.SecondAdministrator && await approvals.AdministratorsAsync(cancel) > 1 ? AdministrationRefusals.SecondAdministratorRequired : null;
}
