"""Golden numbers of tests/metric/vector_metric_test.cpp: scipy on vectors both sides can make.

    pip install numpy scipy
    python tools/golden/vector_metrics.py        # prints the rows of the table in the test

vectors(seed, n, d): n rows of d numbers of the generator in mrstft.py; coordinate k is scaled by 1 + k / d and, for the
second set, moved by k / (4 d).
"""

import numpy as np
import scipy.linalg
import scipy.spatial.distance


def vectors(seed, n, d, move):
    state, out = seed, np.empty(n * d)
    for i in range(n * d):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = (state >> 8) / 2**23 - 1.0
    k = np.arange(d)
    # in float32, step by step as the test does
    x = out.astype(np.float32).reshape(n, d) * (np.float32(1) + k.astype(np.float32) / np.float32(d))
    return (x + np.float32(move) * (k.astype(np.float32) / np.float32(d))).astype(np.float64)


def frechet(a, b):
    s, t = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = scipy.linalg.sqrtm(s @ t) if len(a) > a.shape[1] else None
    if root is None:  # singular: through the symmetric root, which exists
        w, v = np.linalg.eigh(s)
        half = v @ np.diag(np.sqrt(np.maximum(w, 0))) @ v.T
        trace = np.sum(np.sqrt(np.maximum(np.linalg.eigvalsh(half @ t @ half), 0)))
    else:
        trace = np.trace(root).real
    return np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(s) + np.trace(t) - 2 * trace


for n, d in [(200, 8), (300, 64), (40, 64), (2, 3), (128, 128)]:
    a, b = vectors(1, n, d, 0), vectors(2, n, d, 0.25)
    cosine = np.mean([scipy.spatial.distance.cosine(x, y) for x, y in zip(a, b)])
    print(f"    {{{n}, {d}, {cosine:.10g}, {frechet(a, b):.10g}, {np.mean(np.abs(a - b)):.10g}}},")
