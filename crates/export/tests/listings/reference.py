"""Compares listings and their functions with the values that the engine's own tests read.

Networks: the listing of each case of crates/engine/tests/reference/family, with the case's weights, makes the case's
outputs. Functions: each fragment makes the values of the case with its name.
"""

import json
import math
import re
import subprocess
from pathlib import Path
from unittest import mock

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import nn

CRATE = Path(__file__).parents[2]
FAMILY = CRATE.parent / "engine" / "tests" / "reference" / "family"
NETWORKS = ("dense", "pictures", "sequences", "recurrent", "bottlenecks")
# Names of the tensors of a layer, in the order of PyTorch's modules.
ORDER = (
    *("weight", "bias", "norm.weight", "norm.bias", "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"),
    *("self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight", "self_attn.out_proj.bias"),
    *(f"{layer}.{name}" for layer in ("linear1", "linear2", "norm1", "norm2") for name in ("weight", "bias")),
    *(f"{layer}.{name}" for layer in ("first", "second", "transform", "gate") for name in ("weight", "bias")),
)
# Functions with the cases' arguments.
LOSSES = {
    "ssim": lambda ssim, case: 1 - ssim(*(case[of].unflatten(1, case["shape"]) for of in ("reconstruction", "target"))),
    "kl_sparsity": lambda kl_sparsity, case: kl_sparsity(case["code"], case["rho"]),
    "total_correlation": lambda total_correlation, case: total_correlation(case["z"], case["mu"], case["logvar"]),
    "orthogonality": lambda orthogonality, case: orthogonality(case["code"]),
}


def under(prefix, tensors):
    """The tensors whose name begins with `prefix/`, by the rest of the name."""
    return {key.removeprefix(f"{prefix}/"): of for key, of in tensors.items() if key.startswith(f"{prefix}/")}


def cases(name):
    """Name, settings and tensors of the cases of a file."""
    with safe_open(FAMILY / f"{name}.safetensors", "pt") as file:
        tensors = {key: file.get_tensor(key).double() for key in file.keys()}
        for case, settings in json.loads(file.metadata()["cases"]).items():
            yield case, settings, under(case, tensors)


def listing(network):
    """The class of a network's listing."""
    loss = "gaussian" if network.get("learnt_variance") else "mse"
    command = ["cargo", "run", "--quiet", "--package", "pinhole-export", "--example", "listing"]
    experiment = json.dumps({"network": network, "objective": {"loss": loss}})
    source = subprocess.run(command, input=experiment, cwd=CRATE, capture_output=True, text=True, check=True).stdout
    names = {}
    exec(re.sub(r"^(data|labels) = .*$", "", source.split("\ntraining, validation = ")[0], flags=re.M), names)
    return names["Autoencoder"]().double()


def load(model, weights):
    """Gives a model the weights of a case, part by part in the order of PyTorch's modules."""
    stored = {}
    for key, tensor in weights.items():
        part, layer, *name = key.split(".")
        if layer.isdigit() and ".".join(name) in ORDER:
            stored.setdefault(part, []).append((int(layer), ORDER.index(".".join(name)), tensor))
    in_order = {part: [of[2] for of in sorted(tensors, key=lambda of: of[:2])] for part, tensors in stored.items()}
    parts = {name: list(module.parameters()) for name, module in model.named_children()}
    pairs = [
        (parts["encoder"] + parts.get("mu", []), in_order.get("encoder", []) + in_order.get("bottleneck", [])),
        (parts["decoder"], in_order["decoder"]),
    ]
    if "logvar" in parts:
        pairs.append((parts["logvar"], [weights[f"bottleneck.log_variance.{name}"] for name in ("weight", "bias")]))
    if hasattr(model, "codebook"):
        pairs.append(([model.codebook], [weights["bottleneck.codebook"]]))
    with torch.no_grad():
        for parameters, tensors in pairs:
            for parameter, tensor in zip(parameters, tensors, strict=True):
                assert parameter.shape == tensor.shape
                parameter.copy_(tensor)


def check_networks():
    """Number of networks, and the largest difference of an output."""
    count, largest = 0, 0.0
    for name in NETWORKS:
        for case, settings, tensors in cases(name):
            model = listing(settings["network"])
            load(model, under("weights", tensors))
            shape = [settings["network"]["input"][side] for side in ("channels", "height", "width")]
            data = tensors["input"] if shape[1:] == [1, 1] else tensors["input"].unflatten(1, shape)
            with mock.patch("torch.randn_like", lambda _: tensors["epsilon"]):
                result = model.train()(data)
            output = result[0] if isinstance(result, tuple) else result
            difference = (output.flatten(1) - tensors["output"]).abs().max().item()
            assert difference < 1e-6, (case, difference)
            count, largest = count + 1, max(largest, difference)
    return count, largest


def fragment(name):
    """A function of the listings."""
    names = {"torch": torch, "F": F, "nn": nn, "math": math}
    exec((CRATE / "src" / "pytorch" / "python" / f"{name}.py").read_text(), names)
    return names[name]


def check_functions():
    """Number of values of functions, and the largest difference relative to the value."""
    count, largest = 0, 0.0
    found = []
    for case, settings, tensors in cases("losses"):
        if case in LOSSES:
            found.append((LOSSES[case](fragment(case), tensors | settings), tensors["value"]))
    for case, settings, tensors in cases("corruptions"):
        shape, level = settings["shape"].values(), settings["corruption"]["level"]
        is_blur = settings["corruption"]["noise"] == "blur"
        clean = tensors["clean"].view(-1, *shape)
        corrupted = fragment("blur")(clean, 4 * level) if is_blur else fragment("down_scale")(clean, level)
        found.append((corrupted.flatten(1), tensors["corrupted"]))
    for value, expected in found:
        difference = ((value - expected).abs().max() / expected.abs().max()).item()
        assert difference < 1e-5, difference
        count, largest = count + 1, max(largest, difference)
    return count, largest


def print_agreement():
    torch.set_default_dtype(torch.float64)
    print("\nagreement with the engine's reference values")
    for what, check in (("networks", check_networks), ("functions", check_functions)):
        count, largest = check()
        print(f"{what:<36}{count:>12}  largest difference {largest:.0e}", flush=True)
    torch.set_default_dtype(torch.float32)


if __name__ == "__main__":
    print_agreement()
