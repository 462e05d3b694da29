using FsCheck;
using FsCheck.Fluent;
using MicroPlatform.Domain.Appointments;
using MicroPlatform.Infrastructure.Appointments;

namespace MicroPlatform.Api.Tests.Appointments;

public sealed class ResourceDayCodecTests
{
    [Test]
    public void WriteThenRead_AnyDay_IsTheSame() => Prop.ForAll(AvailabilityCases.Days.ToArbitrary(), day =>
    {
        var read = ResourceDayCodec.Read(day.ResourceId, day.Day, ResourceDayCodec.Write(day), new ResourceDayCodec.OpeningPool());
        return read is not null && read.Version == day.Version && read.CalendarMissing == day.CalendarMissing && read.Openings.SequenceEqual(day.Openings)
            && read.Taken.Count == day.Taken.Count && read.Taken.All(t => day.Taken[t.Key] == t.Value);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Test]
    public void Read_RandomBytes_NeverThrowsAndNeverRunsForEver()
    {
        var random = new Random(20261125);
        var service = AvailabilityCases.Service(30);
        var read = 0;
        for (var n = 0; n < 5000; n++)
        {
            var bytes = n % 2 == 0 ? new byte[random.Next(300)] : ResourceDayCodec.Write(AvailabilityCases.Some(random));
            if (n % 2 == 0)
            {
                random.NextBytes(bytes);
                if (bytes.Length > 0 && n % 4 == 0) bytes[0] = 1;
                if (bytes.Length > 10 && n % 8 == 0) bytes[10] = (byte)random.Next(4);
            }
            // One that was written, with some bytes changed or cut off.
            else if (n % 4 == 1) bytes = bytes[..random.Next(bytes.Length)];
            else for (var k = random.Next(1, 6); k > 0; k--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (ResourceDayCodec.Read(AvailabilityCases.ResourceId, AvailabilityCases.Today, bytes, new ResourceDayCodec.OpeningPool()) is not { } day) continue;
            read++;
            Assert.That(Availability.FreeSlots(day, new SlotWish(service, MeetingMode.InPerson, BookingSide.Staff), [], AvailabilityCases.Now).Count(), Is.LessThan(24 * 60 * 8));
        }
        Assert.That(read, Is.GreaterThan(0), "some are readable, or nothing was tried");
    }
}
