"""Golden numbers of tests/loss/golden_test.cpp: auraloss 0.4.0 in double precision on the signals of mrstft.py.

    pip install torch scipy auraloss==0.4.0
    python tools/golden/loss.py        # prints the rows of the table in the test

The mel loss is auraloss's with our filters in place of librosa's: triangles on the HTK scale with peak 1, and the
nearest bin alone where no bin reaches half the peak.
"""

import auraloss
import numpy as np
import torch

from mrstft import ORIGINAL, PAIRS, RATE

WIDE = [128, 512, 2048, 8192]


def multi(sizes, **weights):
    return auraloss.freq.MultiResolutionSTFTLoss(
        fft_sizes=sizes, hop_sizes=weights.pop("hops"), win_lengths=sizes, **weights
    )


def mel_filters(bands, low, high, size):
    mel = lambda hz: 2595 * np.log10(1 + hz / 700)
    edges = 700 * (10 ** (np.linspace(mel(low), mel(high), bands + 2) / 2595) - 1)
    hz = np.arange(size // 2 + 1) * RATE / size
    out = np.zeros((bands, len(hz)))
    for b in range(bands):
        left, center, right = edges[b : b + 3]
        out[b] = np.clip(np.minimum((hz - left) / (center - left), (right - hz) / (right - center)), 0, None)
        if out[b].max() < 0.5:
            out[b] = 0
            out[b, min(round(center * size / RATE), size // 2)] = 1
    return torch.tensor(out).unsqueeze(0)


def mel_loss():
    loss = auraloss.freq.STFTLoss(fft_size=1024, hop_size=256, win_length=1024)
    loss.scale = "mel"
    loss.fb = mel_filters(128, 0, RATE / 2, 1024)
    return loss


def esr(x, y):
    return auraloss.time.ESRLoss()(*auraloss.perceptual.FIRFilter(filter_type="hp", coef=0.85)(x, y))


def main():
    torch.set_default_dtype(torch.float64)
    losses = [
        auraloss.freq.MultiResolutionSTFTLoss(),
        multi(ORIGINAL, hops=[n // 2 for n in ORIGINAL], w_sc=0.0, w_log_mag=1.0, w_lin_mag=1.0),
        multi(WIDE, hops=[n // 4 for n in WIDE], w_sc=1.0, w_log_mag=1.0, w_lin_mag=0.0),
        mel_loss(),
        torch.nn.L1Loss(),
        auraloss.time.SISDRLoss(),
        esr,
    ]
    for name, (estimate, target) in PAIRS.items():
        if len(estimate) > 1:
            continue
        x, y = (torch.tensor(np.stack(c), dtype=torch.float64).unsqueeze(0) for c in (estimate, target))
        numbers = ", ".join(f"{loss(x, y).item():.10g}" for loss in losses)
        print(f'    {{"{name}", {{{numbers}}}}},')


if __name__ == "__main__":
    main()
