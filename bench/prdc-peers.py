"""The peers of the benchmarks of PRDC and MMD: for each line, one metric of rows that were read once.

prdc-peers.py VARIANT: reads lines of {"real": A.npy, "generated": B.npy}; answers each with {"seconds": s, "values": {}}.
"""

import json
import os
import sys
import time

import numpy as np

# packages print what they do: only answers go to standard output
ANSWERS = os.fdopen(os.dup(1), "w")
sys.stdout = sys.stderr
BLOCK = 1024
K = 5


def prdc_package(real, generated):
    from prdc import compute_prdc

    return {name: float(value) for name, value in compute_prdc(real, generated, nearest_k=K).items()}


def squared_distances(rows, columns, squares):
    distances = rows @ columns.T
    distances *= -2
    distances += squares
    distances += (rows * rows).sum(1)[:, None]
    return distances


def squared_radii(rows, squares):
    radii = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), BLOCK):
        distances = squared_distances(rows[start : start + BLOCK], rows, squares)
        at = np.arange(len(distances))
        distances[at, start + at] = 0
        distances.partition(K, axis=1)
        radii[start : start + BLOCK] = distances[:, K]
    return radii


def prdc_numpy(real, generated):
    center = real.mean(0)
    real, generated = real - center, generated - center
    squares_real, squares_generated = (real * real).sum(1), (generated * generated).sum(1)
    of_real, of_generated = squared_radii(real, squares_real), squared_radii(generated, squares_generated)
    balls = np.zeros(len(generated), np.int64)
    recalled = covered = 0
    for start in range(0, len(real), BLOCK):
        distances = squared_distances(real[start : start + BLOCK], generated, squares_generated)
        radii = of_real[start : start + BLOCK]
        balls += (distances < radii[:, None]).sum(0)
        recalled += (distances < of_generated).any(1).sum()
        covered += (distances.min(1) < radii).sum()
    return {
        "precision": float((balls > 0).mean()),
        "recall": float(recalled / len(real)),
        "density": float(balls.mean() / K),
        "coverage": float(covered / len(real)),
    }


def subsets_clean_fid(real, generated):
    from cleanfid.fid import kernel_distance

    np.random.seed(7)
    return {"mmd": float(kernel_distance(real, generated, 100, min(1000, len(real))))}


def subsets_torch_fidelity(real, generated):
    import torch
    from torch_fidelity.metric_kid import kid_features_to_metric

    values = kid_features_to_metric(
        torch.from_numpy(real),
        torch.from_numpy(generated),
        kid_subsets=100,
        kid_subset_size=min(1000, len(real)),
        verbose=False,
        rng_seed=7,
    )
    return {"mmd": float(values["kernel_inception_distance_mean"])}


def kernel_sum(left, right, is_same):
    """float32 products, float64 sums; of one set the pairs above the diagonal count twice, those on it not at all"""
    total = 0.0
    for start in range(0, len(left), 2 * BLOCK):
        kernel = left[start : start + 2 * BLOCK] @ right[start if is_same else 0 :].T
        kernel /= left.shape[1]
        kernel += 1
        cubes = kernel * kernel
        cubes *= kernel
        part = cubes.sum(dtype=np.float64)
        if is_same:
            square = cubes[:, : len(cubes)]
            part = 2 * part - square.sum(dtype=np.float64) - np.trace(square, dtype=np.float64)
        total += part
    return total


def all_pairs_numpy(real, generated):
    m, n = len(real), len(generated)
    within = kernel_sum(real, real, True) / (m * (m - 1)) + kernel_sum(generated, generated, True) / (n * (n - 1))
    return {"mmd": float(within - 2 * kernel_sum(real, generated, False) / (m * n))}


VARIANTS = {
    "prdc package": prdc_package,
    "numpy in blocks": prdc_numpy,
    "clean-fid": subsets_clean_fid,
    "torch-fidelity": subsets_torch_fidelity,
    "numpy in blocks, all pairs": all_pairs_numpy,
}


def main():
    metric = VARIANTS[sys.argv[1]]
    sets = None
    for line in sys.stdin:
        files = json.loads(line)
        if sets is None:
            sets = [np.load(files["real"]), np.load(files["generated"])]
            metric(sets[0][:100], sets[1][:100])
        begun = time.perf_counter()
        values = metric(*sets)
        seconds = time.perf_counter() - begun
        print(json.dumps({"seconds": seconds, "values": values}), file=ANSWERS, flush=True)


if __name__ == "__main__":
    main()
