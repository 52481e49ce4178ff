#!/usr/bin/env python3
# breaks credit.zero: ended instead of waiting
import sys

from good_provider import Provider


class Mutant(Provider):
    def stream(self, id, method, params):
        if params["credit"] == 0:
            return {"end": "done", "batches": 0, "rows": 0}
        return super().stream(id, method, params)


if __name__ == "__main__":
    sys.exit(Mutant().main())
