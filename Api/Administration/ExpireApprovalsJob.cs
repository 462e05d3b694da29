using MicroPlatform.Api.Hosting;
using MicroPlatform.Infrastructure.Administration;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Administration;

/// <summary>Requests that nobody decided in time are over.</summary>
public sealed class ExpireApprovalsJob(Database database) : IJob
{
    public Task<int> RunOnceAsync(CancellationToken cancel) => database.WriteAlwaysAsync(ApprovalRepository.ExpireAsync, cancel);
}
