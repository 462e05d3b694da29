namespace MicroPlatform.Api.Meta;

/// <summary>The subscribe message templates configured under <c>Notifications:Templates</c>, as far as clients need them.</summary>
public sealed class SubscribeTemplates(IConfiguration configuration)
{
    public IReadOnlyList<GetMeta.SubscribeTemplate> All { get; } =
    [
        .. (configuration.GetSection("Notifications:Templates").Get<List<Row>>() ?? []).Select(t => new GetMeta.SubscribeTemplate(
            t.Id, [.. t.Kinds.Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName)], t.LongTerm)),
    ];

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public List<string> Kinds { get; set; } = [];

        public bool LongTerm { get; set; }
    }
}
