"""Whole-process measurements: CPU seconds and peak memory as the system accounts them."""

from __future__ import annotations

import math
import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# An installed package has its bytecode; a checkout gets it in the first, uncounted round.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Run(NamedTuple):
    """One finished process: CPU seconds (user and system) and peak memory in MiB."""

    cpu: float
    memory: float


def run(command: Sequence[str]) -> Run:
    """Run a command with its output thrown away and return what it cost.

    Raises `SystemExit` when the command fails.
    """
    pid = os.posix_spawn(
        command[0], command, _ENVIRONMENT, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, used = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def paired(ours: Sequence[str], peer: Sequence[str], rounds: int = 11) -> tuple[Run, Run, float]:
    """Run two commands in turn and return the medians of each and of the ratio of their CPU times."""
    run(ours), run(peer)
    pairs = [(run(ours), run(peer)) for _ in range(rounds)]
    middles = [
        Run(statistics.median(one.cpu for one in side), statistics.median(one.memory for one in side))
        for side in zip(*pairs, strict=True)
    ]
    return middles[0], middles[1], statistics.median(one.cpu / other.cpu for one, other in pairs)


def show(name: str, ours: Run, peer: Run, ratio: float, bound: str) -> None:
    """Print one line of figures with the bound that the project sets itself."""
    print(
        f"{name:44} {ours.cpu * 1000:8.0f} ms {ours.memory:6.0f} MiB   peer {peer.cpu * 1000:8.0f} ms "
        f"{peer.memory:6.0f} MiB   ratio {ratio:5.2f}   {bound}"
    )


def show_growth(name: str, seconds: Mapping[int, float], bound: float = 1.05) -> None:
    """Print the exponent by which time grows with size, between the smallest and the largest size."""
    (small, less), (large, more) = min(seconds.items()), max(seconds.items())
    if small < large:
        exponent = math.log(more / less) / math.log(large / small)
        print(f"{name}: growth exponent {exponent:.3f} from {small:,} to {large:,} (bound: {bound})")


def python(*arguments: str) -> list[str]:
    """Return the command that runs this Python with arguments."""
    return [sys.executable, *arguments]
