-- Lets go of a hold. KEYS: 1 all holds, 2 this hold.
local member = redis.call('GET', KEYS[2])
if member then redis.call('ZREM', KEYS[1], member) end
return redis.call('DEL', KEYS[2])
