using MicroPlatform.Domain.Consultations;
using MicroPlatform.Infrastructure.Outbox;

namespace MicroPlatform.Infrastructure.Consultations;

/// <summary>Whenever a consultation comes to lie in a unit's inbox with the office's turn, the duty rule looks for somebody.</summary>
public sealed class AssignOnDuty(DutyDispatch dispatch)
    : IHandle<ConsultationSubmitted>, IHandle<ConsultationReleased>, IHandle<ConsultationMoved>, IHandle<ConsultationAsked>
{
    public Task HandleAsync(ConsultationSubmitted happened, Delivery delivery, CancellationToken cancel) => dispatch.GiveAsync(happened.ConsultationId, cancel);

    public Task HandleAsync(ConsultationReleased happened, Delivery delivery, CancellationToken cancel) => dispatch.GiveAsync(happened.ConsultationId, cancel);

    public Task HandleAsync(ConsultationMoved happened, Delivery delivery, CancellationToken cancel) => dispatch.GiveAsync(happened.ConsultationId, cancel);

    /// <summary>Asked on where nobody has it any more; else there is nothing to do.</summary>
    public Task HandleAsync(ConsultationAsked happened, Delivery delivery, CancellationToken cancel) => dispatch.GiveAsync(happened.ConsultationId, cancel);
}
