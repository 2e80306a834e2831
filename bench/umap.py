#!/usr/bin/python3
"""UMAP beside umap-learn (Debian package umap-learn), in one run: seconds, and how true the pictures are.

    bench/umap.py [--program build/bench/umap_bench] [--examples 20000] [--width 128] [--threads 4]

umap-learn runs with a seed, which makes it repeatable and leaves it one thread for the layout, and without one, on all
threads; what it compiles first is compiled before the clock starts. Examples are points of 40 curved sheets of few
dimensions in `width` dimensions, with noise: clusters that overlap, as embeddings of sounds do. Trustworthiness is
sklearn's formula for 2000 of the examples, neighbours kept the share of the 15 nearest that stay so.
Prints one JSON object; fails when our pictures differ between 1, 2 and 4 threads.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

NEIGHBOURS = 15


def examples(count, width):
    import numpy as np
    rng = np.random.default_rng(1)
    parts = []
    for part in np.array_split(np.arange(count), 40):
        inner = rng.normal(size=(len(part), 3))
        waves = np.sin(inner @ rng.normal(size=(3, width)) + rng.uniform(0, 6.3, width))
        parts.append(waves + 2.0 * rng.normal(size=width) + 0.1 * rng.normal(size=(len(part), width)))
    return rng.permutation(np.concatenate(parts)).astype(np.float32)


def quality(truth, picture, sample=2000):
    import numpy as np
    n, k = len(truth), NEIGHBOURS
    chosen = np.arange(sample) * n // sample
    squares = (truth ** 2).sum(1)
    penalty = kept = 0.0
    for i in chosen:
        far = squares - 2.0 * truth @ truth[i]
        far[i] = -np.inf
        rank = np.empty(n, np.int64)
        rank[np.argsort(far, kind="stable")] = np.arange(n)
        near = ((picture - picture[i]) ** 2).sum(1)
        near[i] = np.inf
        seen = rank[np.argpartition(near, k)[:k]]
        penalty += np.maximum(0, seen - k).sum()
        kept += (seen <= k).sum()
    return {"trustworthiness": 1.0 - penalty * 2.0 / (sample * k * (2 * n - 3 * k - 1)),
            "neighbours_kept": kept / (sample * k)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="build/bench/umap_bench")
    parser.add_argument("--examples", type=int, default=20000)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    os.environ["NUMBA_NUM_THREADS"] = str(options.threads)
    sys.path.pop(0)  # where this file would be taken for the module of its name
    import numpy as np
    import umap
    table = examples(options.examples, options.width)
    wide = table.astype(np.float64)
    result = {"examples": options.examples, "width": options.width, "threads": options.threads,
              "load_before": os.getloadavg()[0]}

    for name, seed in {"umap_learn_seeded": 42, "umap_learn_unseeded": None}.items():
        umap.UMAP(random_state=seed).fit(table[:5000])  # compiles; from 4096 on neighbours are searched for otherwise
        begin = time.perf_counter()
        picture = umap.UMAP(random_state=seed).fit_transform(table)
        result[name] = {"seconds": time.perf_counter() - begin} | quality(wide, picture)

    with tempfile.TemporaryDirectory() as folder:
        stored, placed = pathlib.Path(folder, "examples.npy"), pathlib.Path(folder, "places.npy")
        np.save(stored, table)
        pictures = {}
        for threads in sorted({1, 2, 4, options.threads}):
            run = subprocess.run([options.program, stored, placed, str(threads)], check=True, capture_output=True)
            pictures[threads] = placed.read_bytes()
            if threads in (1, options.threads):
                result[f"soundalike_{threads}_threads"] = json.loads(run.stdout)
        result[f"soundalike_{options.threads}_threads"] |= quality(wide, np.load(placed))
        result["same_bytes"] = len(set(pictures.values())) == 1
    print(json.dumps(result, indent=2))
    if not result["same_bytes"]:
        raise SystemExit("pictures differ between numbers of threads")


if __name__ == "__main__":
    main()
