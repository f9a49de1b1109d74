"""Makes `rows-first.json` or `pillow-13.json` beside this file, whichever the Pillow that runs it can say.

python make.py  (Pillow 12.1.0 and Pillow 13.0.0; numpy 2.4.6)

Each case is a made picture (see `make_pictures.py`), a size, and the first 16 digits of the SHA-256 of what Pillow makes of it
with each filter.
"""

import hashlib
import json
import pathlib
import random

import numpy as np
import PIL
from PIL import Image

from make_pictures import FILTERS, picture

version = tuple(map(int, PIL.__version__.split(".")[:2]))
assert version < (12, 2) or version >= (13, 0), "12.2 and 12.3 have a third order of the passes"


def sizes():
    rng = random.Random(5)
    side = lambda: rng.choice([1, 2, 3, rng.randint(1, 40), rng.randint(1, 300), rng.randint(200, 500)])
    for n in range(240):
        w, h, to_w, to_h = side(), side(), side(), side()
        if n % 12 == 0:
            to_w = w
        if n % 12 == 1:
            to_h = h
        if n % 40 == 2:
            w, h = rng.randint(2000, 9000), rng.randint(1, 4)
        if n % 40 == 3:
            w, h = rng.randint(1, 4), rng.randint(2000, 9000)
        yield w, h, to_w, to_h
    yield from [(587, 479, 224, 224), (479, 587, 256, 256), (300, 460, 224, 224), (90, 700, 640, 520), (1400, 30, 700, 600)]


cases = []
for seed, (w, h, to_w, to_h) in enumerate(sizes()):
    image = Image.fromarray(picture(w, h, seed))
    hashes = {
        name: hashlib.sha256(np.asarray(image.resize((to_w, to_h), value)).tobytes()).hexdigest()[:16]
        for name, value in FILTERS.items()
    }
    cases.append({"seed": seed, "from": [w, h], "to": [to_w, to_h], **hashes})

name = "pillow-13" if version >= (13, 0) else "rows-first"
text = ",\n".join("  " + json.dumps(case) for case in cases)
path = pathlib.Path(__file__).parent / f"{name}.json"
path.write_text(f'{{\n "made_with": "Pillow {PIL.__version__}",\n "cases": [\n{text}\n ]\n}}\n')
