"""The made pictures of `make.py` and `make_floats.py`, and Pillow's filters by our names."""

import numpy as np
from PIL import Image

FILTERS = {name: Image.Resampling[name.upper()] for name in ["bicubic", "bilinear", "lanczos", "box"]}


def mixed(x):
    """A hash of 32 bits that another language repeats in five lines."""
    x = np.asarray(x, dtype=np.uint32)
    for shift, factor in [(16, 0x7FEB352D), (15, 0x846CA68B)]:
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    return x ^ (x >> np.uint32(16))


def picture(width, height, seed):
    """Noise of 0..255; of 0 and 255 alone, where what overshoots is clipped, if the seed is odd."""
    at = np.arange(width * height * 3, dtype=np.uint32) + np.uint32(seed * 0x10000)
    values = mixed(at) & np.uint32(255)
    if seed % 2 == 1:
        values = (values >> np.uint32(7)) * np.uint32(255)
    return values.astype(np.uint8).reshape(height, width, 3)
