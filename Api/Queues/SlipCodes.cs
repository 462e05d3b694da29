using MicroPlatform.Api.Http;

namespace MicroPlatform.Api.Queues;

/// <summary>Key that signs the codes on printed numbers; made from the look-up key, so that all nodes share it.</summary>
public sealed record SlipKey(byte[] Bytes);

/// <summary>The code on a printed number: the ticket's id and eight characters of signature.</summary>
public sealed class SlipCodes(SlipKey key)
{
    private readonly SignedIds _slips = new(key.Bytes, macLength: 8);

    public string Of(string ticketId) => _slips.Of(ticketId);

    /// <summary>The ticket of a code; null when it is none of ours.</summary>
    public string? TicketOf(string? code) => _slips.IdOf(code);
}
