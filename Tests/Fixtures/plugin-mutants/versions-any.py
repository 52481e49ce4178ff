#!/usr/bin/env python3
# breaks initialize.versions: version 99 alone was not refused
import sys

from good_provider import Provider


class Mutant(Provider):
    def initialize(self, params):
        return super().initialize({"protocol_versions": ["1"]})


if __name__ == "__main__":
    sys.exit(Mutant().main())
