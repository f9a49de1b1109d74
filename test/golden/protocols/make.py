"""Makes `expected.json` beside this file: what each toolkit makes of the four photographs here.

python make.py  (Pillow 12.1.0, torch 2.15.0 CPU, torchvision 0.29.2, clean-fid 0.1.35, pytorch-fid 0.3.0,
torch-fidelity 0.4.0, torchmetrics 1.9.0; numpy 2.4.6)

Where a toolkit resizes inside its network, its own forward function runs, and is stopped where the first layer would
begin. Values are the network's input, after the normalisation; of gpic-256, which makes images, there are only bytes.
"""

import hashlib
import json
import pathlib

import numpy as np
import PIL
import torch
import torch.nn.functional as F
from cleanfid.resize import build_resizer
from PIL import Image
from pytorch_fid.inception import InceptionV3
from torch import nn
from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
from torchmetrics.image.fid import NoTrainInceptionV3
from torchvision import transforms

SAMPLES = 300
here = pathlib.Path(__file__).parent
assert tuple(map(int, PIL.__version__.split(".")[:2])) < (12, 2), "later versions order the passes otherwise"
torch.set_num_threads(1)

imagenet = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
to_tensor = transforms.ToTensor()


def tensor(image):
    return torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1)[None].contiguous()


class Stop(Exception):
    pass


def first_input(forward_class, method, **attributes):
    """The input of the first layer of an Inception, by its own forward function and without weights."""
    network = forward_class.__new__(forward_class)
    nn.Module.__init__(network)

    def stop(x):
        raise Stop(x)

    for name, value in {"features_list": ["2048"], "Conv2d_1a_3x3": stop, **attributes}.items():
        object.__setattr__(network, name, value)

    def run(x):
        try:
            getattr(network, method)(x)
        except Stop as stopped:
            return stopped.args[0]
        raise AssertionError("the network has no first layer")

    return run


def pytorch_fid(image):
    network = InceptionV3.__new__(InceptionV3)
    nn.Module.__init__(network)
    network.resize_input, network.normalize_input = True, True
    network.blocks, network.output_blocks, network.last_needed_block = [nn.Identity()], [0], 0
    return network.forward(to_tensor(image)[None])[0]


tf_fid = first_input(FeatureExtractorInceptionV3, "forward", feature_extractor_internal_dtype=torch.float32)
torchmetrics = first_input(NoTrainInceptionV3, "_torch_fidelity_forward", use_antialias=True)


def clean_fid(image):
    resized = build_resizer("clean")(np.asarray(image))
    return (torch.from_numpy(resized).permute(2, 0, 1)[None] - 128) / 128


def edm2(image):
    x = F.interpolate(tensor(image).float(), size=(224, 224), mode="bicubic", antialias=True)
    return imagenet(x / 255)


def gpic_256(image):
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    return square.resize((256, 256), Image.BICUBIC)


eight_bits = {
    "gpic": lambda image: image.resize((224, 224), Image.BICUBIC),
    "gpic-256": gpic_256,
    "sscd-320": transforms.Resize([320, 320]),
    "sscd-288": transforms.Resize(288),
}
floats = {
    "pytorch-fid": pytorch_fid,
    "tf-fid": lambda image: tf_fid(tensor(image)),
    "clean-fid": clean_fid,
    "torchmetrics": lambda image: torchmetrics(tensor(image)),
    "edm2": edm2,
}


def described(values):
    """Values at places that the test finds again, and their sum."""
    x = values[0].permute(1, 2, 0).contiguous().numpy()
    assert x.dtype == np.float32
    flat = x.reshape(-1)
    places = [k * 2654435761 % flat.size for k in range(SAMPLES)]
    return {
        "width": x.shape[1],
        "height": x.shape[0],
        "values": [float(str(flat[at])) for at in places],
        "sum": float(flat.astype(np.float64).sum()),
    }


rows = []
for path in sorted(here.glob("*.png")):
    image = Image.open(path)
    assert image.mode == "RGB"
    for protocol, prepare in eight_bits.items():
        prepared = prepare(image)
        bytes_ = np.asarray(prepared).tobytes()
        row = {"image": path.name, "protocol": protocol, "sha256": hashlib.sha256(bytes_).hexdigest()}
        if protocol == "gpic-256":
            rows.append({**row, "width": prepared.width, "height": prepared.height})
        else:
            rows.append({**row, **described(imagenet(to_tensor(prepared))[None])})
    for protocol, prepare in floats.items():
        rows.append({"image": path.name, "protocol": protocol, **described(prepare(image))})

text = ",\n".join(" " + json.dumps(row) for row in rows)
(here / "expected.json").write_text(f"[\n{text}\n]\n")
