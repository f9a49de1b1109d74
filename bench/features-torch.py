"""The peer of the benchmark of features: timm's DINOv2 in torch eager, Pillow in loader processes, numpy's npz.

features-torch.py WEIGHTS MODEL: reads lines of {"images": FOLDER, "out": F.npz}; answers each with {"seconds": s}.
Preparation and arrays are those of gpic-eval: Pillow's bicubic to 224 x 224, ImageNet's mean and deviation; rows, mean,
covariance, keys. The model is loaded once; a run begins with the names of the files.
"""

import json
import os
import sys
import time

import numpy as np
import timm
import torch
from PIL import Image
from safetensors.torch import load_file

BATCH = 8
WORKERS = 2
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


class Folder(torch.utils.data.Dataset):
    def __init__(self, folder):
        self.paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, at):
        image = Image.open(self.paths[at]).convert("RGB").resize((224, 224), Image.BICUBIC)
        pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous().float().div_(255)
        return pixels.sub_(MEAN).div_(STD)


@torch.inference_mode()
def extract(model, folder, out):
    images = Folder(folder)
    loader = torch.utils.data.DataLoader(images, batch_size=BATCH, num_workers=WORKERS)
    rows = np.concatenate([model(batch).numpy() for batch in loader])
    wide = rows.astype(np.float64)
    np.savez(
        out,
        dino_embeddings=rows,
        dino_mu=wide.mean(0),
        dino_sigma=np.cov(wide, rowvar=False),
        key=np.array([os.path.basename(path) for path in images.paths]),
    )


def main():
    weights, name = sys.argv[1:]
    model = timm.create_model(name, pretrained=False, img_size=224, num_classes=0).eval()
    tensors = load_file(weights)
    tensors.pop("mask_token", None)
    model.load_state_dict(tensors)
    for line in sys.stdin:
        work = json.loads(line)
        begun = time.perf_counter()
        extract(model, work["images"], work["out"])
        print(json.dumps({"seconds": time.perf_counter() - begun}), flush=True)


if __name__ == "__main__":
    main()
