"""Golden numbers of tests/learn/umap_test.cpp: how good umap-learn's pictures are, by trustworthiness and neighbours kept.

    pip install umap-learn
    python tools/golden/umap_learn.py        # prints what the test holds: worst and best of five seeds
"""

import warnings

import numpy as np
from learn import bent, blobs, uniform
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

warnings.filterwarnings("ignore")
import umap  # noqa: E402


def kept(truth, picture, k=15):
    near = [NearestNeighbors(n_neighbors=k).fit(x).kneighbors(return_distance=False) for x in (truth, picture)]
    return np.mean([len(set(a) & set(b)) / k for a, b in zip(*near)])


def main():
    model = umap.UMAP()
    model.fit(uniform(50, 3, 1))
    print(f"curve: a {model._a:.6f}, b {model._b:.6f}")
    for name, x in [("bent 1000", bent(1000)), ("blobs 1000", blobs(1000, 32, 8, 3.0))]:
        scores = []
        for seed in range(5):
            plane = umap.UMAP(random_state=seed).fit_transform(x)
            scores.append((trustworthiness(x, plane, n_neighbors=15), kept(x, plane)))
        worst, best = np.min(scores, axis=0), np.max(scores, axis=0)
        print(f"{name}: trustworthiness {worst[0]:.5f} to {best[0]:.5f}, kept {worst[1]:.4f} to {best[1]:.4f}")


if __name__ == "__main__":
    main()
