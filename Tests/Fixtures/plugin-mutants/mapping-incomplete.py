#!/usr/bin/env python3
# breaks mapping.result: `result.mappings[0].sql` is missing
import sys

from good_provider import Provider


class Mutant(Provider):
    manifest = dict(Provider.manifest, capabilities=["resources", "prices", "mapping"])

    def methods(self):
        return super().methods() + ["mapping"]

    def do_mapping(self, params):
        lists = dict(signature=[], without=[], columns=[])
        return {"mappings": [dict(id="a", provider="sample", title="", source="", **lists)]}


if __name__ == "__main__":
    sys.exit(Mutant().main())
