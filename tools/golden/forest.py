"""Golden numbers of tests/learn/forest_test.cpp: scikit-learn's random forest on Friedman's first problem.

    pip install scikit-learn
    python tools/golden/forest.py        # prints the rows of the table in the test
"""

import numpy as np
from sklearn.ensemble import RandomForestRegressor

FEATURES = 10


def problem(count, state, noise=0.1):
    def uniform():
        nonlocal state
        state = (state * 1664525 + 1013904223) % 2**32
        return (state >> 8) / 2**24

    inputs, targets = [], []
    for _ in range(count):
        x = [uniform() for _ in range(FEATURES)]
        friedman = 10 * np.sin(np.pi * x[0] * x[1]) + 20 * (x[2] - 0.5) ** 2 + 10 * x[3] + 5 * x[4]
        inputs.append(x)
        targets.append([friedman / 30 + noise * (uniform() - 0.5), (0.8 if x[5] > 0.5 else 0.2) + noise * (uniform() - 0.5)])
    return np.array(inputs, dtype=np.float32), np.array(targets, dtype=np.float32)


def main():
    train, fresh = problem(600, 1), problem(1000, 77)
    for leaf, tried in [(1, 3), (1, 10), (5, 3)]:
        errors = []
        for seed in range(10):
            forest = RandomForestRegressor(100, min_samples_leaf=leaf, max_features=tried, random_state=seed)
            errors.append(((forest.fit(*train).predict(fresh[0]) - fresh[1]) ** 2).mean(axis=0))
        mean, spread = np.mean(errors, axis=0), np.std(errors, axis=0, ddof=1)
        row = ", ".join(f"{{{a:.6f}, {b:.6f}}}" for a, b in (mean, spread))
        print(f"      {{{leaf}, {tried}, {row}}},")


if __name__ == "__main__":
    main()
