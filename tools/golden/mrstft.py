"""Golden numbers of tests/metric/mrstft_test.cpp: auraloss 0.4.0 in double precision on signals both sides can make.

    pip install torch auraloss==0.4.0
    python tools/golden/mrstft.py        # prints the rows of the table in the test

The signals: noise of a linear congruential generator (exact in float32) and decaying sines (rounded to float32),
40 000 frames at 24 kHz. A pair is (estimate, target), each a list of channels.
"""

import auraloss
import numpy as np
import torch

FRAMES = 40_000
RATE = 24_000.0


def noise(seed):
    out = np.empty(FRAMES)
    state = seed
    for i in range(FRAMES):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = (state >> 8) / 2**23 - 1.0
    return out.astype(np.float32)


def pluck(hz, decay):
    t = np.arange(FRAMES) / RATE
    return (np.sin(2 * np.pi * hz * t) * np.exp(-decay * t)).astype(np.float32)


def scaled(gain, x):
    return np.float32(gain) * x


def clipped(limit, x):
    return np.clip(x, np.float32(-limit), np.float32(limit))


SILENCE = np.zeros(FRAMES, dtype=np.float32)

PAIRS = {
    "noise, half as loud": ([scaled(0.5, noise(1))], [noise(1)]),
    "noise, other noise": ([noise(2)], [noise(1)]),
    "noise, noise with 1/1024 of other noise": ([noise(1) + scaled(1 / 1024, noise(2))], [noise(1)]),
    "pluck, detuned": ([pluck(450.0, 3.0)], [pluck(440.0, 3.0)]),
    "pluck, clipped": ([clipped(0.25, pluck(440.0, 3.0))], [pluck(440.0, 3.0)]),
    "pluck, faster decay": ([pluck(440.0, 12.0)], [pluck(440.0, 3.0)]),
    "silence, pluck": ([SILENCE], [pluck(440.0, 3.0)]),
    "pluck, silence": ([pluck(440.0, 3.0)], [SILENCE]),
    "stereo": ([noise(1), pluck(440.0, 3.0)], [scaled(0.5, pluck(880.0, 1.0)), noise(3)]),
}

ORIGINAL = [32, 128, 512, 2048, 8192, 32768]


def main():
    torch.set_default_dtype(torch.float64)
    losses = [
        auraloss.freq.MultiResolutionSTFTLoss(),
        auraloss.freq.MultiResolutionSTFTLoss(
            fft_sizes=ORIGINAL,
            hop_sizes=[n // 2 for n in ORIGINAL],
            win_lengths=ORIGINAL,
            w_sc=0.0,
            w_log_mag=1.0,
            w_lin_mag=1.0,
        ),
    ]
    for name, (estimate, target) in PAIRS.items():
        x, y = (torch.tensor(np.stack(c), dtype=torch.float64).unsqueeze(0) for c in (estimate, target))
        numbers = ", ".join(f"{loss(x, y).item():.10g}" for loss in losses)
        print(f'    {{"{name}", {numbers}}},')


if __name__ == "__main__":
    main()
