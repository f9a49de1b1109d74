"""Makes `floats.json` beside this file: made pictures resampled on floats by Pillow, torch and TensorFlow 1's formula.

python make_floats.py  (Pillow 12.1.0, torch 2.15.0 CPU, torch-fidelity 0.4.0; numpy 2.4.6)

TensorFlow 1's bilinear is torch-fidelity's, which states that it is exact on a CPU. Outputs are at least 2 pixels wide:
torch's antialias writes the first row's values into all rows of a picture that is one pixel wide.
"""

import json
import pathlib
import random

import numpy as np
import PIL
import torch
import torch.nn.functional as F
from PIL import Image
from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x

from make_pictures import FILTERS, picture

SAMPLES = 40
assert tuple(map(int, PIL.__version__.split(".")[:2])) < (12, 2), "later versions order the passes otherwise"
torch.set_num_threads(1)


def pillow(filter):
    def run(array, size):
        channels = [Image.fromarray(array[:, :, c].astype(np.float32)).resize(size, filter) for c in range(3)]
        return np.stack([np.asarray(channel) for channel in channels], 2)

    return run


def of_tensor(function):
    def run(array, size):
        x = torch.from_numpy(array.transpose(2, 0, 1).copy())[None].float()
        return function(x, size[::-1])[0].permute(1, 2, 0).contiguous().numpy()

    return run


def torch_method(mode, antialias):
    return of_tensor(lambda x, size: F.interpolate(x, size=size, mode=mode, align_corners=False, antialias=antialias))


METHODS = {
    **{name: pillow(value) for name, value in FILTERS.items()},
    "torch-bilinear": torch_method("bilinear", False),
    "torch-bicubic": torch_method("bicubic", False),
    "torch-bilinear-antialias": torch_method("bilinear", True),
    "torch-bicubic-antialias": torch_method("bicubic", True),
    "tensorflow1-bilinear": of_tensor(
        lambda x, size: interpolate_bilinear_2d_like_tensorflow1x(x, size=size, align_corners=False)
    ),
}

rng = random.Random(6)
sizes = [(rng.randint(1, 300), rng.randint(1, 300), rng.randint(2, 320), rng.randint(1, 320)) for _ in range(18)]
sizes += [(587, 479, 299, 299), (32, 32, 299, 299), (299, 299, 299, 299), (2, 3, 33, 5), (1, 1, 7, 9), (640, 200, 10, 200)]

rows = []
for seed, (w, h, to_w, to_h) in enumerate(sizes):
    for method, run in METHODS.items():
        flat = run(picture(w, h, seed), (to_w, to_h)).reshape(-1)
        assert flat.dtype == np.float32 and flat.size == to_w * to_h * 3
        values = [float(str(flat[k * 2654435761 % flat.size])) for k in range(SAMPLES)]
        rows.append({"seed": seed, "from": [w, h], "to": [to_w, to_h], "method": method, "values": values})

text = ",\n".join(" " + json.dumps(row) for row in rows)
(pathlib.Path(__file__).parent / "floats.json").write_text(f"[\n{text}\n]\n")
