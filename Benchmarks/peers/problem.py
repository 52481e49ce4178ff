#!/usr/bin/env python3
"""Writes the problem a prototype makes for itself, so that Plimsoll plans the same one.

The prototype's own lines up to its search are run, so that the numbers are its own.
usage: problem.py PROTOTYPE OUT [ARGUMENTS OF THE PROTOTYPE]
OUT is little-endian: int64 cells, hours, inner pools; then per cell int64 price, inner rate, outer rate (10^-12),
inner pool, inner fee per unit and hour (10^-12); then float64 usage, cells x hours.
"""
import sys

import numpy as np

path, out = sys.argv[1], sys.argv[2]
source = open(path).read()
sys.argv = [path] + sys.argv[3:]
names = {"__file__": path, "__name__": "problem"}
isCuts = "cuts" in path.rsplit("/", 1)[-1]
exec(compile(source[: source.index("\nOD=(" if isCuts else "\norder = ")], path, "exec"), names)


def fixed(values):
    return np.rint(np.asarray(values) * 1e12).astype("<i8")


if isCuts:
    price, usage, group = names["p"], names["u"], names["fi"]
    inner, outer, fee = names["e"], names["c"], np.ones(len(price))
else:
    price, usage, group = names["p"], names["U"], np.arange(len(names["p"]))
    inner, outer, fee = np.ones(len(price)), names["s"], names["r"]

with open(out, "wb") as file:
    np.array([*usage.shape, int(group.max()) + 1], "<i8").tofile(file)
    np.stack([fixed(price), fixed(inner), fixed(outer), np.asarray(group).astype("<i8"), fixed(fee)], 1).tofile(file)
    usage.astype("<f8").tofile(file)
