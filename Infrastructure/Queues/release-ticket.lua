-- Gives up a claim; somebody else's stays. KEYS: 1 the claim. ARGV: staff.
local held = redis.call('GET', KEYS[1])
if held and string.match(held, '^([^|]*)|') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
