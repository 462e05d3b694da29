using MicroPlatform.Api.Http;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Appointments;

/// <summary>What can be booked.</summary>
public static class ListServices
{
    public sealed record Response(IReadOnlyList<ServiceView> Items);

    /// <param name="ConfirmWithinWorkingDays">The unit says yes within so many working days; null when the booking stands at once.</param>
    public sealed record ServiceView(string Code, string Name, string? Description, int DurationMinutes, IReadOnlyList<ModeView> Modes, int? ConfirmWithinWorkingDays)
    {
        public static ServiceView Of(ServiceKind s) =>
            new(s.Code, s.Name, s.Description, s.DurationMinutes, [.. s.Modes.Split().Select(m => new ModeView(m, m.Label()))], s.ConfirmWithinWorkingDays);
    }

    public sealed record ModeView(MeetingMode Mode, string Text);

    public static async Task<IResult> Handle(HttpContext http, ServiceRepository services) => Etags.Public(
        http, new Response([.. (await services.ListAsync(http.RequestAborted)).Where(s => s.Active).Select(ServiceView.Of)]), TimeSpan.FromMinutes(1));
}
