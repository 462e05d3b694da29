using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Http.Documents;

namespace MicroPlatform.Api.Appointments;

/// <summary>Examples of what an administrator does about the copy.</summary>
public sealed class AvailabilityExamples : OperationExamples
{
    public AvailabilityExamples()
    {
        For("rebuildAvailability", new RebuildAvailability.Request(DemoDistrict.Lawyer, null), new RebuildAvailability.Response(63));
        For("readAvailabilityCheck", null, new ReadAvailabilityCheck.Response(AppointmentExamples.Start.AddDays(-1).AddHours(-7), 0, null, true));
    }
}
