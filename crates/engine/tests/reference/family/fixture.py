"""A safetensors file of cases: tensors named `CASE/TENSOR`, and in its metadata `cases`, a JSON object with the parameters
of each.
"""

import json
import zlib

import torch
from safetensors.torch import save_file


class File:
    def __init__(self):
        self.tensors, self.specs = {}, {}

    def record(self, case, tensors, prefix=""):
        """Records tensors of a case, in 32 bits."""
        for name, values in tensors.items():
            self.tensors[f"{case}/{prefix}{name}"] = values.detach().to(torch.float32).contiguous().clone()

    def spec(self, case, **parameters):
        """Records the parameters of a case."""
        self.specs[case] = parameters

    def save(self, path):
        save_file(self.tensors, path, {"cases": json.dumps(self.specs)})


def seed_by(name):
    """Makes the random numbers of a case depend on its name alone, so that a new case changes no other."""
    torch.manual_seed(zlib.crc32(name.encode()))
