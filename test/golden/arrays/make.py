"""Makes the arrays beside this file, as numpy and the toolkits write them, and expected.json with what is in them.

python make.py  (numpy 2.4.6)

The toolkits' own calls: pytorch-fid and clean-fid np.savez_compressed(path, mu=, sigma=), clean-fid (KID)
np.savez_compressed(path, feats=), dgm-eval np.savez(path, model=, reps=, hparams=dict), gpic-eval's statistics
dino_mu, dino_sigma, dino_embeddings, key, tar_idx.
"""

import io
import json
import pathlib
import zipfile

import numpy as np
from numpy.lib import format as npy

here = pathlib.Path(__file__).parent
expected = {"npy": {}, "headers": []}


def plain(array):
    """Row-major values as JSON: 64-bit integers and numbers that JSON lacks as text."""
    values = array.ravel(order="C").tolist()
    values = [v.decode() if isinstance(v, bytes) else v for v in values]
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8:
        return [str(v) for v in values]
    if array.dtype.kind == "f":
        return [v if np.isfinite(v) else str(v) for v in values]
    return [int(v) if isinstance(v, bool) else v for v in values]


def save(name, array, version=None):
    with open(here / f"{name}.npy", "wb") as file:
        npy.write_array(file, array, version=version, allow_pickle=True)
    if array.dtype.kind == "O":
        return
    expected["npy"][name] = {
        "dtype": array.dtype.str[1:],
        "shape": list(array.shape),
        "isFortran": bool(array.flags.f_contiguous and not array.flags.c_contiguous),
        "isBigEndian": array.dtype.str[0] == ">",
        "values": plain(array),
    }


edges = {
    "f2": [0, -0.0, 1, -1.5, 65504, 6e-8, 6.1e-5, np.inf, -np.inf, np.nan, 0.1, 1000],
    "f4": [0, -0.0, 1, -1.5, 3.4e38, 1e-45, 0.1, np.inf, -np.inf, np.nan, 1 / 3, 7],
    "f8": [0, -0.0, 1, -1.5, 1.7e308, 5e-324, 0.1, np.inf, -np.inf, np.nan, 1 / 3, 7],
}
for kind in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    info = np.iinfo(kind)
    edges[kind] = [info.min, info.max, 0, 1, 2, 3, info.max // 2, info.max - 1, 7, 11, 13, 17]
for kind, values in edges.items():
    array = np.array(values, dtype=kind).reshape(3, 4)
    save(f"{kind}-little", array)
    save(f"{kind}-big", array.astype(array.dtype.newbyteorder(">")))
save("bool", np.array([[True, False, True], [False, False, True]]))
texts = ["", "a", "val/0001.jpg", "Zürich", "京都", "\U0001f4f7 camera", "a\tb\n'\"\\", "x" * 64]
save("unicode-little", np.array(texts))
save("unicode-big", np.array(texts).astype(">U64"))
save("unicode-matrix", np.asfortranarray(np.array(texts).reshape(2, 4)))
save("bytes", np.array([text.encode() for text in texts]))
save("scalar", np.array(3.25))
save("scalar-text", np.array("one"))
save("empty", np.zeros((0, 7), dtype="f4"))
save("empty-rows", np.zeros((5, 0), dtype="f8"))
save("empty-text", np.array([], dtype=str))
save("fortran-matrix", np.asfortranarray(np.arange(35, dtype="f4").reshape(5, 7)))
save("fortran-cube", np.asfortranarray(np.arange(210, dtype=">i2").reshape(5, 7, 6)))
save("version-2", np.arange(6, dtype="f4"), version=(2, 0))
save("version-3", np.arange(6, dtype="f4"), version=(3, 0))
save("objects", np.array([{"a": 1}, None, "b"], dtype=object))

for dtype, shape in [
    ("<f4", ()),
    ("<f4", (1,)),
    ("<f4", (50000, 1024)),
    ("<f8", (2048, 2048)),
    ("|u1", (12345678, 256, 256, 3)),
    ("<U64", (50000,)),
    ("|S7", (3,)),
    ("|b1", (0, 0)),
    ("<i8", tuple(range(1, 30))),
] + [("<f8", (2,) * axes) for axes in range(20, 60)]:
    written = io.BytesIO()
    npy.write_array_header_1_0(written, {"descr": dtype, "fortran_order": False, "shape": shape})
    expected["headers"].append({"dtype": dtype[1:], "shape": list(shape), "latin1": written.getvalue().decode("latin1")})

# Features of nine made-up images, four numbers each, as each toolkit would store them.
rows = np.random.default_rng(5).normal(size=(9, 4)).astype("f4")
mu, sigma = rows.mean(axis=0, dtype="f8"), np.cov(rows.astype("f8"), rowvar=False)
keys = np.array([f"{i:064x}" for i in range(9)])
shards = np.arange(9) // 4
np.savez(here / "gpic-eval.npz", dino_mu=mu, dino_sigma=sigma, dino_embeddings=rows, key=keys, tar_idx=shards)
np.savez_compressed(here / "pytorch-fid.npz", mu=mu, sigma=sigma)
np.savez_compressed(here / "clean-fid-kid.npz", feats=rows)
np.savez(here / "dgm-eval.npz", model=np.array("dinov2"), reps=rows, hparams=np.array({"batch_size": 50}, dtype=object))
np.savez(
    here / "two-encoders.npz", dino_mu=mu, dino_sigma=sigma, inception_mu=mu[:3], inception_sigma=sigma[:3, :3], key=keys
)
np.savez(here / "positional.npz", np.arange(24, dtype="u1").reshape(2, 2, 2, 3))
np.savez_compressed(here / "compressed.npz", zeros=np.zeros((300, 100)), ramp=np.arange(5000, dtype=">i4").reshape(50, 100))
with zipfile.ZipFile(here / "zip64.npz", "w") as archive:
    for name, array in [("mu", mu), ("sigma", sigma)]:
        with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
            npy.write_array(entry, array)
np.save(here / "rows.npy", rows)
np.save(here / "rows-f2.npy", rows.astype("f2"))
expected["features"] = {
    "rows": rows.ravel().tolist(),
    "mu": mu.tolist(),
    "sigma": sigma.ravel().tolist(),
    "keys": keys.tolist(),
    "shards": shards.tolist(),
}

# Moments of rows whose mean is a thousand times their spread.
far = (1000 + np.random.default_rng(6).normal(size=(40, 5))).astype("f4")
expected["far"] = {
    "rows": far.ravel().tolist(),
    "mean": far.astype("f8").mean(axis=0).tolist(),
    "covariance": np.cov(far.astype("f8"), rowvar=False).ravel().tolist(),
}
(here / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=True) + "\n")
