#!/usr/bin/env python3
# breaks kill.leftovers: still run
import subprocess
import sys

from good_provider import Provider


class Mutant(Provider):
    def do_configure(self, params):
        subprocess.Popen(["sleep", "600"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return super().do_configure(params)


if __name__ == "__main__":
    sys.exit(Mutant().main())
