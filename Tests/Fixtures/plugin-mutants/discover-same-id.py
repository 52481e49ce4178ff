#!/usr/bin/env python3
# breaks discover.stable: two streams have the same id
import sys

from good_provider import Provider


class Mutant(Provider):
    def discover(self, scope, since):
        streams, gaps = super().discover(scope, since)
        return streams + streams[:1], gaps


if __name__ == "__main__":
    sys.exit(Mutant().main())
