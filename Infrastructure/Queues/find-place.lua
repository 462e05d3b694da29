-- How many wait before a ticket, and in all. KEYS: as put-place.lua. ARGV: ticket. Answers -1 when the copy does not know.
if redis.call('EXISTS', KEYS[1]) == 0 then return { -1, 0 } end
local before = redis.call('ZRANK', KEYS[2], ARGV[1])
if not before then return { -1, 0 } end
return { before, redis.call('ZCARD', KEYS[2]) }
