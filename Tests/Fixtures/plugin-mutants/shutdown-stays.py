#!/usr/bin/env python3
# breaks shutdown.exit: still runs
import time
import sys

from good_provider import Provider


class Mutant(Provider):
    def main(self):
        code = super().main()
        if code == 0:
            time.sleep(600)
        return code


if __name__ == "__main__":
    sys.exit(Mutant().main())
