#!/usr/bin/env python3
# breaks rules.result: `rules`, which `capabilities` lacks, was not refused
import sys

from good_provider import Provider


class Mutant(Provider):
    def methods(self):
        return super().methods() + ["rules"]

    def do_rules(self, params):
        return {"programs": []}


if __name__ == "__main__":
    sys.exit(Mutant().main())
