"""Makes scripted.pt and traced.pt: python make.py (torch 2.15).

A convolution, a batch norm and a head, nested as published encoders are, with a list and numbers beside them. The
entries that map the code to lines of Python files are left out, as they name places on the machine.
"""

import hashlib
import io
import json
import zipfile

import torch
from torch import nn


class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4))
        self.head = nn.Linear(4, 2)
        self.register_buffer("scale", torch.tensor(2.0))
        self.sizes = [1, 2, 3]
        self.rate = 0.5
        self.words = ["a", "b"]

    def forward(self, x):
        return self.head(self.backbone(x).mean((2, 3))) * self.scale


def save(module, path):
    whole = io.BytesIO()
    torch.jit.save(module, whole)
    with zipfile.ZipFile(whole) as made, zipfile.ZipFile(path, "w") as kept:
        for entry in made.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                kept.writestr(zipfile.ZipInfo(entry.filename), made.read(entry))


torch.manual_seed(5)
tiny = Tiny().eval()
save(torch.jit.script(tiny), "scripted.pt")
save(torch.jit.trace(tiny, torch.randn(1, 3, 8, 8)), "traced.pt")
tensors = {
    name: {
        "dtype": str(value.dtype)[6:],
        "shape": list(value.shape),
        "sha256_of_row_major_little_endian": hashlib.sha256(value.numpy().tobytes()).hexdigest(),
    }
    for name, value in tiny.state_dict().items()
}
with open("expected.json", "w") as file:
    json.dump({"made_with": f"torch {torch.__version__}, make.py", "tensors": tensors}, file, indent=1)
