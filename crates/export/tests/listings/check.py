"""Runs the listings in PyTorch and compares them with what the protocol plans. Needs torch and safetensors.

    python check.py [--pinhole PATH] > check.txt

Of every listing: the shapes and the number of its parameters are those in expected.json, the comments state the
shapes of the modules' outputs, the whole program runs on a few random samples, and every parameter has a gradient that
is finite. Networks and functions agree with the engine's own reference values (reference.py).

With the terminal program, three presets are trained by it and by their listings on the same pictures, the 8x8 digits
of the engine, enlarged and shifted. Both report the validation loss of the best epoch, over several seeds.
"""

import argparse
import ast
import gzip
import json
import math
import re
import statistics
import struct
import subprocess
import tempfile
from pathlib import Path

import torch
from torch import nn

from reference import print_agreement

HERE = Path(__file__).parent
DIGITS = HERE.parents[2] / "engine" / "assets" / "digits8x8.bin.gz"
SAMPLES = 80
TRAINED, SEEDS = ("article", "vae", "conv"), range(6)


def run(source, given):
    """Executes a listing with the tensors `given` in the places that it leaves to the reader; returns its variables."""
    names = {"given": given}
    given["trained"] = lambda: names["Autoencoder"]().state_dict()
    given["teacher"] = lambda: names["Autoencoder"]().eval()
    source = re.sub(r"^(\w+) = \.\.\.", lambda place: f'{place[1]} = given["{place[1]}"]()', source, flags=re.M)
    exec(compile(source.replace("print(f", "given['log'](f"), "listing", "exec"), names)
    return names


def random_samples(expected, source):
    shape = expected["input"] if expected["input"][1:] != [1, 1] else expected["input"][:1]
    classes = re.search(r"labels = \.\.\.  # \[samples\], 0 to (\d+)", source)
    return {
        "data": lambda: torch.rand(SAMPLES, *shape),
        "labels": lambda: torch.randint(-1, int(classes[1]) + 1, (SAMPLES,)),
        "attributes": lambda: attributes(source),
        "log": lambda line: None,
    }


def attributes(source):
    count = int(re.search(r"attributes = \.\.\.  # \[samples, (\d+)\]", source)[1])
    values = torch.randn(SAMPLES, count)
    return torch.where(torch.rand_like(values) < 0.3, torch.nan, values)


def commented_modules(source):
    """For every `nn.Sequential(...)` of the class, by its attribute path, the shape that each element's line states."""
    lines = source.splitlines()

    def shape_of(element):
        stated = re.search(r"# \[([\d, ]+)\]$", lines[element.end_lineno - 1])
        return [int(size) for size in stated[1].split(",")] if stated else None

    def collect(path, value, found):
        if isinstance(value, ast.Call) and ast.unparse(value.func) == "nn.Sequential":
            found[path] = [shape_of(element) for element in value.args]
        elif isinstance(value, ast.Call) and ast.unparse(value.func) == "nn.ModuleList":
            for index, element in enumerate(value.args[0].elts):
                collect(f"{path}.{index}", element, found)

    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("self."):
            collect(ast.unparse(node.targets[0]).removeprefix("self."), node.value, found)
    return found


def check_shapes(names, source, expected, name):
    """Asserts the shapes of a forward pass."""
    model, data = names["model"].eval(), names["data"][:4]
    outputs, reads = {}, {}
    for path, module in model.named_modules():
        module.register_forward_hook(lambda _, __, output, path=path: outputs.update({path: output}))
        module.register_forward_pre_hook(lambda _, inputs, path=path: reads.update({path: inputs[0]}))
    result = model(data)
    reconstruction = result[0] if isinstance(result, tuple) else result
    assert reconstruction.shape == data.shape, (name, reconstruction.shape)
    code = reads["decoder.0" if isinstance(model.decoder, nn.ModuleList) else "decoder"]
    assert code[0].numel() == expected["code_values"], (name, code.shape)
    stated = 0
    for path, shapes in commented_modules(source).items():
        if f"{path}.0" not in outputs:
            continue
        for index, shape in enumerate(shapes):
            if shape is not None:
                assert list(outputs[f"{path}.{index}"].shape[1:]) == shape, (name, path, index, shape)
                stated += 1
    return stated


def check(name, expected):
    """Runs one listing; returns its number of parameters and of stated shapes."""
    source = (HERE / f"{name}.py").read_text()
    names = run(source, random_samples(expected, source))
    modules = [names[module] for module in ("model", "discriminator") if module in names]
    parameters = [parameter for module in modules for parameter in module.parameters()]
    assert sorted(list(parameter.shape) or [1] for parameter in parameters) == expected["shapes"], name
    count = sum(parameter.numel() for parameter in parameters)
    assert count == expected["parameters"], (name, count)
    for parameter in parameters:
        assert parameter.isfinite().all(), name
        assert not parameter.requires_grad or parameter.grad.isfinite().all(), name
    assert math.isfinite(names["best_loss"]), name
    return count, check_shapes(names, source, expected, name)


def pictures():
    """The 8x8 digits, enlarged to 20x20, at five places of a 28x28 picture each: values in whole 255ths."""
    rows = torch.frombuffer(bytearray(gzip.decompress(DIGITS.read_bytes())), dtype=torch.uint8).view(-1, 65)
    small = rows[:, None, :64].reshape(-1, 1, 8, 8) / 16
    large = nn.functional.interpolate(small, (20, 20), mode="bilinear", align_corners=False)
    places = [(4, 4), (2, 4), (6, 4), (4, 2), (4, 6)]
    placed = [nn.functional.pad(large, (left, 8 - left, top, 8 - top)) for top, left in places]
    return (torch.cat(placed) * 255).round() / 255


def write_idx(path, data):
    header = struct.pack(">IIII", 0x803, len(data), *data.shape[2:])
    path.write_bytes(header + bytes((data * 255).round().to(torch.uint8).flatten().tolist()))


def losses_of_ours(pinhole, name, images, seed, folder):
    """Validation loss of each epoch, by the terminal program."""
    command = [pinhole, "train", "--preset", name, "--images", images, "--seed", str(seed), "--device", "cpu"]
    command += ["--out", folder / "model.safetensors"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return [float(loss) for loss in re.findall(r"validation ([\d.]+)", result.stderr)]


def losses_of_listing(name, data, seed):
    """Validation loss of each epoch, by the listing."""
    source = (HERE / f"{name}.py").read_text().replace("manual_seed(0)", f"manual_seed({seed})")
    lines = []
    run(source, {"data": lambda: data, "log": lines.append})
    return [float(line.split()[-1]) for line in lines]


def compare_training(pinhole):
    print("\nvalidation loss of the best epoch, mean and standard deviation over seeds")
    print(f"{'preset':<24}{'ours':>20}{'listing':>20}{'difference':>12}  in standard errors")
    data = pictures()
    with tempfile.TemporaryDirectory() as folder:
        images = Path(folder) / "digits-idx3-ubyte"
        write_idx(images, data)
        for name in TRAINED:
            ours = [min(losses_of_ours(pinhole, name, images, seed, Path(folder))) for seed in SEEDS]
            theirs = [min(losses_of_listing(name, data, seed)) for seed in SEEDS]
            means, deviations = zip(*((statistics.mean(of), statistics.stdev(of)) for of in (ours, theirs)))
            difference = means[1] - means[0]
            error = math.hypot(*deviations) / math.sqrt(len(SEEDS))
            columns = [f"{mean:.5f} ± {deviation:.5f}" for mean, deviation in zip(means, deviations)]
            row = f"{name:<24}{columns[0]:>20}{columns[1]:>20}{difference:>12.5f}  {abs(difference) / error:.1f}"
            print(row, flush=True)
            assert abs(difference) < 3 * error, name


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pinhole", help="the terminal program, to compare training with")
    pinhole = arguments.parse_args().pinhole
    print(f"PyTorch {torch.__version__.split('+')[0]}\n")
    print(f"{'listing':<36}{'parameters':>12}{'shapes stated':>16}")
    for name, expected in json.loads((HERE / "expected.json").read_text()).items():
        parameters, stated = check(name, expected)
        print(f"{name:<36}{parameters:>12,}{stated:>16}", flush=True)
    print_agreement()
    if pinhole:
        compare_training(pinhole)


if __name__ == "__main__":
    main()
