"""Golden numbers of tests/loss/golden_test.cpp: auraloss 0.4.0 in double precision on the signals of mrstft.py.

    pip install torch scipy librosa auraloss==0.4.0
    python tools/golden/loss.py        # prints the rows of the table in the test
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


def mel_loss():
    loss = auraloss.freq.MelSTFTLoss(RATE, n_mels=128)
    loss.fb = loss.fb.to(torch.float64)
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
