using MicroPlatform.Infrastructure.Consultations;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Api.Consultations;

/// <summary>After a write the whole resource comes back (R27), read in the same transaction.</summary>
internal static class ConsultationReply
{
    public static async Task<ConsultationView> ReadAsync(UnitOfWork tx, string id) =>
        ConsultationView.Of(await ConsultationQueries.HeadAsync(tx, id) ?? throw new InvalidOperationException($"Consultation {id} was just written."));
}
