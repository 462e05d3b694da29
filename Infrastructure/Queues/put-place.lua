-- Puts a ticket at its rank, or takes it out. KEYS: 1 as of which number the copy was made, 2 the order, 3 numbers of later news by ticket.
-- ARGV: ticket, number of the news, rank or empty. Old news changes nothing. Answers 0 when there is no copy.
local built = redis.call('GET', KEYS[1])
if not built then return 0 end
local id, seq, rank = ARGV[1], tonumber(ARGV[2]), ARGV[3]
if seq <= tonumber(built) or seq <= tonumber(redis.call('HGET', KEYS[3], id) or '0') then return 1 end
redis.call('HSET', KEYS[3], id, ARGV[2])
if rank == '' then redis.call('ZREM', KEYS[2], id) else redis.call('ZADD', KEYS[2], rank, id) end
return 1
