#!/usr/bin/env python3
# breaks read.capabilities: `prices`, which `capabilities` lacks
import sys

from good_provider import Provider


class Mutant(Provider):
    manifest = dict(Provider.manifest, capabilities=["resources"])


if __name__ == "__main__":
    sys.exit(Mutant().main())
