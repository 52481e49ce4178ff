#!/usr/bin/env python3
# breaks configure.settings: `plimsoll_kit` was not refused
import sys

from good_provider import Provider


class Mutant(Provider):
    def do_configure(self, params):
        return super().do_configure(dict(params, settings={}))


if __name__ == "__main__":
    sys.exit(Mutant().main())
