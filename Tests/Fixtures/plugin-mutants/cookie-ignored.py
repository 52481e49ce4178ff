#!/usr/bin/env python3
# breaks start.cookie: goes on running
import sys

from good_provider import Provider, os


class Mutant(Provider):
    def main(self):
        os.environ["PLIMSOLL_PLUGIN_COOKIE"] = "plimsoll-plugin-1"
        return super().main()


if __name__ == "__main__":
    sys.exit(Mutant().main())
