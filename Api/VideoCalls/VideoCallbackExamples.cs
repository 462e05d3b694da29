using MicroPlatform.Api.Http.Documents;

namespace MicroPlatform.Api.VideoCalls;

public sealed class VideoCallbackExamples : OperationExamples
{
    public VideoCallbackExamples() => For("receiveTrtcCallback", null, new ReceiveVideoCallback.TrtcTaken(0));
}
