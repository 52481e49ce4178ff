#!/usr/bin/env python3
# breaks resume.state: after row
import sys

from good_provider import Provider


class Mutant(Provider):
    def read(self, params, size):
        state = params["state"]
        if state and state.isdigit() and state != "0":
            params = dict(params, state=str(int(state) - 1))
        return super().read(params, size)


if __name__ == "__main__":
    sys.exit(Mutant().main())
