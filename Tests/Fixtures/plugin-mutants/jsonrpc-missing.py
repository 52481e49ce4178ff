#!/usr/bin/env python3
# breaks stdout.protocol: without `"jsonrpc":"2.0"`
import sys

from good_provider import Provider, json


class Mutant(Provider):
    def send(self, message):
        sys.stdout.buffer.write(json.dumps(message).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(Mutant().main())
