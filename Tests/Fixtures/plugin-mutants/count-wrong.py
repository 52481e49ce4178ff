#!/usr/bin/env python3
# breaks read.sequence: had come
import sys

from good_provider import Provider


class Mutant(Provider):
    def stream(self, id, method, params):
        result = super().stream(id, method, params)
        return dict(result, rows=result["rows"] + 1)


if __name__ == "__main__":
    sys.exit(Mutant().main())
