#!/usr/bin/env python3
# breaks read.batch-rows: `batch_rows` was 1
import sys

from good_provider import Provider


class Mutant(Provider):
    def read(self, params, size):
        return super().read(params, max(size, 2))


if __name__ == "__main__":
    sys.exit(Mutant().main())
