-- Lets one of many through who take a ticket. KEYS: 1 the claim. ARGV: staff, until, now (ms). Answers 1 when the claim is theirs.
local held = redis.call('GET', KEYS[1])
if held then
    local who, till = string.match(held, '^([^|]*)|(%d+)$')
    if who and who ~= ARGV[1] and tonumber(till) > tonumber(ARGV[3]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1] .. '|' .. ARGV[2], 'PX', math.max(tonumber(ARGV[2]) - tonumber(ARGV[3]), 1))
return 1
