#!/usr/bin/env python3
# breaks resume.state: `state` of a batch is `5`
import sys

from good_provider import Provider


class Mutant(Provider):
    def read(self, params, size):
        for batch, state in super().read(params, size):
            yield batch, int(state)


if __name__ == "__main__":
    sys.exit(Mutant().main())
