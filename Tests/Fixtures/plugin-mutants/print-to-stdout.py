#!/usr/bin/env python3
# breaks stdout.protocol: no JSON object: `checking`
import sys

from good_provider import Provider


class Mutant(Provider):
    def check(self):
        print("checking", flush=True)
        return super().check()


if __name__ == "__main__":
    sys.exit(Mutant().main())
