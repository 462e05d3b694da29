namespace MicroPlatform.Infrastructure.Identity;

/// <summary>The signing keys this node knows now.</summary>
public sealed class SigningKeyStore(TimeProvider time)
{
    public SigningKeys Current { get; private set; } = new([SigningKey.New(time.GetUtcNow(), time.GetUtcNow())]);
}
