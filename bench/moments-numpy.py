"""The peers of the benchmark of moments: numpy with all rows in memory, or block by block.

moments-numpy.py whole|blocks: reads lines of {"rows": A.npy, "out": B}; answers each with {"seconds",
"processorSeconds", "megabytes"}.
"""

import json
import resource
import sys
import time

import numpy as np

BLOCK = 2048


def whole(path):
    rows = np.load(path).astype(np.float64)
    return rows.mean(0), np.cov(rows, rowvar=False)


def blocks(path):
    """each block about its own mean, as Chan, Golub and LeVeque join them"""
    rows = np.load(path, mmap_mode="r")
    count, mean = 0, np.zeros(rows.shape[1])
    products = np.zeros((rows.shape[1], rows.shape[1]))
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK].astype(np.float64)
        own = block.mean(0)
        block -= own
        apart, total = own - mean, count + len(block)
        products += block.T @ block
        products += np.outer(apart, apart) * (count * len(block) / total)
        mean += apart * (len(block) / total)
        count = total
    return mean, products / (count - 1)


def main():
    moments = {"whole": whole, "blocks": blocks}[sys.argv[1]]
    for line in sys.stdin:
        work = json.loads(line)
        begun, used = time.perf_counter(), time.process_time()
        mean, covariance = moments(work["rows"])
        seconds, processor = time.perf_counter() - begun, time.process_time() - used
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        np.concatenate([mean, covariance.ravel()]).tofile(work["out"])
        answer = {"seconds": seconds, "processorSeconds": processor, "megabytes": peak}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
