"""Plays eight bars on a small synthesiser: four for the demo's input, four others for its reference.

python3 band.py <input.wav> <reference.wav>      (44.1 kHz, stereo, 16 bit, seeded)
"""
import sys
import wave

import numpy as np

RATE = 44100
BEAT = 60 / 104
rng = np.random.default_rng(11)


def pluck(midi, seconds, damping=0.996, bright=0.5):
    """Karplus and Strong's string: a noise burst in a delay line with a two-point average."""
    period = RATE / (440 * 2 ** ((midi - 69) / 12))
    n = int(period)
    line = rng.uniform(-1, 1, n)
    for _ in range(int(3 * (1 - bright)) + 1):
        line = 0.5 * (line + np.roll(line, 1))
    out = np.empty(int(seconds * RATE))
    for i in range(len(out)):
        out[i] = line[i % n]
        line[i % n] = damping * 0.5 * (line[i % n] + line[(i + 1) % n])
    fade = min(len(out), int(0.01 * RATE))
    out[-fade:] *= np.linspace(1, 0, fade)
    return out


def kick():
    t = np.arange(int(0.28 * RATE)) / RATE
    return np.sin(2 * np.pi * (48 * t + 9 * (1 - np.exp(-t * 28)))) * np.exp(-t * 14)


def snare():
    t = np.arange(int(0.2 * RATE)) / RATE
    return 0.5 * rng.normal(size=len(t)) * np.exp(-t * 22) * 0.6 + 0.5 * np.sin(2 * np.pi * 190 * t) * np.exp(-t * 25)


def hat(open_):
    t = np.arange(int((0.22 if open_ else 0.06) * RATE)) / RATE
    noise = rng.normal(size=len(t))
    return np.diff(noise, prepend=0) * np.exp(-t * (14 if open_ else 70)) * 0.25


def add(mix, sound, beat, gain, pan=0.0):
    start = int(beat * BEAT * RATE)
    end = min(len(mix), start + len(sound))
    angle = (pan + 1) * np.pi / 4
    mix[start:end, 0] += gain * np.cos(angle) * sound[: end - start]
    mix[start:end, 1] += gain * np.sin(angle) * sound[: end - start]


def play(path, chords, bass, melody, kicks):
    beats = 16
    mix = np.zeros((int((beats * BEAT + 0.6) * RATE), 2))
    for bar in range(4):
        base = 4 * bar
        for k in kicks:
            add(mix, kick(), base + k, 0.75)
        for s in (1, 3):
            add(mix, snare(), base + s, 0.35, 0.08)
        for eighth in range(8):
            add(mix, hat(eighth == 7), base + eighth / 2, 0.22, -0.3)
        for beat, strum in ((0, 0.0), (1.5, 0.0), (2.5, 0.0)):
            for i, note in enumerate(chords[bar]):
                add(mix, pluck(note, 0.9 * BEAT), base + beat + 0.02 * i + strum, 0.16, 0.45)
        for i, step in enumerate(bass[bar]):
            if step is not None:
                add(mix, pluck(step, 0.95 * BEAT, 0.998, 0.1), base + i, 0.55)
    for beat, note in melody:
        add(mix, pluck(note, 1.4 * BEAT, 0.997, 0.8), beat, 0.3, -0.4)
    mix *= 0.5 / np.max(np.abs(mix))
    with wave.open(path, "wb") as f:
        f.setnchannels(2)
        f.setsampwidth(2)
        f.setframerate(RATE)
        f.writeframes((mix * 32767).round().astype("<i2").tobytes())


play(sys.argv[1],
     [(57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62)],
     [(33, None, 33, 36), (29, None, 29, 33), (36, None, 36, 31), (31, None, 31, 35)],
     [(0, 76), (1.5, 72), (3, 69), (4, 72), (6, 69), (8, 67), (9, 72), (10.5, 76), (12, 74), (14, 71)],
     (0, 2, 2.75))
play(sys.argv[2],
     [(50, 53, 57), (55, 59, 62), (48, 52, 55), (57, 60, 64)],
     [(38, 38, None, 33), (31, 31, None, 35), (36, 36, None, 31), (33, 33, None, 28)],
     [(0.5, 74), (2, 77), (3.5, 72), (5, 71), (7, 74), (8, 76), (8.5, 72), (11, 67), (12.5, 69), (13, 72), (15, 76)],
     (0, 1.5, 2, 3.5))
