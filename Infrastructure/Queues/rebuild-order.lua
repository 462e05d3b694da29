-- Makes the copy of a queue as it was at a number of its history. KEYS: as put-place.lua. ARGV: number, ticket, rank, ticket, rank, ...
-- News later than that number stays. What was read before another rebuild is old.
local built, seq = redis.call('GET', KEYS[1]), tonumber(ARGV[1])
if built and tonumber(built) > seq then return 0 end
local later = {}
local seqs = redis.call('HGETALL', KEYS[3])
for i = 1, #seqs, 2 do
    if built and tonumber(seqs[i + 1]) > seq then later[seqs[i]] = { seqs[i + 1], redis.call('ZSCORE', KEYS[2], seqs[i]) } end
end
redis.call('DEL', KEYS[2], KEYS[3])
for i = 2, #ARGV, 2 do redis.call('ZADD', KEYS[2], ARGV[i + 1], ARGV[i]) end
for id, news in pairs(later) do
    redis.call('HSET', KEYS[3], id, news[1])
    if news[2] then redis.call('ZADD', KEYS[2], news[2], id) else redis.call('ZREM', KEYS[2], id) end
end
redis.call('SET', KEYS[1], ARGV[1])
return 1
