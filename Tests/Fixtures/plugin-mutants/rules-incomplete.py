#!/usr/bin/env python3
# breaks rules.result: `[0].stages` is missing
import sys

from good_provider import Provider


class Mutant(Provider):
    manifest = dict(Provider.manifest, capabilities=["resources", "prices", "rules"])

    def methods(self):
        return super().methods() + ["rules"]

    def do_rules(self, params):
        return {"programs": [{"provider": "sample", "name": "none", "sources": []}]}


if __name__ == "__main__":
    sys.exit(Mutant().main())
