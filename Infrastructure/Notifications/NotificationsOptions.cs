using MicroPlatform.Domain.Identity;
using MicroPlatform.Domain.Notifications;
using MicroPlatform.Infrastructure.WeChat;
using Microsoft.Extensions.Options;

namespace MicroPlatform.Infrastructure.Notifications;

/// <summary>Section <c>Notifications</c>: which subscribe messages the bureau has at WeChat, and what goes into their fields. Checked at start.</summary>
public sealed class NotificationsOptions
{
    public const string Section = "Notifications";

    /// <summary>Empty: nothing is sent, the inbox works all the same.</summary>
    public IList<MessageTemplate> Templates { get; init; } = [];

    /// <summary>How long a message is worth sending.</summary>
    public TimeSpan UsefulFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Where a tap leads; <c>{matterId}</c> is replaced.</summary>
    public string Page { get; set; } = "pages/matter/detail?id={matterId}";

    public MessageTemplate? Find(string id) => Templates.FirstOrDefault(t => t.Id == id);

    /// <summary>The template for what happened, worded as the person wants it; null when nothing may be sent.</summary>
    public MessageTemplate? For(NotificationKind kind, ContactPreference preference) => preference switch
    {
        ContactPreference.Visible => Templates.FirstOrDefault(t => !t.Neutral && t.Kinds.Contains(kind)),
        ContactPreference.Neutral => Templates.FirstOrDefault(t => t.Neutral && t.Kinds.Contains(kind)),
        _ => null,
    };
}

/// <summary>One subscribe message template.</summary>
public sealed class MessageTemplate
{
    /// <summary>The template id from WeChat's console.</summary>
    public string Id { get; set; } = "";

    /// <summary>What it is sent for.</summary>
    public IList<NotificationKind> Kinds { get; init; } = [];

    /// <summary>
    /// Whether the template's own heading at WeChat (which no setting here changes) names no consultation and no law. People who asked to be
    /// spoken to neutrally are sent these templates only.
    /// </summary>
    public bool Neutral { get; set; }

    /// <summary>长期订阅: one acceptance is any number of messages.</summary>
    public bool LongTerm { get; set; }

    /// <summary>WeChat's field key to what goes in: <c>title</c>, <c>text</c>, <c>status</c>, <c>number</c>, <c>category</c>, <c>unit</c>, <c>at</c> (when it happened), <c>when</c> (when the appointment is, else as <c>at</c>), or <c>=fixed words</c>.</summary>
    public IDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    public GrantKind GrantKind => LongTerm ? GrantKind.LongTerm : GrantKind.OneOff;

    /// <summary>The values of the fields.</summary>
    public IReadOnlyDictionary<string, string> Fill(Wording wording, DateTimeOffset at) => Fields.ToDictionary(field => field.Key, field => field.Value switch
    {
        "title" => wording.Title,
        "text" => wording.Text,
        "status" => wording.Status,
        "number" => wording.Number,
        "category" => wording.Category,
        "unit" => wording.Unit,
        "at" => SubscribeMessageFields.Time(at),
        "when" => SubscribeMessageFields.Time(wording.When ?? at),
        ['=', .. var words] => words,
        _ => throw new FormatException($"Field {field.Key} has no source."),
    });
}

/// <summary>Finds at start what would otherwise come back from WeChat as 47003 or 40037, one message at a time.</summary>
internal sealed class NotificationsOptionsValidation : IValidateOptions<NotificationsOptions>
{
    private static readonly Wording Sample = Wording.Of(NotificationKind.ConsultationAnswered, ContactPreference.Visible, new("0", "264830295719", "劳动争议", "法律援助中心"));

    public ValidateOptionsResult Validate(string? name, NotificationsOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(NotificationsOptions options)
    {
        if (options.UsefulFor < TimeSpan.FromMinutes(1)) yield return "Notifications:UsefulFor must be at least a minute.";
        foreach (var group in options.Templates.GroupBy(t => t.Id).Where(g => g.Count() > 1)) yield return $"Notifications:Templates: {group.Key} stands there twice.";
        foreach (var double_ in options.Templates.SelectMany(t => t.Kinds.Select(kind => (kind, t.Neutral))).GroupBy(x => x).Where(g => g.Count() > 1))
            yield return $"Notifications:Templates: two {(double_.Key.Neutral ? "neutral " : "")}templates for {double_.Key.kind}.";
        foreach (var template in options.Templates)
        {
            if (template.Id.Length is 0 or > 96 || !template.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) yield return "Notifications:Templates: a template has no proper Id.";
            if (template.Kinds.Count == 0) yield return $"Notifications:Templates: {template.Id} is for nothing (Kinds).";
            if (template.Fields.Count == 0) yield return $"Notifications:Templates: {template.Id} has no Fields.";
            foreach (var field in template.Fields)
                if (FaultOf(field.Key, field.Value) is { } fault) yield return $"Notifications:Templates: {template.Id}, field {field.Key}: {fault}.";
        }
    }

    private static string? FaultOf(string key, string source)
    {
        if (!SubscribeMessageFields.IsKnown(key)) return "WeChat has no such kind of field";
        try
        {
            var values = new MessageTemplate { Fields = { [key] = source } }.Fill(Sample, DateTimeOffset.UnixEpoch);
            return SubscribeMessageFields.TryNormalise(values, out _, out _) ? null : $"'{source}' does not fit this kind of field";
        }
        catch (FormatException)
        {
            return $"'{source}' is neither title, text, status, number, category, unit, at, when nor =words";
        }
    }
}
