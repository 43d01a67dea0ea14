"""Hands in a plan of a network that no machine can build, with counts that claim otherwise, and weights that lie."""

import json
import struct


def make(folder):
    layers = [[6, 3, 1, 2**60, 2**60, 10**18]] * 10
    factors = {"width": 1e300, "depth": 1e300, "stem_stride": 1, "resolution": 10**9}
    plan = {"stages": layers, **factors, "macs": 1, "parameters": 1}
    (folder / "best_efficientnet.json").write_text(json.dumps(plan))
    claimed = {"features.0.0.weight": {"dtype": "F32", "shape": [1 << 40, 1 << 20], "data_offsets": [0, 1 << 62]}}
    header = json.dumps(claimed).encode()
    (folder / "best_efficientnet.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + b"\0" * 64)
