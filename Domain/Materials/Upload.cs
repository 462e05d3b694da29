using MicroPlatform.Domain.Common;

namespace MicroPlatform.Domain.Materials;

/// <summary>An upload in parts, for a bad network: parts come in any order and may come again; when all are there, one material comes of it.</summary>
public sealed class Upload
{
    /// <summary>Bytes of every part but the last. A phone on a village network sends it in some seconds.</summary>
    public const int PartBytes = 1024 * 1024;

    /// <summary>Uploads one citizen may have open at once.</summary>
    public const int MaxOpen = 10;

    public required string Id { get; init; }
    public required string OwnerId { get; init; }
    public required string Name { get; init; }
    public string? ItemCode { get; init; }
    public bool ConcernsMinor { get; init; }
    public required long Bytes { get; init; }

    /// <summary>Of the whole, hex, as the client has computed it before the first part.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The material it becomes a new version of; null for a new one.</summary>
    public string? ReplacesId { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public UploadState State { get; private set; }
    public string? MaterialId { get; private set; }
    public int Version { get; init; }

    public int Parts => PartsOf(Bytes);

    public static int PartsOf(long bytes) => (int)((bytes + PartBytes - 1) / PartBytes);

    public static Upload Restore(Upload bare, UploadState state, string? materialId)
    {
        (bare.State, bare.MaterialId) = (state, materialId);
        return bare;
    }

    /// <summary>Bytes that a part has to have.</summary>
    /// <param name="number">1, 2, 3 …</param>
    public int BytesOf(int number) => (int)Math.Min(PartBytes, Bytes - (long)(number - 1) * PartBytes);

    public Outcome<Done> Put(int number, long bytes)
    {
        if (number < 1 || number > Parts) return CommonRefusals.Invalid.At("number", $"应为1到{Parts}");
        if (bytes != BytesOf(number)) return MaterialRefusals.PartLength.At("body", $"第{number}片应为{BytesOf(number)}字节");
        return Move(UploadAction.Put) is { } refusal ? refusal : Done.It;
    }

    public Outcome<Done> Complete(string materialId)
    {
        if (Move(UploadAction.Complete) is { } refusal) return refusal;
        MaterialId = materialId;
        return Done.It;
    }

    public Outcome<Done> Cancel() => Move(UploadAction.Cancel) is { } refusal ? refusal : Done.It;

    public Outcome<Done> Expire() => Move(UploadAction.Expire) is { } refusal ? refusal : Done.It;

    private Refusal? Move(UploadAction action)
    {
        if (!MaterialTransitions.Uploads.TryGetValue((State, action), out var to)) return MaterialRefusals.UploadOver;
        State = to;
        return null;
    }
}
