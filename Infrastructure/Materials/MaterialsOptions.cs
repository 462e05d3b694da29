using System.ComponentModel.DataAnnotations;

namespace MicroPlatform.Infrastructure.Materials;

/// <summary>Limits, places and times of materials. Section <c>Materials</c>.</summary>
public sealed class MaterialsOptions : IValidatableObject
{
    /// <summary>What administrators may raise the limits of files to while the platform runs; configured they may be higher.</summary>
    public const int MostMegabytes = 100;

    /// <summary><c>local</c> (a folder) or <c>s3</c>. Nodes that share a database share the store.</summary>
    [RegularExpression("local|s3")]
    public string Store { get; set; } = "local";

    /// <summary>The local store, and on every node the place where uploads are taken apart; <c>materials</c> in <c>Data:Folder</c> when empty. Everything in it is sealed.</summary>
    public string Folder { get; set; } = "";

    public S3Options S3 { get; set; } = new();

    [Range(1024, 1L << 31)]
    public long MaxImageBytes { get; set; } = 20L << 20;

    [Range(1024, 1L << 31)]
    public long MaxDocumentBytes { get; set; } = 50L << 20;

    [Range(1024, 1L << 31)]
    public long MaxAudioBytes { get; set; } = 50L << 20;

    /// <summary>Width times height of a picture: 50 million is four times a usual phone's.</summary>
    [Range(1, 500_000_000)]
    public long MaxPixels { get; set; } = 50_000_000;

    [Range(1, 5000)]
    public int MaxPages { get; set; } = 300;

    /// <summary>What a document may be when unpacked.</summary>
    [Range(1024, 1L << 33)]
    public long MaxUnpackedBytes { get; set; } = 200L << 20;

    /// <summary>Space and number of materials of one citizen.</summary>
    [Range(1, long.MaxValue)]
    public long QuotaBytes { get; set; } = 1L << 30;

    [Range(1, 100_000)]
    public int QuotaMaterials { get; set; } = 500;

    /// <summary>How long an upload in parts may take.</summary>
    public TimeSpan UploadFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>What nobody has attached to anything goes after this long.</summary>
    public TimeSpan UnusedFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long after the last matter it belongs to has ended a material is kept. Three years: the limitation period (民法典 art. 188).</summary>
    public TimeSpan RetainFor { get; set; } = TimeSpan.FromDays(3 * 366);

    /// <summary>How long an accepted material counts as accepted on other matters, too.</summary>
    public TimeSpan ReuseFor { get; set; } = TimeSpan.FromDays(180);

    /// <summary>How long a download link lives; two hours at most (R17).</summary>
    public TimeSpan LinkFor { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Objects in the store that no row knows are left alone so long: an upload may be just about to write its row.</summary>
    public TimeSpan OrphanGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Categories whose matters concern somebody under age.</summary>
    public IList<string> MinorCategories { get; init; } = ["1401", "0702"];

    public ThumbnailOptions Thumbnails { get; set; } = new();

    public ScanOptions Scan { get; set; } = new();

    /// <summary>The largest file of any type.</summary>
    public long MaxBytes => Math.Max(MaxImageBytes, Math.Max(MaxDocumentBytes, MaxAudioBytes));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LinkFor <= TimeSpan.Zero || LinkFor > TimeSpan.FromHours(2)) yield return new ValidationResult("Materials:LinkFor must be above zero and at most two hours.");
        if (OrphanGrace < TimeSpan.FromMinutes(10)) yield return new ValidationResult("Materials:OrphanGrace must be at least ten minutes: uploads under way need it.");
        if (Store == "s3" && (S3.Bucket.Length == 0 || S3.AccessKey.Length == 0 || S3.SecretKey.Length == 0 || !Uri.TryCreate(S3.Endpoint, UriKind.Absolute, out _)))
            yield return new ValidationResult("Materials:S3 needs Endpoint, Bucket, AccessKey and SecretKey (Materials:Store is s3).");
    }
}

/// <summary>An S3-compatible store.</summary>
public sealed class S3Options
{
    /// <summary>Such as <c>https://oss-cn-shanghai.aliyuncs.com</c>, <c>https://cos.ap-shanghai.myqcloud.com</c>, <c>http://minio:9000</c>.</summary>
    public string Endpoint { get; set; } = "";

    public string Region { get; set; } = "us-east-1";
    public string Bucket { get; set; } = "";
    public string AccessKey { get; set; } = "";
    public string SecretKey { get; set; } = "";

    /// <summary>Bucket in the path (MinIO) instead of in the host name (OSS, COS).</summary>
    public bool PathStyle { get; set; } = true;

    /// <summary>Before every key, for several installations in one bucket; ends with <c>/</c>.</summary>
    public string Prefix { get; set; } = "";
}

/// <summary>Small pictures, by libvips as a child process.</summary>
public sealed class ThumbnailOptions
{
    /// <summary>The program; where it is not found, thumbnails wait and <c>/health/ready</c> says so. Empty: none are made.</summary>
    public string Tool { get; set; } = "vipsthumbnail";

    /// <summary>Pixels of the longer side.</summary>
    [Range(64, 4096)]
    public int Side { get; set; } = 1024;

    /// <summary>Children at once on this node.</summary>
    [Range(1, 64)]
    public int Parallel { get; set; } = 2;

    /// <summary>Address space of one child, MiB, and its processor time, seconds.</summary>
    [Range(64, 65536)]
    public int MemoryMiB { get; set; } = 2048;

    [Range(1, 300)]
    public int Seconds { get; set; } = 20;

    /// <summary>How long an upload waits for its turn; after that the thumbnail comes later.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>The virus scanner.</summary>
public sealed class ScanOptions
{
    /// <summary>clamd's <c>host:port</c> or <c>unix:/path</c>; empty: nothing is scanned, and everything is marked so.</summary>
    public string Address { get; set; } = "";

    public TimeSpan Limit { get; set; } = TimeSpan.FromSeconds(30);
}
