"""Golden numbers of tests/spectral/front_end_test.cpp: the front ends by torch.stft, in double precision.

    pip install torch
    python tools/golden/front_end.py     # prints the rows of the table in the test

The signal: noise of a linear congruential generator times a slow decay, so that frames differ; exact in float32 but for
the decay, which both sides round.
"""

import numpy as np
import torch

RATE = 24_000.0


def signal(samples):
    noise = np.empty(samples)
    state = 1
    for i in range(samples):
        state = (state * 1664525 + 1013904223) % 2**32
        noise[i] = (state >> 8) / 2**23 - 1.0
    decay = np.exp(-np.arange(samples) / 30_000.0)
    return torch.from_numpy((noise * decay).astype(np.float32).astype(np.float64))


def magnitudes(samples, window, hop):
    return torch.stft(signal(samples), 4096, hop, window, torch.hann_window(window, dtype=torch.float64), center=True,
                      pad_mode="reflect", return_complex=True).abs().T


def mel(bands, low, high):
    to_mel = lambda hz: 2595.0 * np.log10(1.0 + hz / 700.0)
    edges = 700.0 * (10.0 ** (np.linspace(to_mel(low), to_mel(high), bands + 2) / 2595.0) - 1.0)
    hz = np.arange(2049) * RATE / 4096
    rows = np.zeros((bands, 2049))
    for b in range(bands):
        left, center, right = edges[b : b + 3]
        rows[b] = np.maximum(0.0, np.minimum((hz - left) / (center - left), (right - hz) / (right - center)))
        if rows[b].max() < 0.5:  # narrower than the bins resolve: the nearest bin alone
            rows[b] = 0.0
            rows[b, int(center * 4096 / RATE + 0.5)] = 1.0
    return torch.from_numpy(rows)


def show(name, spectrum):
    image = (spectrum + 1e-8) ** 0.3
    mean, deviation = image.mean(), image.std()
    image = (image - mean) / deviation
    print(f'    {{"{name}", {image.shape[0]}, {image.shape[1]}, {mean:.7g}, {deviation:.7g}, {{', end="")
    at = [(0, 0), (0, 17), (3, 100), (64, 200), (100, 255), (127, 128)]
    print(", ".join(f"{image[t, f]:.6g}" for t, f in at) + "}},")


show("linear", magnitudes(131072, 2048, 1024))
show("mel", magnitudes(130560, 1024, 512) ** 2 @ mel(256, 20.0, 12000.0).T)
