"""Makes correlation.json and concordance.json beside this file: ranks, correlations and Kendall's W as scipy has them.

python make-correlation.py  (numpy 2, scipy 1.17.1)

scipy has no Kendall's W; its Friedman statistic, corrected for ties, is m (n - 1) W.
"""

import csv
import json
import pathlib

import numpy as np
from scipy import stats

here = pathlib.Path(__file__).parent
random = np.random.default_rng(13)


def pair(x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "ranks": stats.rankdata(x).tolist(),
        "pearson": float(stats.pearsonr(x, y).statistic),
        "spearman": float(stats.spearmanr(x, y).statistic),
    }


def raters(ratings):
    ratings = np.asarray(ratings, float)
    m, n = ratings.shape
    # Friedman's blocks are the raters, its treatments the items
    result = stats.friedmanchisquare(*ratings.T)
    return {
        "ratings": ratings.tolist(),
        "w": float(result.statistic / (m * (n - 1))),
        "chiSquare": float(result.statistic),
        "p": float(result.pvalue),
    }


def write(name, rows):
    text = ",\n".join(" " + json.dumps(row) for row in rows)
    (here / f"{name}.json").write_text(f"[\n{text}\n]\n")


line = np.arange(12.0)
with open(here.parent / "paper" / "frechet-six-encoders-imagenet256.csv", newline="") as file:
    table = np.array([[float(cell) for cell in row[2:8]] for row in list(csv.reader(file))[2:]])

write(
    "correlation",
    [
        pair([3, 1, 3], [1, 2, 4]),
        pair(line, 1e9 + line**2),
        pair(random.normal(size=40), random.normal(size=40)),
        pair(random.integers(0, 5, 60), random.integers(0, 4, 60)),
        pair(np.exp(8 * random.normal(size=25)), np.exp(8 * random.normal(size=25))),
        pair(table[:, 0], table[:, 3]),
        pair(table[:, 2], table[:, 4]),
    ],
)
write(
    "concordance",
    [
        raters([[1, 2, 3, 4], [1, 3, 2, 4], [4, 1, 2, 3]]),
        raters([[1, 1, 2, 3, 3], [2, 1, 1, 3, 4], [1, 2, 3, 4, 5]]),
        raters(random.integers(0, 4, (7, 9))),
        raters(random.normal(size=(12, 20))),
        raters(table.T),
    ],
)
