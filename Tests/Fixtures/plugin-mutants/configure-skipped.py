#!/usr/bin/env python3
# breaks configure.order: `check` before `configure` was not refused
import sys

from good_provider import Provider


class Mutant(Provider):
    def initialize(self, params):
        self.configured = True
        return super().initialize(params)


if __name__ == "__main__":
    sys.exit(Mutant().main())
