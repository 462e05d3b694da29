using MicroPlatform.Api.Http.Documents;

namespace MicroPlatform.Api.Hosting;

/// <summary>Examples of the state of health.</summary>
public sealed class HealthExamples : OperationExamples
{
    public HealthExamples()
    {
        For("getLive", null, new Health.LiveResponse("live"));
        For("getReady", null, new Health.ReadyResponse("ready", [new("database (mysql)", "up", "MySqlConnector 2.5.0", 2), new("redis", "up", "StackExchange.Redis 3.0.0", 1), new("materials (local)", "up", "LocalObjectStore", 0), new("thumbnails", "up", "vipsthumbnail", 0)], [new("calendar_missing", "2027年节假日安排尚未导入")]));
    }
}
