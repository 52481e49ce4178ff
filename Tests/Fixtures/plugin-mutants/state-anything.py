#!/usr/bin/env python3
# breaks read.bad-state: was not refused
import sys

from good_provider import Provider


class Mutant(Provider):
    def read(self, params, size):
        state = params["state"] or "0"
        return super().read(dict(params, state=state if state.isdigit() else "0"), size)


if __name__ == "__main__":
    sys.exit(Mutant().main())
