-- Puts days into the copy. KEYS: one per day. ARGV: lifetime (ms), bytes, lifetime, bytes, ... in the order of the keys.
-- Bytes 3 to 10 are the version, little-endian. A later version that is there stays.
local function version(bytes)
    if not bytes or string.len(bytes) < 10 or string.byte(bytes, 1) ~= 1 then return -1 end
    local v = 0
    for i = 10, 3, -1 do v = v * 256 + string.byte(bytes, i) end
    -- No counter has come so far: this was not written by us, and numbers beyond are not exact here.
    if v > 9007199254740992 then return -1 end
    return v
end
local put = 0
for i, key in ipairs(KEYS) do
    local lifetime, bytes = ARGV[2 * i - 1], ARGV[2 * i]
    if version(redis.call('GET', key)) <= version(bytes) then
        redis.call('SET', key, bytes, 'PX', lifetime)
        put = put + 1
    end
end
return put
