"""Golden numbers of tests/learn: scikit-learn on numbers that C++ makes alike.

    pip install scikit-learn
    python tools/golden/learn.py        # prints what the tests hold
"""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness


def uniform(count, width, state):
    """tests/learn/examples.hpp: uniform_examples()."""
    values = np.empty(count * width, dtype=np.float32)
    for i in range(values.size):
        state = (state * 1664525 + 1013904223) % 2**32
        values[i] = (state >> 8) / 2**24
    return values.reshape(count, width)


def bent(count):
    """bent_examples(): a sheet of two dimensions in six."""
    flat = uniform(count, 2, 5).astype(np.float64)
    s, t = flat[:, 0], flat[:, 1]
    return np.stack([s, t, s * t, np.sin(3 * s), np.cos(2 * t), s * s - t], axis=1).astype(np.float32)


def main():
    examples = bent(300)
    pca = PCA(3).fit(examples.astype(np.float64))
    print("PCA variances:", ", ".join(f"{v:.9f}" for v in pca.explained_variance_))
    print("PCA total:", f"{examples.astype(np.float64).var(axis=0, ddof=1).sum():.9f}")
    signs = np.sign(pca.components_[np.arange(3), np.abs(pca.components_).argmax(axis=1)])
    print("PCA first place:", ", ".join(f"{v:.7f}" for v in (pca.transform(examples[:1].astype(np.float64)) * signs)[0]))
    for name, picture in [
        ("PCA to 2", pca.transform(examples.astype(np.float64))[:, :2].astype(np.float32)),
        ("first axis", examples[:, :1]),
        ("unrelated", uniform(300, 2, 99)),
    ]:
        print(f"trustworthiness of {name}: {trustworthiness(examples, picture, n_neighbors=15):.9f}")


if __name__ == "__main__":
    main()
