using MicroPlatform.Domain.Matters;
using MicroPlatform.Infrastructure.Sql;

namespace MicroPlatform.Infrastructure.Matters;

/// <summary>Ratings: one per matter by primary key.</summary>
public sealed class RatingRepository
{
    /// <returns>False when the matter has one already.</returns>
    public async Task<bool> TryInsertAsync(UnitOfWork tx, Rating rating) =>
        await tx.ExecuteAsync($"{tx.Dialect.InsertIgnore} ratings (matter_id, score, tags, text, at) VALUES (@MatterId, @Score, @tags, @Text, @At)",
            new { rating.MatterId, rating.Score, tags = string.Join(',', rating.Tags), rating.Text, rating.At }) == 1;
}
