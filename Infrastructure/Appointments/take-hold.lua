-- Holds a seat. KEYS: 1 all holds (sorted set by expiry), 2 this hold. ARGV: now, expires, id, holder, most per holder, resource, day, first, until, seats...
-- Members of the set: id|holder|resource|day|seat|first|until. Answers the seat, -1 when every seat is held, -2 when the holder has too many.
local now, expires, id, holder, most = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5])
local resource, day, first, last = ARGV[6], ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local taken, mine = {}, 0
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    local who, where, when, seat, from, to = string.match(member, '^[^|]+|([^|]+)|([^|]+)|([^|]+)|(%d+)|(%d+)|(%d+)$')
    if who == holder then mine = mine + 1 end
    if where == resource and when == day and tonumber(from) < last and first < tonumber(to) then taken[seat] = true end
end
if mine >= most then return -2 end
for i = 10, #ARGV do
    if not taken[ARGV[i]] then
        local member = table.concat({ id, holder, resource, day, ARGV[i], first, last }, '|')
        redis.call('ZADD', KEYS[1], expires, member)
        redis.call('SET', KEYS[2], member, 'PX', math.max(expires - now, 1))
        return tonumber(ARGV[i])
    end
end
return -1
