using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Identity;
using MicroPlatform.Infrastructure.Matters;
using MicroPlatform.Infrastructure.Sql;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Api.Meta;

/// <summary>What a client needs to know before it asks for anything (R23): code tables, limits, switches. The same for everybody, so it may be cached for a minute.</summary>
public static class GetMeta
{
    /// <param name="MinClientVersion">Oldest mini-program that is served; null when any is.</param>
    /// <param name="HotlineNumber">To be called when nothing else helps.</param>
    /// <param name="PrivacyVersion">Version of the privacy notice in force, to be accepted before the first question.</param>
    /// <param name="SubscribeTemplates">For <c>wx.requestSubscribeMessage</c>.</param>
    /// <param name="Features">Switches by name; an unknown one is off.</param>
    public sealed record Response(
        string? MinClientVersion, string HotlineNumber, int PrivacyVersion, IReadOnlyList<Code> Categories, IReadOnlyList<Code> Regions, Limits Limits,
        IReadOnlyList<SubscribeTemplate> SubscribeTemplates, IReadOnlyDictionary<string, bool> Features);

    /// <summary>A node of a code table.</summary>
    /// <param name="Children">Empty on the lowest level.</param>
    public sealed record Code(string Value, string Name, IReadOnlyList<Code> Children);

    /// <summary>Lengths in UTF-16 code units, as <c>string.length</c> counts.</summary>
    /// <param name="QuestionText">A question, and every message after it.</param>
    /// <param name="OpenConsultations">Open at once per citizen.</param>
    /// <param name="Messages">Per consultation.</param>
    /// <param name="RatingTag">One tag of a rating.</param>
    /// <param name="WaitSeconds">Longest <c>waitSeconds</c> of a long poll.</param>
    /// <param name="BodyBytes">A request's JSON.</param>
    public sealed record Limits(int QuestionText, int OpenConsultations, int Messages, int RatingText, int RatingTags, int RatingTag, int PageItems, int WaitSeconds, int BodyBytes);

    /// <param name="Kinds">What messages of this template are sent for.</param>
    /// <param name="LongTerm">长期订阅: must not be asked for together with one-off ones.</param>
    public sealed record SubscribeTemplate(string Id, IReadOnlyList<string> Kinds, bool LongTerm);

    private static readonly Limits TheLimits = new(
        Consultation.MaxText, Consultation.MaxOpenPerCitizen, Consultation.MaxMessages, RatingText: 500, RatingTags: 6, Rating.MaxTag, Paging.MaxLimit, LongPoll.MaxSeconds, BodyReading.MaxJson);

    public static async Task<IResult> Handle(HttpContext http, CodeQueries codes, IOptions<MetaOptions> meta, IOptions<ClientOptions> client, SubscribeTemplates templates, Database database)
    {
        var notice = await database.ReadAsync(c => ConsentRepository.CurrentNoticeAsync(c), http.RequestAborted);
        var response = new Response(
            client.Value.MinVersion is { Length: > 0 } least ? least : null, meta.Value.HotlineNumber, notice.Version,
            Tree(await codes.CategoriesAsync(http.RequestAborted)), Tree(await codes.RegionsAsync(http.RequestAborted)), TheLimits, templates.All,
            new SortedDictionary<string, bool>(meta.Value.Features, StringComparer.Ordinal));
        return Etags.Public(http, response, TimeSpan.FromMinutes(1));
    }

    private static IReadOnlyList<Code> Tree(IReadOnlyList<CodeNode> nodes)
    {
        var children = nodes.ToLookup(n => n.ParentCode ?? "", StringComparer.Ordinal);
        IReadOnlyList<Code> Under(string parent) => [.. children[parent].Select(n => new Code(n.Code, n.Name, Under(n.Code)))];
        return Under("");
    }
}
