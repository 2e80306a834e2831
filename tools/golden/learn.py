"""Golden numbers of tests/learn: scikit-learn on numbers that C++ makes alike.

    pip install scikit-learn
    python tools/golden/learn.py        # prints what the tests hold
"""

import numpy as np
from sklearn.cross_decomposition import CCA
from sklearn.decomposition import PCA
from sklearn.feature_selection import mutual_info_regression
from sklearn.linear_model import LogisticRegression
from sklearn.manifold import trustworthiness
from sklearn.preprocessing import StandardScaler


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


def blobs(count, width, classes, apart):
    """blob_examples()."""
    centers, axes, within = uniform(classes, width, 11), uniform(3 * classes, width, 12), uniform(count, 3, 13)
    label = np.arange(count) % classes
    x = apart * centers[label].astype(np.float64)
    for a in range(3):
        x += within[:, a : a + 1].astype(np.float64) * axes[3 * label + a]
    return x.astype(np.float32)


def numbers(values):
    return ", ".join(f"{v:.7f}" for v in values)


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

    x = StandardScaler().fit_transform(blobs(400, 6, 4, 1.0).astype(np.float64))
    model = LogisticRegression(C=1.0, tol=1e-9, max_iter=10000).fit(x, np.arange(400) % 4)
    print("logistic weights of class 0:", numbers(model.coef_[0]))
    information = [mutual_info_regression(examples[:, [0]], examples[:, d], random_state=0)[0] for d in range(1, 6)]
    print("mutual information:", numbers(information))
    noise = uniform(2000, 5, 8).astype(np.float64)
    first = np.stack([noise[:, 0] + noise[:, 1], noise[:, 1]], axis=1)
    second = np.stack([2 * noise[:, 0] - noise[:, 3], 0.5 * noise[:, 3] + 0.3 * noise[:, 4]], axis=1)
    a, b = CCA(2, max_iter=10000, tol=1e-12).fit(first, second).transform(first, second)
    print("canonical correlations:", numbers(np.corrcoef(a[:, c], b[:, c])[0, 1] for c in range(2)))


if __name__ == "__main__":
    main()
