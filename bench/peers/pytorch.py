"""PyTorch's side of the comparison: reads commands as lines of JSON, answers with lines of JSON."""

import json
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

MEAN, STD, RATE, MOMENTUM, SIDE = 0.1307, 0.3081, 0.001, 0.9, 28


def tensors_of(folder, listed):
    floats = np.fromfile(os.path.join(folder, "weights.f32"), dtype="<f4")
    start, tensors = 0, {}
    for entry in listed["weights"]:
        size = int(np.prod(entry["shape"]))
        values = torch.from_numpy(floats[start : start + size].copy()).reshape(entry["shape"])
        tensors[entry["name"]] = values.requires_grad_(True)
        start += size
    return tensors


class Peer:
    def __init__(self, folder):
        with open(os.path.join(folder, "material.json")) as file:
            listed = json.load(file)
        self.layers, task = listed["layers"], listed["task"]
        self.tensors = tensors_of(folder, listed)
        images = np.fromfile(os.path.join(folder, "images.u8"), dtype=np.uint8)
        labels = np.fromfile(os.path.join(folder, "labels.u8"), dtype=np.uint8)
        x = (torch.from_numpy(images.astype(np.float32)) / 255 - MEAN) / STD
        x, y = x.reshape(-1, 1, SIDE, SIDE), torch.from_numpy(labels.astype(np.int64))
        self.batches = list(zip(x.split(task["batch"]), y.split(task["batch"])))
        self.images = x[: task["inferenceBatch"]].contiguous()
        self.optimizer = torch.optim.SGD(self.tensors.values(), lr=RATE, momentum=MOMENTUM)
        self.steps = 0
        self.matrices = {}

    def net(self, x):
        for layer in self.layers:
            kind, name = layer["kind"], layer.get("name")
            if kind == "conv":
                weight, bias = self.tensors[name + ".weight"], self.tensors[name + ".bias"]
                x = F.conv2d(x, weight, bias, padding=layer["padding"])
            elif kind == "dense":
                x = F.linear(x, self.tensors[name + ".weight"], self.tensors[name + ".bias"])
            elif kind == "pool":
                x = F.max_pool2d(x, 2)
            elif kind == "relu":
                x = F.relu(x)
            else:
                x = x.flatten(1)
        return x

    def step(self):
        x, y = self.batches[self.steps % len(self.batches)]
        self.steps += 1
        self.optimizer.zero_grad()
        loss = F.cross_entropy(self.net(x), y)
        loss.backward()
        self.optimizer.step()
        return loss

    def infer(self):
        with torch.no_grad():
            self.net(self.images)

    def multiply(self, size):
        if size not in self.matrices:
            wave = np.arange(1, size * size + 1, dtype=np.float64)
            pair = [np.sin(s * wave).astype(np.float32).reshape(size, size) for s in (1, 2)]
            self.matrices[size] = [torch.from_numpy(matrix) for matrix in pair]
        a, b = self.matrices[size]
        return a @ b


def timed(count, action):
    start = time.perf_counter()
    for _ in range(count):
        action()
    return {"kind": "time", "ms": 1000 * (time.perf_counter() - start)}


def main():
    torch.set_num_threads(os.cpu_count() or 1)
    peer = Peer(sys.argv[1])
    losses = [peer.step().item()]
    # The clock of the first step is Node's: it started this process.
    about = f"{torch.__version__}, CPU, {torch.get_num_threads()} threads"
    print(json.dumps({"kind": "open", "about": about, "coldMs": 0, "losses": losses}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        count = command["count"]
        if command["kind"] == "losses":
            answer = {"kind": "losses", "losses": [peer.step().item() for _ in range(count)]}
        elif command["kind"] == "train":
            answer = timed(count, peer.step)
        elif command["kind"] == "infer":
            answer = timed(count, peer.infer)
        else:
            answer = timed(count, lambda: peer.multiply(command["size"]))
        print(json.dumps(answer), flush=True)


main()
