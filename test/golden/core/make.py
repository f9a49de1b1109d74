"""Makes the vectors beside this file: mpmath at 60 digits for values, scipy for quantiles that it inverts itself.

python make.py  (mpmath 1.4.1, scipy 1.17.1)
"""

import json
import pathlib

import mpmath as mp
import numpy as np
from scipy import stats

mp.mp.dps = 60
here = pathlib.Path(__file__).parent


def number(value):
    return float(mp.nstr(value, 20))


def write(name, rows):
    text = ",\n".join(" " + json.dumps(row) for row in rows)
    (here / f"{name}.json").write_text(f"[\n{text}\n]\n")


def q_of(a, x):
    return mp.gammainc(mp.mpf(a), mp.mpf(x), mp.inf, regularized=True)


def p_of(a, x):
    return mp.gammainc(mp.mpf(a), 0, mp.mpf(x), regularized=True)


write(
    "log-gamma",
    [{"x": x, "value": number(mp.loggamma(mp.mpf(x)))} for x in [1e-8, 0.01, 0.5, 1.5, 3.25, 7, 15.5, 16.5, 100, 4000.5, 1e6, 1e10]],
)

pairs = []
for a in [0.5, 1, 1.5, 3, 10.5, 118.5, 1000, 11998.5]:
    spread = a**0.5
    for k in [-6, -3, -1, 0, 1, 3, 6, 12]:
        x = a + k * spread
        if x > 0:
            pairs.append((a, x))
for a, x in [(0.5, 1e-6), (0.5, 0.01), (0.5, 340), (0.5, 685), (1.5, 60), (1.5, 690), (3, 0.001), (10.5, 760), (118.5, 1.5), (118.5, 1130), (1000, 400), (1000, 2700), (11998.5, 9500), (11998.5, 16200)]:
    pairs.append((a, x))
write("incomplete-gamma", [{"a": a, "x": x, "p": number(p_of(a, x)), "q": number(q_of(a, x))} for a, x in pairs])

write(
    "chi-square-quantiles",
    [
        {"df": df, "alpha": alpha, "critical": float(stats.chi2.isf(alpha, df)), "quantile": float(stats.chi2.ppf(alpha, df))}
        for df in [1, 2, 3, 7, 21, 237, 23997]
        for alpha in [1e-12, 6.25e-6, 0.001, 0.05, 0.5, 0.95]
    ],
)


def noncentral(x, df, lam):
    x, df, half = mp.mpf(x), mp.mpf(df), mp.mpf(lam) / 2
    mode = int(half)
    total, j = mp.mpf(0), max(0, mode - 60 - 14 * int(mp.sqrt(half)))
    while True:
        weight = mp.exp(-half + j * mp.log(half) - mp.loggamma(j + 1))
        term = weight * q_of(df / 2 + j, x / 2)
        total += term
        if j > mode and weight < mp.mpf(10) ** -40 * total:
            return total
        j += 1


write(
    "noncentral-chi-square",
    [
        {"x": x, "df": df, "lambda": lam, "survival": number(noncentral(x, df, lam))}
        for x, df, lam in [(3.84, 1, 7.85), (7.81, 3, 0.5), (7.81, 3, 10.9), (7.81, 3, 80), (22.4, 3, 28), (200, 3, 20), (600, 3, 20), (280, 237, 60), (280, 237, 400), (900, 7, 1000), (1500, 7, 1000)]
    ],
)

mp.mp.dps = 250  # 1 - 2p for p = 1e-100
write("normal-quantiles", [{"p": p, "z": number(-mp.sqrt(2) * mp.erfinv(1 - 2 * mp.mpf(p)))} for p in [1e-100, 1e-12, 0.001, 0.025, 0.2, 0.3, 0.5, 0.6, 0.9, 0.975]])

tables = [
    [[10, 20, 30], [6, 9, 17]],
    [[5716, 5713, 123, 1087], [28278, 27943, 587, 5671]],
    [[40, 55, 12], [38, 61, 9], [51, 50, 20], [30, 49, 3]],
]
rows = []
for table in tables:
    result = stats.chi2_contingency(np.array(table), correction=False)
    expected = result.expected_freq
    n = np.array(table)
    residuals = (n - expected) / np.sqrt(expected * np.outer(1 - n.sum(1) / n.sum(), 1 - n.sum(0) / n.sum()))
    rows.append({"table": table, "statistic": float(result.statistic), "df": int(result.dof), "p": float(result.pvalue), "residuals": residuals.tolist()})
write("contingency", rows)
fits = [([5716, 5713, 123, 1087], [0.45, 0.45, 0.01, 0.09]), ([33994, 33656, 710, 6758], [0.45, 0.45, 0.01, 0.09]), ([60, 40], [0.5, 0.5])]
rows = []
for counts, shares in fits:
    result = stats.chisquare(counts, np.array(shares) * sum(counts))
    rows.append({"counts": counts, "shares": shares, "statistic": float(result.statistic), "p": float(result.pvalue)})
write("goodness-of-fit", rows)
