"""The peer of the benchmark of the similarity join: FAISS IndexFlatIP and its range_search, in blocks of 4,096 queries.

join-faiss.py ROWS.npy: reads lines of {"threshold": t}; answers each with {"seconds": s, "pairs": n, "peakMegabytes": m}.
The rows are read once; a run begins with the index.
"""

import json
import resource
import sys
import time

import faiss
import numpy as np

BLOCK = 4096


def join(rows, threshold):
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    pairs = 0
    for first in range(0, len(rows), BLOCK):
        limits, _, found = index.range_search(rows[first : first + BLOCK], threshold)
        query = np.repeat(np.arange(first, first + len(limits) - 1), np.diff(limits).astype(np.int64))
        pairs += int((found > query).sum())
    return pairs


def main():
    rows = np.load(sys.argv[1])
    for line in sys.stdin:
        threshold = json.loads(line)["threshold"]
        begun = time.perf_counter()
        pairs = join(rows, threshold)
        seconds = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "pairs": pairs, "peakMegabytes": peak}), flush=True)


if __name__ == "__main__":
    main()
