#!/usr/bin/env python3
# breaks resume.state: after row
import sys

from good_provider import Provider


class Mutant(Provider):
    def read(self, params, size):
        state = params["state"]
        return super().read(dict(params, state=None if state and state.isdigit() else state), size)


if __name__ == "__main__":
    sys.exit(Mutant().main())
