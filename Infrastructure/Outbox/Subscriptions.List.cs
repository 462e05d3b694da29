namespace MicroPlatform.Infrastructure.Outbox;

public sealed partial class Subscriptions
{
    private void Define()
    {
    }
}
