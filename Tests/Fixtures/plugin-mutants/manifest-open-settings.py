#!/usr/bin/env python3
# breaks initialize.result: additionalProperties
import sys

from good_provider import Provider


class Mutant(Provider):
    manifest = dict(Provider.manifest, settings_schema={"type": "object", "properties": {}, "additionalProperties": True})


if __name__ == "__main__":
    sys.exit(Mutant().main())
