"""Golden numbers of tests/metric/golden_metrics_test.cpp: every metric on 100 recordings by its public implementation, in
double precision, or, where there is none to be had, written here a second time with numpy and scipy.

    pip install torch auraloss==0.4.0 librosa==0.11.0 pystoi==0.4.1 pyloudnorm==0.2.0 scipy soundfile
    python tools/golden/metrics.py <corpus> > tests/metric/golden_metrics.tsv

The targets are two made signals, for tests without the corpus, and the first four seconds of recordings taken evenly from
its sorted folders; the outputs are made of them by degraded(), whose every step is exact in float32, so that the test makes
the same bits.
"""

import sys
import warnings
from pathlib import Path

import auraloss
import librosa
import numpy as np
import pyloudnorm
import pystoi
import scipy.signal
import soundfile
import torch

COUNTS = {"speech": 50, "music": 40, "digits": 10}
SECONDS = 4
RATE = 24_000  # of what is made
ORIGINAL = [32, 128, 512, 2048, 8192, 32768]


def made():
    """What needs no corpus, [channels x frames]: plucked notes that follow one another over noise, mono and stereo."""
    t = np.arange(4 * RATE)
    notes = []
    for c in range(2):
        hz = 110.0 * (1 + c) * (1 + t // 6000 % 5)
        tone = np.sin(2 * np.pi * (hz * (t % 6000) / RATE)) * np.exp(-8.0 * (t % 6000) / RATE)
        notes.append(tone.astype(np.float32) * np.float32(0.25) + noise(11 + c, len(t)) * np.float32(1 / 128))
    yield "made mono", np.stack(notes[:1]), RATE
    yield "made stereo", np.stack(notes), RATE


def recordings(corpus):
    for folder, count in COUNTS.items():
        files = sorted((corpus / folder).glob("*.flac"))
        for i in range(count):
            file = files[i * len(files) // count]
            audio, rate = soundfile.read(file, dtype="float32", always_2d=True)
            yield file.relative_to(corpus), np.ascontiguousarray(audio[: SECONDS * rate].T), rate


def noise(seed, n):
    """The test's linear congruential generator, in [-1, 1), exact in float32."""
    out = np.empty(n, dtype=np.float32)
    state = seed
    for i in range(n):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = (state >> 8) / 2**23 - 1.0
    return out


def degraded(target):
    """Louder, with an echo, hissing and clipped, the second channel more so: [channels x frames] float32."""
    out = np.empty_like(target)
    for c, x in enumerate(target):
        late = np.concatenate([np.zeros(97 + 60 * c, np.float32), x])[: len(x)]
        y = np.float32(1.75 + 0.5 * c) * x + np.float32(0.375) * late
        y = y + np.float32(1 / 512) * noise(c + 1, len(x))
        out[c] = np.clip(y, np.float32(-0.3125), np.float32(0.3125))
    return out


def db(power):
    return 10 * np.log10(power)


def rms_db(x):
    return db(np.mean(x**2))


def crest_db(x):
    return db(np.max(np.abs(x)) ** 2) - rms_db(x)


def lufs(x, rate):
    # DeMan's filters are those of BS.1770-4 at any rate; the default ones are approximations. The standard leaves a block
    # of 400 ms out that is not complete, pyloudnorm counts it: it gets whole steps of 100 ms.
    step = rate // 10
    meter = pyloudnorm.Meter(rate, filter_class="DeMan")
    return meter.integrated_loudness(x[:, : x.shape[1] // step * step].T)


def lufs_error(x, y, rate):
    """Not to be compared where pyloudnorm has no loudness: below 400 ms and where every block is gated away."""
    levels = [lufs(x, rate), lufs(y, rate)] if y.shape[1] >= 0.4 * rate else [-np.inf]
    return abs(levels[0] - levels[1]) if np.all(np.isfinite(levels)) else "?"


def centroid(x, rate):
    hz = [librosa.feature.spectral_centroid(y=c + 1e-16, sr=rate, n_fft=2048, hop_length=512, pad_mode="reflect") for c in x]
    return np.mean(hz)


def emphasised_esr(x, y):
    high = lambda s: scipy.signal.lfilter([1, -0.85], [1], s)
    return np.mean(np.sum(high(x - y) ** 2, 1) / (np.sum(high(y) ** 2, 1) + 1e-8))


def frames_at(x, size, hop):
    count = -(-x.shape[-1] // hop)
    x = np.pad(x, (0, (count - 1) * hop + size - len(x)))
    window = scipy.signal.get_window("hann", size)
    return np.abs(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(x, size)[::hop] * window))


def multi_scale(x, y):
    total = 0.0
    for size in [2048, 1024, 512, 256, 128, 64]:
        a, b = (np.maximum([frames_at(c, size, size // 4) for c in s], 1e-5) for s in (x, y))
        total += np.mean(np.abs(a - b)) + np.mean(np.abs(np.log(a) - np.log(b)))
    return total


def third_octaves(x, rate):
    power = sum(np.sum(np.abs(librosa.stft(c, n_fft=8192, hop_length=2048, pad_mode="reflect")) ** 2, 1) for c in x)
    hz = np.arange(len(power)) * rate / 8192
    bands = []
    for n in range(-14, 14):
        low, high = 1000 * 10 ** ((n - 0.5) / 10), 1000 * 10 ** ((n + 0.5) / 10)
        inside = (hz >= low) & (hz < high)
        if high <= rate / 2 and inside.any():
            bands.append(power[inside].sum())
    return np.array(bands)


def ltas(x, y, rate):
    a, b = third_octaves(x, rate), third_octaves(y, rate)
    floor = 1e-8 * b.sum()
    return np.mean(np.abs(db(np.maximum(a, floor)) - db(np.maximum(b, floor))))


def local_dynamics(x, rate):
    lag = int(rate * (3000 - 50) * 0.0005)
    average = {}
    for ms in (50, 3000):
        c = 1 - np.exp(-2200 / ms / rate)
        average[ms] = scipy.signal.lfilter([c], [1, c - 1], np.maximum(x**2, 1e-8))
    return db(average[50][:, : x.shape[1] - lag]) - db(average[3000][:, lag:])


def width(x):
    mid, side = (np.sqrt(np.sum((x[0] + s * x[1]) ** 2)) for s in (1, -1))
    return side / (mid + side)


def tensors(x, y):
    return torch.tensor(x).unsqueeze(0), torch.tensor(y).unsqueeze(0)


def by_auraloss(loss):
    return lambda x, y, rate: loss(*tensors(x, y)).item()


def by_mel(frames, **options):
    def measure(x, y, rate):
        if y.shape[1] < frames:
            return None
        loss = auraloss.freq.MelSTFTLoss(rate, n_mels=128, **options)
        loss.fb = loss.fb.to(torch.float64)
        return loss(*tensors(x, y)).item()

    return measure


def at_least(frames, measure):
    return lambda x, y, rate: measure(x, y, rate) if y.shape[1] >= frames else None


def stereo(measure):
    return lambda x, y, rate: measure(x, y, rate) if len(y) == 2 else None


def speech(extended):
    def measure(x, y, rate):
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)  # too little sound, for which it would return 1e-5
            try:
                return pystoi.stoi(y.mean(0), x.mean(0), rate, extended=extended)
            except (RuntimeWarning, ValueError):
                return None

    return measure


def metrics():
    multi = auraloss.freq.MultiResolutionSTFTLoss
    default = dict(fft_sizes=[1024, 2048, 512], hop_sizes=[120, 240, 50], win_lengths=[600, 1200, 240])
    halves = [n // 2 for n in ORIGINAL]
    original = multi(ORIGINAL, halves, ORIGINAL, w_sc=0.0, w_log_mag=1.0, w_lin_mag=1.0)
    return {
        "mrstft": at_least(1025, by_auraloss(multi())),
        "mrstft-original": at_least(16385, by_auraloss(original)),
        "mrstft-sum-difference": stereo(by_auraloss(auraloss.freq.SumAndDifferenceSTFTLoss(**default))),
        "msd": by_mel(32769, fft_size=65536, hop_size=65536, win_length=65536, w_sc=0.0, w_log_mag=1.0, w_lin_mag=1.0),
        "mel-stft": by_mel(513),
        "mss": lambda x, y, rate: multi_scale(x, y),
        "centroid-error": lambda x, y, rate: abs(centroid(x, rate) - centroid(y, rate)),
        "ltas-distance": at_least(4097, ltas),
        "rms-error": lambda x, y, rate: abs(rms_db(x) - rms_db(y)),
        "crest-error": lambda x, y, rate: abs(crest_db(x) - crest_db(y)),
        "lufs-error": lufs_error,
        "dynamics-distance": lambda x, y, rate: (
            np.mean(np.abs(local_dynamics(x, rate) - local_dynamics(y, rate))) if y.shape[1] >= 1.5 * rate else None
        ),
        "stereo-width-error": stereo(lambda x, y, rate: abs(width(x) - width(y))),
        "si-sdr": lambda x, y, rate: -auraloss.time.SISDRLoss()(*tensors(x, y)).item(),
        "esr": by_auraloss(auraloss.time.ESRLoss()),
        "esr-emphasised": lambda x, y, rate: emphasised_esr(x, y),
        "stoi": speech(False),
        "estoi": speech(True),
    }


def text(value):
    """"-": the metric must say why it has no value; "?": there is nothing to compare with."""
    return "-" if value is None else value if isinstance(value, str) else f"{value:.10g}"


def main():
    torch.set_default_dtype(torch.float64)
    np.random.seed(0)
    corpus = Path(sys.argv[1])
    rows = metrics()
    print("recording", *rows, sep="\t")
    for name, target, rate in [*made(), *recordings(corpus)]:
        x, y = degraded(target).astype(np.float64), target.astype(np.float64)
        values = [measure(x, y, rate) for measure in rows.values()]
        print(name, *map(text, values), sep="\t", flush=True)


if __name__ == "__main__":
    main()
