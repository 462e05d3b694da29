using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Consultations;

/// <summary>What a message in a thread is.</summary>
public enum MessageKind
{
    /// <summary>The first one, by the citizen.</summary>
    Question,
    /// <summary>The citizen again.</summary>
    FollowUp,
    /// <summary>The office to the citizen.</summary>
    Answer,
    /// <summary>The office to itself. Never leaves the staff side.</summary>
    Note,
}

/// <summary>What somebody wants to say, cleaned by <see cref="Text.Clean"/>.</summary>
/// <param name="ClientMessageId">Chosen by the client, unique per thread and author: the same one twice is the same message (R10).</param>
public sealed record NewMessage(string Id, string Text, string? ClientMessageId)
{
    /// <summary>What a client may choose as message id.</summary>
    public const string ClientIdPattern = "^[A-Za-z0-9_-]{1,64}$";
}

/// <summary>What was said.</summary>
/// <param name="Seq">1, 2, 3 … without gaps within the thread, in the order of commit.</param>
/// <param name="PublicSeq">The same without notes: what the citizen counts. A note has the number of the message before it.</param>
public sealed record Message(string Id, string ConsultationId, int Seq, int PublicSeq, MessageKind Kind, Actor Author, string Text, string? ClientMessageId, DateTimeOffset At);
