namespace MicroPlatform.Api.Hosting;

/// <summary>A job's items, one by one: what goes wrong with one is logged and does not stop the rest.</summary>
public static class JobItems
{
    /// <param name="act">Says whether it did anything.</param>
    /// <returns>How many did.</returns>
    public static async Task<int> EachAsync<T>(IReadOnlyList<T> items, Func<T, Task<bool>> act, ILogger log, CancellationToken cancel)
    {
        var done = 0;
        foreach (var item in items)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                if (await act(item)) done++;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "One of {Count} items of a job failed; going on with the next", items.Count);
            }
        }
        return done;
    }
}
