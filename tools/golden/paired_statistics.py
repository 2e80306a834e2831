"""Golden numbers of tests/statistics: scipy, statsmodels and pingouin on ratings with ties and zeros.

    pip install scipy statsmodels pingouin pandas
    python tools/golden/paired_statistics.py > tests/statistics/golden.hpp
"""

import itertools
import warnings

import numpy as np
import pandas as pd
import pingouin
from scipy import stats
from statsmodels.stats.anova import AnovaRM
from statsmodels.stats.multitest import multipletests

warnings.simplefilter("ignore")


def ratings(subjects, conditions, state, steps=20):
    """Whole numbers, so that some are equal: [subjects, conditions]."""
    table = []
    for _ in range(subjects):
        row = []
        for c in range(conditions):
            state = (state * 1664525 + 1013904223) % 2**32
            row.append(float((state >> 8) * steps // 2**24 + 3 * c))
        table.append(row)
    return np.array(table)


def signed_rank_exact(differences, zeros):
    """By its definition, all 2^n signs: scipy's exact p does not know ties."""
    d = np.asarray(differences)
    if zeros == "drop":
        d = d[d != 0]
    ranks = stats.rankdata(np.abs(d))
    ranks, d = ranks[d != 0], d[d != 0]
    seen = ranks[d > 0].sum()
    sums = np.array([np.dot(signs, ranks) for signs in itertools.product((0, 1), repeat=len(ranks))])
    low, high = np.mean(sums <= seen + 1e-9), np.mean(sums >= seen - 1e-9)
    return min(1.0, 2 * min(low, high)), high


def numbers(values):
    return "{" + ", ".join(f"{v:.17g}" for v in values) + "}"


def main():
    print("// Written by tools/golden/paired_statistics.py; do not edit.")
    print("#pragma once\n\n#include <vector>\n\nnamespace golden {\n")

    print("struct SignedRank {\n  std::vector<double> differences;\n  double drop_p, drop_greater, rank_p, normal_p;\n};")
    print("inline const std::vector<SignedRank> signed_ranks{")
    cases = [
        [1.83, 0.50, 1.62, 2.48, -1.68, 1.88, -1.55, 3.06, -1.30],
        [125, -115, 130, 140, -140, 115, 140, 125, 140, -135],
        [3, 0, -1, 2, 2, 0, 5, -1, 4, 4, 0, 2, 1],
        [0.5, 0.5, 0.5, 0.5, 0.5],
        [-1, 2],
        [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75],
    ]
    for d in cases:
        drop, greater = signed_rank_exact(d, "drop")
        rank, _ = signed_rank_exact(d, "rank")
        normal = stats.wilcoxon(d, zero_method="wilcox", correction=False, method="approx").pvalue
        print(f"    {{{numbers(d)}, {drop:.17g}, {greater:.17g}, {rank:.17g}, {normal:.17g}}},")
    print("};")
    d = cases[0]
    print(f"inline constexpr double scipy_exact_of_the_first = {stats.wilcoxon(d, method='exact').pvalue:.17g};\n")

    p = [0.01, 0.04, 0.03, 0.005, 0.6, 0.04, 0.0002]
    print(f"inline const std::vector<double> p{numbers(p)};")
    print(f"inline const std::vector<double> holm{numbers(multipletests(p, method='holm')[1])};")
    print(f"inline const std::vector<double> hochberg{numbers(multipletests(p, method='simes-hochberg')[1])};\n")

    print("struct Effect {\n  std::vector<double> first, second;\n  double rank_biserial, dz, cliffs_delta;\n};")
    print("inline const std::vector<Effect> effects{")
    for seed in (1, 2, 3):
        t = ratings(12, 2, seed)
        a, b = t[:, 0], t[:, 1]
        rbc = pingouin.wilcoxon(a, b)["RBC"].iloc[0]
        u = stats.mannwhitneyu(a, b).statistic
        diff = a - b
        print(f"    {{{numbers(a)}, {numbers(b)}, {rbc:.17g}, {diff.mean() / diff.std(ddof=1):.17g}, "
              f"{2 * u / (len(a) * len(b)) - 1:.17g}}},")
    print("};\n")

    print("// Subjects by conditions, row by row.")
    print("struct Repeated {\n  int conditions;\n  std::vector<double> rows;\n  double friedman, friedman_p, kendall_w;\n"
          "  double f, p, greenhouse_geisser, p_greenhouse_geisser, huynh_feldt, p_huynh_feldt, partial_eta;\n};")
    print("inline const std::vector<Repeated> repeated{")
    for subjects, conditions, seed in ((10, 3, 5), (12, 4, 9), (9, 6, 11)):
        t = ratings(subjects, conditions, seed)
        chi, chi_p = stats.friedmanchisquare(*t.T)
        long = pd.DataFrame([(s, c, t[s, c]) for s in range(subjects) for c in range(conditions)],
                            columns=["s", "c", "y"])
        anova = AnovaRM(long, "y", "s", within=["c"]).fit().anova_table
        f, d1, d2 = anova["F Value"].iloc[0], anova["Num DF"].iloc[0], anova["Den DF"].iloc[0]
        wide = pd.DataFrame(t)
        gg = pingouin.epsilon(wide, correction="gg")
        hf = min(1.0, pingouin.epsilon(wide, correction="hf"))
        eta = f * d1 / (f * d1 + d2)
        print(f"    {{{conditions}, {numbers(t.ravel())}, {chi:.17g}, {chi_p:.17g}, "
              f"{chi / (subjects * (conditions - 1)):.17g},\n     {f:.17g}, {anova['Pr > F'].iloc[0]:.17g}, {gg:.17g}, "
              f"{stats.f.sf(f, d1 * gg, d2 * gg):.17g}, {hf:.17g}, {stats.f.sf(f, d1 * hf, d2 * hf):.17g}, {eta:.17g}}},")
    print("};\n")

    print("struct Range {\n  double q;\n  int groups;\n  double tail;\n};")
    print("inline const std::vector<Range> ranges{")
    for q, k in ((0.5, 2), (2.0, 3), (3.633, 4), (4.5, 10), (5.2, 6), (3.0, 40)):
        print(f"    {{{q}, {k}, {stats.studentized_range.sf(q, k, np.inf):.17g}}},")
    print("};\n")

    print("struct Shape {\n  std::vector<double> values;\n  double bimodality;\n};")
    print("inline const std::vector<Shape> shapes{")
    for values in ([1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 0, 2, 98, 99, 100, 97, 3, 95], list(ratings(15, 1, 21).ravel())):
        n = len(values)
        skew, kurt = stats.skew(values, bias=False), stats.kurtosis(values, bias=False)
        print(f"    {{{numbers(values)}, {(skew**2 + 1) / (kurt + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))):.17g}}},")
    print("};\n")

    print("// All 2^n signs.\nstruct Permuted {\n  std::vector<double> differences;\n  double mean_p, median_p;\n};")
    print("inline const std::vector<Permuted> permuted{")
    for d in cases[:3]:
        row = []
        for statistic in (np.mean, np.median):
            r = stats.permutation_test((np.array(d, dtype=float),), statistic, permutation_type="samples", n_resamples=np.inf)
            row.append(r.pvalue)
        print(f"    {{{numbers(d)}, {row[0]:.17g}, {row[1]:.17g}}},")
    print("};\n\n}  // namespace golden")


if __name__ == "__main__":
    main()
