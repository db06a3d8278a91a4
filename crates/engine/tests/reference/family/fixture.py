"""A safetensors file of cases: tensors named `CASE/TENSOR`, and in its metadata `cases`: a JSON object with a head for each."""

import json
import zlib

import torch
from safetensors.torch import save_file


class File:
    def __init__(self):
        self.tensors, self.heads = {}, {}

    def record(self, case, tensors, prefix=""):
        """Adds tensors of a case, in 32 bits."""
        for name, values in tensors.items():
            self.tensors[f"{case}/{prefix}{name}"] = values.detach().to(torch.float32).contiguous().clone()

    def head(self, case, **what):
        """Says what a case is about."""
        self.heads[case] = what

    def save(self, path):
        save_file(self.tensors, path, {"cases": json.dumps(self.heads)})


def seed_by(name):
    """What a case draws depends on its name alone, so that a new case changes no other."""
    torch.manual_seed(zlib.crc32(name.encode()))
