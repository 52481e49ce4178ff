#!/usr/bin/env python3
# breaks initialize.order: a second `initialize` was not refused
import sys

from good_provider import Provider


class Mutant(Provider):
    def initialize(self, params):
        self.initialized = False
        return super().initialize(params)


if __name__ == "__main__":
    sys.exit(Mutant().main())
