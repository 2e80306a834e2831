"""Golden values for tests/base/rng_test.cpp: xoshiro256++ (Blackman & Vigna 2019) seeded by splitmix64(42)."""
M = (1 << 64) - 1


def rotl(x, k):
    return ((x << k) | (x >> (64 - k))) & M


def splitmix64(x):
    while True:
        x = (x + 0x9E3779B97F4A7C15) & M
        z = x
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
        yield z ^ (z >> 31)


seeds = splitmix64(42)
s = [next(seeds) for _ in range(4)]
for _ in range(3):
    print(hex((rotl((s[0] + s[3]) & M, 23) + s[0]) & M))
    t = (s[1] << 17) & M
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotl(s[3], 45)
