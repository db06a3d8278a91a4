"""Makes ONNX Runtime's training artefacts of T1 and T2, and the network of T3, in the folder named on the command line."""

import importlib.util
import sys
import types
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

# The package's __init__ imports PyTorch for its optimisers; making artefacts needs none, so it is bypassed.
training = types.ModuleType("onnxruntime.training")
training.__path__ = [str(Path(importlib.util.find_spec("onnxruntime").origin).parent / "training")]
sys.modules["onnxruntime.training"] = training
from onnxruntime.training import artifacts, onnxblock  # noqa: E402

random = numpy.random.default_rng(0)


def uniform(name, shape, fan_in):
    """PyTorch's initial values: uniform on +-1 / sqrt(fan-in)."""
    bound = fan_in**-0.5
    return numpy_helper.from_array(random.uniform(-bound, bound, shape).astype(numpy.float32), name)


def model(nodes, weights, shape, constants=()):
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape]) for name in ("input", "output")]
    graph = helper.make_graph(nodes, "autoencoder", values[:1], values[1:], [*weights, *constants])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def dense(sizes):
    nodes, weights, value = [], [], "input"
    for index, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        is_last = index == len(sizes) - 2
        weights += [uniform(f"w{index}", (inputs, outputs), inputs), uniform(f"b{index}", (outputs,), inputs)]
        nodes.append(helper.make_node("Gemm", [value, f"w{index}", f"b{index}"], [f"z{index}"]))
        value = "output" if is_last else f"a{index}"
        nodes.append(helper.make_node("Sigmoid" if is_last else "Relu", [f"z{index}"], [value]))
    return model(nodes, weights, [sizes[0]])


def spread(value, channels, side):
    """Inserts zeros between the values of a map: a convolution over it is then a transposed one of stride 2."""
    constants = {"apart": [0, channels, side, 1, side, 1], "pads": [0] * 9 + [1, 0, 1], "wide": [0, channels, 2 * side, 2 * side]}
    names = {name: f"{value}_{name}" for name in constants}
    tensors = [numpy_helper.from_array(numpy.array(constants[name], numpy.int64), names[name]) for name in constants]
    nodes = [
        helper.make_node("Reshape", [value, names["apart"]], [f"{value}_1"]),
        helper.make_node("Pad", [f"{value}_1", names["pads"]], [f"{value}_2"]),
        helper.make_node("Reshape", [f"{value}_2", names["wide"]], [f"{value}_3"]),
    ]
    return nodes, tensors, f"{value}_3"


def convolutional():
    """1-32-64 and back, kernels of 3, stride 2. The runtime has no gradient of a transposed convolution on the CPU."""
    nodes, weights, constants, value = [], [], [], "input"
    for index, (inputs, outputs, side) in enumerate([(1, 32, 28), (32, 64, 14), (64, 32, 7), (32, 1, 14)]):
        is_up, is_last = index >= 2, index == 3
        if is_up:
            spreading, shapes, value = spread(value, inputs, side)
            nodes, constants = nodes + spreading, constants + shapes
        # PyTorch computes the fan-in of a transposed convolution from its outputs.
        fan_in = 9 * (outputs if is_up else inputs)
        weights += [uniform(f"w{index}", (outputs, inputs, 3, 3), fan_in), uniform(f"b{index}", (outputs,), fan_in)]
        options = {"kernel_shape": [3, 3], "strides": [1, 1] if is_up else [2, 2], "pads": [1, 1, 1, 1]}
        nodes.append(helper.make_node("Conv", [value, f"w{index}", f"b{index}"], [f"z{index}"], **options))
        value = "output" if is_last else f"a{index}"
        nodes.append(helper.make_node("Sigmoid" if is_last else "Relu", [f"z{index}"], [value]))
    return model(nodes, weights, [1, 28, 28], constants)


def make(network, folder):
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(network, folder / "network.onnx")
    artifacts.generate_artifacts(
        network,
        requires_grad=[tensor.name for tensor in network.graph.initializer if tensor.data_type == TensorProto.FLOAT],
        loss=artifacts.LossType.MSELoss,
        # AdamW without weight decay is Adam; the learning rate is the runtime's default, 1e-3.
        optimizer=onnxblock.optim.AdamW(eps=1e-8),
        artifact_directory=folder,
    )


into = Path(sys.argv[1])
make(dense([784, 256, 64, 256, 784]), into / "T1")
make(convolutional(), into / "T2")
