using System.ComponentModel.DataAnnotations;

namespace MicroPlatform.Infrastructure.Hotline;

/// <summary>Section <c>Hotline</c>.</summary>
public sealed class HotlineOptions
{
    /// <summary>Whether partners must call over TLS; when absent, in Production they must.</summary>
    public bool? RequireTls { get; set; }

    /// <summary>Whether we may call addresses of this machine, for trying with a receiver beside it; Production refuses to start with it.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>Where a screen-pop's link leads; the code follows after <c>#pop=</c>, which browsers never send.</summary>
    [Required]
    public string StaffConsole { get; set; } = "/swagger";

    /// <summary>How long a screen-pop's code is good.</summary>
    public TimeSpan PopLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one number of the emergency list is rung before the next.</summary>
    public TimeSpan AlarmStep { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How soon somebody who was not reached is called back, and again.</summary>
    public TimeSpan CallBackWithin { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Days after closing within which a return visit is due; of somebody dissatisfied, working days.</summary>
    [Range(1, 60)]
    public int ReturnVisitDays { get; set; } = 7;

    /// <summary>Working days in which a unit may send a ticket back.</summary>
    [Range(1, 30)]
    public int RefuseWithinWorkingDays { get; set; } = 1;

    /// <summary>Tickets of one caller within so many days are suggested for merging.</summary>
    [Range(1, 365)]
    public int SimilarDays { get; set; } = 30;

    /// <summary>Folder of the recordings' copies; below <c>Data:Folder</c> when absent. Of several nodes: one that all share.</summary>
    public string? RecordingsFolder { get; set; }

    /// <summary>Largest recording, in bytes.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxRecordingBytes { get; set; } = 50 * 1024 * 1024;

    /// <summary>How long one try to deliver may take.</summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a ticket's next event waits for one that its receiver refuses.</summary>
    public TimeSpan OrderPatience { get; set; } = TimeSpan.FromMinutes(5);
}
