using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Registry;

/// <summary>One person's duty shifts (值班), as far as a change can touch them. Changed as a whole, so that two changes at once cannot overlap.</summary>
public sealed class Roster
{
    /// <summary>Longer shifts are typing errors.</summary>
    public static readonly TimeSpan LongestShift = TimeSpan.FromHours(24);

    /// <summary>Instants are kept in milliseconds: what is shorter might have no length once stored.</summary>
    public static readonly TimeSpan ShortestShift = TimeSpan.FromMinutes(1);

    private readonly List<Shift> _shifts;

    public Roster(string staffId, int version, IEnumerable<Shift> shifts) => (StaffId, Version, _shifts) = (staffId, version, [.. shifts]);

    public string StaffId { get; }

    /// <summary>Number of the stored version this was read from; 0 when there is none yet.</summary>
    public int Version { get; }

    /// <summary>A new shift, nowhere over another of the same person, in whatever unit.</summary>
    public Outcome<Shift> Add(string id, string organisationId, DateTimeOffset startsAt, DateTimeOffset endsAt, DateTimeOffset now)
    {
        if (endsAt - startsAt < ShortestShift) return CommonRefusals.Invalid.At("endsAt", "结束时间应晚于开始时间");
        if (endsAt - startsAt > LongestShift) return CommonRefusals.Invalid.At("endsAt", "一个班次最长24小时");
        if (endsAt <= now) return RegistryRefusals.ShiftOver.At("endsAt", "不能排过去的班次");
        if (_shifts.Any(s => s.StartsAt < endsAt && startsAt < s.EndsAt)) return RegistryRefusals.ShiftOverlaps.At("startsAt", "该人员此时段已有班次");
        var shift = new Shift(id, StaffId, organisationId, startsAt, endsAt);
        _shifts.Add(shift);
        return shift;
    }

    /// <summary>Takes a shift that is not over off the roster; who is on duty by it is so no longer.</summary>
    public Outcome<Shift> Remove(string id, DateTimeOffset now)
    {
        if (_shifts.Find(s => s.Id == id) is not { } shift) return CommonRefusals.NotFound;
        if (shift.EndsAt <= now) return RegistryRefusals.ShiftOver;
        _shifts.Remove(shift);
        return shift;
    }

    /// <summary>The running shift ends now.</summary>
    public Outcome<Shift> EndNow(DateTimeOffset now)
    {
        if (_shifts.Find(s => s.Covers(now)) is not { } shift) return RegistryRefusals.NotOnDuty;
        _shifts.Remove(shift);
        var ended = shift with { EndsAt = now };
        _shifts.Add(ended);
        return ended;
    }
}

/// <summary>A person is on duty for a unit from one instant until just before another.</summary>
public sealed record Shift(string Id, string StaffId, string OrganisationId, DateTimeOffset StartsAt, DateTimeOffset EndsAt)
{
    public bool Covers(DateTimeOffset instant) => StartsAt <= instant && instant < EndsAt;
}
