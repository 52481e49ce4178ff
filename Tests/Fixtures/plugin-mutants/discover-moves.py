#!/usr/bin/env python3
# breaks discover.stable: then
import sys

from good_provider import Provider, os


class Mutant(Provider):
    def discover(self, scope, since):
        streams, gaps = super().discover(scope, since)
        path = __file__ + ".turn"
        turn = os.path.exists(path)
        os.remove(path) if turn else open(path, "w").close()
        return streams[::-1] if turn else streams, gaps


if __name__ == "__main__":
    sys.exit(Mutant().main())
