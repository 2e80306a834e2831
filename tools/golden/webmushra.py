"""Golden numbers of tests/study/webmushra_test.cpp: results as webMUSHRA writes them, analysed with pandas, scipy and
statsmodels.

    pip install scipy statsmodels pingouin pandas
    python tools/golden/webmushra.py > tests/study/webmushra_golden.hpp
"""

import io

import numpy as np
import pandas as pd
import pingouin
from scipy import stats
from statsmodels.stats.anova import AnovaRM
from statsmodels.stats.multitest import multipletests

from paired_statistics import signed_rank_exact

CONDITIONS = {"reference": 97, "anchor35": 22, "anchor70": 48, "first": 70, "second": 61, "third": 60}
SYSTEMS = ["first", "second", "third"]


def main():
    rng = np.random.default_rng(4)
    lines = ["session_test_id,age,session_uuid,trial_id,rating_stimulus,rating_score,rating_time,rating_comment"]
    for s in range(9):
        lean = rng.normal(0, 6)
        for t in ("drums", "voice", "bass"):
            time = int(rng.integers(20000, 90000))
            for condition, level in CONDITIONS.items():
                score = int(np.clip(round(rng.normal(level + (lean if level < 90 else 0), 8 if level < 90 else 2)), 0, 100))
                comment = '"loud, ""really"""' if s == 2 and condition == "first" else ""
                lines.append(f"demo,{30 + s},uuid-{s},{t},{condition},{score},{time},{comment}")
    csv = "\n".join(lines) + "\n"
    data = pd.read_csv(io.StringIO(csv))
    print("// Written by tools/golden/webmushra.py; do not edit.\n#pragma once\n\n#include <string>\n\nnamespace golden {\n")
    print(f'inline const std::string csv = R"csv({csv})csv";\n')

    systems = data[data.rating_stimulus.isin(SYSTEMS)]
    table = systems.pivot_table(index="session_uuid", columns="rating_stimulus", values="rating_score")[SYSTEMS]
    medians = [data[data.rating_stimulus == c].rating_score.median() for c in SYSTEMS]
    means = [data[data.rating_stimulus == c].rating_score.mean() for c in SYSTEMS]
    chi, p = stats.friedmanchisquare(*[table[c] for c in SYSTEMS])
    long = table.reset_index().melt(id_vars="session_uuid", value_name="y", var_name="c")
    anova = AnovaRM(long, "y", "session_uuid", within=["c"]).fit().anova_table
    f = anova["F Value"].iloc[0]
    hf = min(1.0, pingouin.epsilon(table, correction="hf"))
    # Means of three are thirds: rounded, so that equal differences are equal.
    wilcoxon = [signed_rank_exact(np.round(table[a] - table[b], 9), "drop")[0]
                for a, b in (("first", "second"), ("first", "third"), ("second", "third"))]
    minutes = data.drop_duplicates(["session_uuid", "trial_id"]).groupby("session_uuid").rating_time.sum() / 60000

    def row(name, values):
        print(f"inline constexpr double {name}[] = {{{', '.join(f'{v:.15g}' for v in values)}}};")

    row("medians", medians)
    row("means", means)
    row("friedman", [chi, p])
    row("anova", [f, stats.f.sf(f, 2 * hf, 2 * 8 * hf)])
    row("wilcoxon", wilcoxon)
    row("holm", multipletests(wilcoxon, method="holm")[1])
    row("minutes", [minutes.mean(), minutes.std()])
    print("\n}  // namespace golden")


if __name__ == "__main__":
    main()
