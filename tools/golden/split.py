#!/usr/bin/env python3
"""Splits of names by the rule of include/soundalike/corpus.hpp, written a second time: golden data for corpus_test."""
import re
import sys

MASK = (1 << 64) - 1


def group(stem):
    stem = stem.lower()
    words = stem.split("_")
    if re.fullmatch(r"[0-9]+_[^_]*_[0-9]+", stem) and not words[1].isdigit():
        return words[1]
    if re.search(r"(^|[_\- .(])[0-9]+$", stem):
        return stem
    return re.sub(r"[0-9]+$", "", "_".join(words[:2]))


def split(stem):
    h = 0xCBF29CE484222325
    for byte in group(stem).encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    h = (h + 1553) & MASK
    h = ((h ^ (h >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    h = ((h ^ (h >> 27)) * 0x94D049BB133111EB) & MASK
    h ^= h >> 31
    position = h / 2**64
    return "train" if position < 0.7 else "validation" if position < 0.8 else "test"


for name in sys.argv[1:]:
    print(name, group(name), split(name))
