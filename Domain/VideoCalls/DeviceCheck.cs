namespace MicroPlatform.Domain.VideoCalls;

/// <summary>What a client found of a camera or microphone.</summary>
public enum DeviceState
{
    /// <summary>正常</summary>
    Works,
    /// <summary>未授权: the person, or the phone's settings, do not let the program use it.</summary>
    Denied,
    /// <summary>没有设备</summary>
    Missing,
    /// <summary>故障: there, allowed, and silent or black.</summary>
    Faulty,
}

/// <summary>What a client found of the way to the media server.</summary>
public enum NetworkGrade
{
    /// <summary>良好: picture and voice.</summary>
    Good,
    /// <summary>较弱: voice; the picture may stand still.</summary>
    Weak,
    /// <summary>很差: the telephone is better.</summary>
    Poor,
    /// <summary>不通</summary>
    None,
}

/// <summary>The check of camera, microphone and network before a call, as the client measured it and with what was chosen then. The lawyer sees it before taking the call.</summary>
/// <param name="RoundTripMs">To the media server and back.</param>
/// <param name="LossPermille">Packets lost of a thousand.</param>
public sealed record DeviceCheck(DeviceState Camera, DeviceState Microphone, NetworkGrade Network, int? RoundTripMs, int? LossPermille, int? DownKbps, int? UpKbps, CallMedium Chosen)
{
    /// <summary>What a sensible person would choose with this: the ladder 视频 → 语音 → 电话.</summary>
    public CallMedium Advised => Microphone != DeviceState.Works || Network is NetworkGrade.Poor or NetworkGrade.None || LossPermille > 150 ? CallMedium.Phone
        : Camera != DeviceState.Works || Network == NetworkGrade.Weak || LossPermille > 50 || RoundTripMs > 800 ? CallMedium.Audio
        : CallMedium.Video;
}

public static class DeviceCheckLabels
{
    public static string Label(this DeviceState state) => state switch
    {
        DeviceState.Works => "正常",
        DeviceState.Denied => "未授权",
        DeviceState.Missing => "没有设备",
        DeviceState.Faulty => "故障",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Label(this NetworkGrade grade) => grade switch
    {
        NetworkGrade.Good => "良好",
        NetworkGrade.Weak => "较弱",
        NetworkGrade.Poor => "很差",
        NetworkGrade.None => "不通",
        _ => throw new ArgumentOutOfRangeException(nameof(grade)),
    };
}
