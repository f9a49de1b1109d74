"""The peers of the benchmark of Frechet distances: scipy's sqrtm as clean-fid takes it, or Cholesky and eigvalsh.

frechet-scipy.py FOLDER WIDTH sqrtm|cholesky: real.bin and generated.bin are means and covariances as float64; answers
each line with {"fd", "traces", "seconds", "megabytes"}.
"""

import json
import os
import resource
import sys
import time

import numpy as np
import scipy.linalg


def by_sqrtm(mu1, sigma1, mu2, sigma2):
    """clean-fid's frechet_distance, which is pytorch-fid's."""
    diff = mu1 - mu2
    covmean = scipy.linalg.sqrtm(sigma1.dot(sigma2))
    if not np.isfinite(covmean).all():
        offset = np.eye(len(mu1)) * 1e-6
        covmean = scipy.linalg.sqrtm((sigma1 + offset).dot(sigma2 + offset))
    if np.iscomplexobj(covmean):
        covmean = covmean.real
    return diff.dot(diff) + np.trace(sigma1) + np.trace(sigma2) - 2 * np.trace(covmean)


def by_cholesky(mu1, sigma1, mu2, sigma2):
    diff = mu1 - mu2
    lower = scipy.linalg.cholesky(sigma1, lower=True)
    values = scipy.linalg.eigvalsh(lower.T @ sigma2 @ lower)
    return diff.dot(diff) + np.trace(sigma1) + np.trace(sigma2) - 2 * np.sqrt(np.maximum(values, 0)).sum()


def main():
    folder, width, method = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    read = lambda name: np.split(np.fromfile(os.path.join(folder, name)), [width])
    moments = []
    for name in ("real.bin", "generated.bin"):
        mean, covariance = read(name)
        moments += [mean, covariance.reshape(width, width)]
    distance = {"sqrtm": by_sqrtm, "cholesky": by_cholesky}[method]
    for _ in sys.stdin:
        begun = time.perf_counter()
        fd = distance(*moments)
        seconds = time.perf_counter() - begun
        traces = np.trace(moments[1]) + np.trace(moments[3])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"fd": fd, "traces": traces, "seconds": seconds, "megabytes": peak}), flush=True)


if __name__ == "__main__":
    main()
