using MicroPlatform.Api.Hosting;
using MicroPlatform.Api.Tests.Hosting;
using MicroPlatform.Domain.Common;

namespace MicroPlatform.Api.Tests.VideoCalls;

/// <summary>Calls that are there already, for tests of what carries them.</summary>
internal static class VideoStage
{
    /// <summary>A call that rings, of nobody in particular.</summary>
    public static async Task<string> NewCallAsync(TestApi api, string provider)
    {
        var id = Id.New(api.Time);
        await api.ExecuteAsync("""
            INSERT INTO video_calls (id, matter_id, citizen_id, organisation_id, provider, state, medium, due_at, rung_at, talked_ms, created_at, version)
            VALUES (@id, @matter, @citizen, @unit, @provider, 'Ringing', 'Video', @due, @now, 0, @now, 1)
            """, new { id, matter = Id.New(api.Time), citizen = Id.New(api.Time), unit = DemoDistrict.AidCentre, provider, due = api.Time.GetUtcNow().AddMinutes(1), now = api.Time.GetUtcNow() });
        return id;
    }
}
