"""``python -m simulation SEED`` tells what a seed does; with ``--seeds N``, how N seeds fare."""

from __future__ import annotations

import argparse

from .campaign import report, run_many
from .shrinking import story_of
from .world import World


def main() -> int:
    """Do as the command line says."""
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("seed", nargs="?", type=int, default=0, help="the seed, or the first one")
    parser.add_argument("--seeds", type=int, default=1, help="how many to run")
    parser.add_argument("--processes", type=int, default=2, help="by how many processes")
    options = parser.parse_args()
    if options.seeds == 1:
        broken = dict(World(options.seed).run().broken)
        stories = [story_of(options.seed, name) for name in broken]
        print("\n\n".join(stories) or "\n".join(World(options.seed, telling=True).run().story))
        return bool(broken)
    campaign = run_many(range(options.seed, options.seed + options.seeds), options.processes)
    print(report(campaign))
    return bool(campaign.broken)


if __name__ == "__main__":
    raise SystemExit(main())
