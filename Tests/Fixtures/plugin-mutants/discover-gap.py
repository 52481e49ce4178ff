#!/usr/bin/env python3
# breaks discover.result: `result.gaps[0].reason` is missing
import sys

from good_provider import Provider


class Mutant(Provider):
    def discover(self, scope, since):
        return super().discover(scope, since)[0], [{"provider": "sample", "what": "disks"}]


if __name__ == "__main__":
    sys.exit(Mutant().main())
