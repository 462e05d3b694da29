using MicroPlatform.Api.Materials;
using MicroPlatform.Api.Matters;
using MicroPlatform.Domain.Common;
using MicroPlatform.Domain.Consultations;
using MicroPlatform.Domain.Identity;
using MicroPlatform.Infrastructure.Consultations;

namespace MicroPlatform.Api.Consultations;

/// <summary>A consultation as its citizen sees it.</summary>
/// <param name="StateText">Chinese, to be shown.</param>
/// <param name="LastSeq">Sequence number of the newest message; pass it as <c>after</c> to wait for newer ones.</param>
/// <param name="Actions">What may be done next, for showing buttons. Unknown values are to be ignored.</param>
public sealed record ConsultationView(
    string Id, ConsultationState State, string StateText, DateTimeOffset AnswerDueAt, DateTimeOffset? FirstAnsweredAt, int LastSeq,
    IReadOnlyList<ConsultationAction> Actions, MatterHead Matter)
{
    /// <summary>What the citizen may do; the staff side has a view of its own.</summary>
    private static readonly ConsultationAction[] CitizensActions = [ConsultationAction.Ask, ConsultationAction.Close, ConsultationAction.Withdraw];

    public static ConsultationView Of(ConsultationHead h) => new(
        h.Id, h.State, h.State.Label(), h.AnswerDueAt, h.FirstAnsweredAt, h.LastPublicSeq,
        [.. CitizensActions.Where(a => ConsultationTransitions.Table.ContainsKey((h.State, a)))],
        MatterHead.Of(h));
}

/// <summary>One message of a thread.</summary>
/// <param name="Seq">1, 2, 3 … in order, without gaps; the cursor of the thread. The office counts its notes, the citizen does not.</param>
/// <param name="AuthorName">Name of the staff member; null where the citizen wrote.</param>
/// <param name="Mine">Whether the caller wrote it.</param>
/// <param name="TextCheck">WeChat's word on a citizen's text, for the office: a mark and never a reason to refuse. Null for the citizen and where nothing was said.</param>
public sealed record MessageView(string Id, int Seq, MessageKind Kind, ActorKind AuthorKind, string? AuthorName, bool Mine, string Text, string? ClientMessageId, DateTimeOffset SentAt,
    TextSuggestion? TextCheck = null)
{
    /// <summary>Materials that the message carries. Their bytes come by a link (<c>…/materials/{id}/links</c>).</summary>
    public IReadOnlyList<AttachmentView> Attachments { get; init; } = [];

    public static MessageView Of(MessageRow m, string callerId) =>
        new(m.Id, m.Seq, m.Kind, m.AuthorKind, m.AuthorName, m.AuthorId == callerId, m.Text, m.ClientMessageId, m.At, m.TextCheck) { Attachments = [.. m.Carried.Select(AttachmentView.Of)] };
}
