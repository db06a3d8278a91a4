"""Writes the *.safetensors beside this file: reference values of PyTorch for all networks, losses, penalties, optimisers
and corruptions, forward and backward.

    python crates/engine/tests/reference/family        (PyTorch 2.15, SciPy 1.17, safetensors)
"""

from pathlib import Path

import torch

import bottlenecks
import corruptions
import dense
import losses
import optimisers
import pictures
import recurrent
import sequences

torch.use_deterministic_algorithms(True)
for module in (dense, pictures, sequences, recurrent, bottlenecks, losses, optimisers, corruptions):
    path = Path(__file__).parent / f"{module.__name__}.safetensors"
    module.fixture().save(path)
    print(f"{path.stat().st_size:7} bytes  {path.name}")
