#!/usr/bin/env python3
"""A provider for Plimsoll. Needs nothing but Python 3."""
#PROTOCOL#

class Provider(Plugin):
    manifest = {
        "name": "#NAME#",
        "version": "0.1.0",
        "kind": "provider",
        "capabilities": ["resources", "prices"],
        "provider": {
            "id": "#NAME#",
            "title": "#NAME#",
            "permissions": ["servers:read"],
            "not_covered": ["everything but servers"],
        },
        "settings_schema": {
            "type": "object",
            "properties": {"region": {"type": "string", "description": "only this region"}},
            "additionalProperties": False,
        },
        "secrets": [{"name": "token", "meaning": "API token that may read", "required": True}],
    }

    def check(self):
        """Whether it could work now, and what was found. Never show a secret."""
        return True, "nothing is called yet: the rows are made up"

    def discover(self, scope, since):
        """The streams that can be read, and gaps."""
        streams = [
            {"id": "servers", "what": "servers", "permission": "servers:read"},
            {"id": "prices", "what": "prices"},
        ]
        return streams, []

    def rows(self, stream):
        """All rows of a stream, always in the same order. Call your cloud here."""
        if stream == "servers":
            for number in range(1, 6):
                yield "resources", {
                    "provider": "#NAME#",
                    "region": "north",
                    "type": "instance",
                    "id": "server-%d" % number,
                    "name": "web %d" % number,
                    "sku": "small",
                    "state": "running",
                    "created": "2026-01-31T00:00:00Z",
                    "tags": {"made-up": "yes"},
                }
        elif stream == "prices":
            yield "prices", {
                "provider": "#NAME#",
                "region": "north",
                "service": "compute",
                "sku": "small",
                "offer": "on-demand",
                "price": "0.0052",
                "currency": "EUR",
                "unit": "Hrs",
                "source": "synthetic",
            }
        else:
            raise Refusal("config", "there is no stream " + stream)

    def read(self, params, size):
        """Batches of at most `size` rows, each with the state after it: here the number of rows before."""
        state = params["state"]
        if state is not None and not state.isdigit():
            raise Refusal("data", "the state %s is none of this plugin" % state)
        rows = list(self.rows(params["stream"]))
        for start in range(int(state or 0), len(rows), size):
            batch = {}
            for kind, row in rows[start:start + size]:
                batch.setdefault(kind, []).append(row)
            yield batch, str(min(start + size, len(rows)))


if __name__ == "__main__":
    sys.exit(Provider().main())
