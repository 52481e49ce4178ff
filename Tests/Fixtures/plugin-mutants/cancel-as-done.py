#!/usr/bin/env python3
# breaks cancel.read: did not end as `cancelled`
import sys

from good_provider import Provider


class Mutant(Provider):
    def stream(self, id, method, params):
        return dict(super().stream(id, method, params), end="done")


if __name__ == "__main__":
    sys.exit(Mutant().main())
