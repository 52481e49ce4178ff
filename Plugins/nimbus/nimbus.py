#!/usr/bin/env python3
"""Nimbus: a provider of a small cloud in the style of a European hoster. Its rows are synthetic; what it reads, and
how the columns come about, is specified in docs/reference/plugin-nimbus.md. Needs nothing but Python 3."""
# ---- The protocol. Leave it as it is; yours is below. ----
import json
import os
import select
import sys

LINE_BYTES = 4194304
CLASSES = ("auth", "permission", "throttled", "transient", "config", "unsupported", "data", "internal")


class Refusal(Exception):
    """Why a request is not done: one of CLASSES, what happened, what to do next, the cloud's call."""

    def __init__(self, error_class, message, hint="", call="", code=-32000):
        super().__init__(message)
        self.error = {"code": code, "message": message}
        if error_class:
            self.error["data"] = {"class": error_class, "hint": hint, "call": call}


class Cancelled(Exception):
    """The host wants no more of a read."""


class Plugin:
    """The conversation; docs/reference/plugin-protocol.md says what each message means."""

    def __init__(self):
        self.initialized = self.configured = False
        self.settings, self.secrets = {}, {}
        self.buffer = b""

    def main(self):
        if os.environ.get("PLIMSOLL_PLUGIN_COOKIE") != "plimsoll-plugin-1":
            self.log("this is a plugin of Plimsoll: `plimsoll plugin add` registers it")
            return 64
        while True:
            message = self.receive()
            if message is None:
                return 0
            self.handle(message)
            if message.get("method") == "shutdown":
                return 0

    def log(self, text):
        print(text, file=sys.stderr, flush=True)

    def send(self, message):
        line = json.dumps(dict(jsonrpc="2.0", **message), ensure_ascii=False, separators=(",", ":"))
        sys.stdout.buffer.write(line.encode() + b"\n")
        sys.stdout.buffer.flush()

    def fail(self, id, code, text):
        self.send({"id": id, "error": {"code": code, "message": text}})

    def line(self):
        """The next line without its end; None at the end of standard input."""
        while b"\n" not in self.buffer:
            chunk = os.read(0, 65536)
            if not chunk:
                return None
            self.buffer += chunk
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line

    def waiting(self):
        """Whether a message has come."""
        return b"\n" in self.buffer or bool(select.select([0], [], [], 0)[0])

    def receive(self):
        while True:
            line = self.line()
            if line is None:
                return None
            if len(line) > LINE_BYTES:
                self.fail(None, -32003, "the line is too long")
                continue
            try:
                message = json.loads(line)
                if isinstance(message, dict) and isinstance(message.get("method"), str):
                    return message
            except ValueError:
                pass
            self.fail(None, -32700, "the line is no request")

    def handle(self, message):
        method, params, id = message["method"], message.get("params") or {}, message.get("id")
        if "id" not in message:
            return
        try:
            if method in ("ping", "shutdown"):
                result = {}
            elif method == "initialize":
                result = self.initialize(params)
            elif method not in self.methods():
                raise Refusal("", "there is no method " + method, code=-32601)
            elif not self.initialized or not (self.configured or method == "configure"):
                raise Refusal("", "initialize and configure come first", code=-32002)
            elif method in ("read", "recommend"):
                result = self.stream(id, method, params)
            else:
                result = getattr(self, "do_" + method)(params)
            self.send({"id": id, "result": result})
        except Refusal as refusal:
            self.send({"id": id, "error": refusal.error})
        except (KeyError, TypeError, AttributeError) as error:
            self.fail(id, -32602, "params cannot be read: %r" % error)

    def methods(self):
        rows = ["discover", "read"] if self.manifest["kind"] == "provider" else ["recommend"]
        return ["configure", "check"] + rows

    def initialize(self, params):
        if self.initialized:
            raise Refusal("", "it is initialized already", code=-32002)
        if "1" not in params["protocol_versions"]:
            raise Refusal("unsupported", "only version 1 of the protocol is spoken here")
        self.initialized = True
        return dict(self.manifest, protocol_version="1")

    def do_configure(self, params):
        settings, secrets = params["settings"], params["secrets"]
        for name in settings:
            if name not in self.manifest["settings_schema"]["properties"]:
                raise Refusal("config", "there is no setting " + name)
        for secret in self.manifest.get("secrets", []):
            if secret["required"] and secret["name"] not in secrets:
                raise Refusal("config", "the secret %s is missing: %s" % (secret["name"], secret["meaning"]))
        self.settings, self.secrets, self.configured = settings, secrets, True
        return {}

    def do_check(self, params):
        usable, detail = self.check()
        return {"usable": usable, "detail": detail}

    def do_discover(self, params):
        streams, gaps = self.discover(params["scope"], params["window"]["from"])
        return {"streams": streams, "gaps": gaps}

    def stream(self, id, method, params):
        """Sends batches as far as there is credit; the result of the request."""
        self.credit, size = params["credit"], params["batch_rows"]
        batches = rows = 0
        give = self.read if method == "read" else self.recommend
        try:
            for batch, state in give(params, size):
                while self.credit == 0 or self.waiting():
                    self.listen(id)
                self.credit -= 1
                batches += 1
                rows += sum(map(len, batch.values()))
                body = {"request": id, "seq": batches, "rows": batch, "state": state}
                self.send({"method": "batch", "params": body})
        except Cancelled:
            return {"end": "cancelled", "batches": batches, "rows": rows}
        return {"end": "done", "batches": batches, "rows": rows}

    def listen(self, id):
        """Takes one message while a stream runs."""
        message = self.receive()
        if message is None:
            sys.exit(0)
        method, params = message["method"], message.get("params") or {}
        if method == "credit" and params.get("request") == id:
            self.credit += params["add"]
        elif method == "cancel" and params.get("request") == id:
            raise Cancelled()
        elif method == "ping":
            self.send({"id": message["id"], "result": {}})
        elif "id" in message:
            self.fail(message["id"], -32004, "a read is running")


# ---- End of the protocol. ----
LOCATIONS = ("fsn", "nbg", "hel")
TYPES = {
    "nx11": {"cores": 1, "memory": 2, "disk": 20, "hourly": "0.0052"},
    "nx21": {"cores": 2, "memory": 4, "disk": 40, "hourly": "0.0083"},
    "nx31": {"cores": 4, "memory": 8, "disk": 80, "hourly": "0.0147"},
}
VOLUME_GIB_MONTH = "0.044"


class Cloud:
    """Stands in for the API of Nimbus: the same made-up answers every time, page by page."""

    def servers(self):
        for number in range(1, 31):
            yield {
                "id": 1000 + number,
                "name": "web-%d" % number,
                "status": "running" if number % 5 else "off",
                "server_type": sorted(TYPES)[number % 3],
                "location": LOCATIONS[number % 3],
                "created": "2026-01-%02dT08:00:00Z" % number,
                "labels": {"team": ("shop", "search")[number % 2], "synthetic": ""},
                "image": "debian-12",
            }

    def volumes(self):
        for number in range(1, 13):
            yield {
                "id": 5000 + number,
                "name": "data-%d" % number,
                "size": 10 * number,
                "server": 1000 + number if number % 4 else None,
                "location": LOCATIONS[number % 3],
                "created": "2026-02-01T00:00:00Z",
                "labels": {},
            }


class Nimbus(Plugin):
    manifest = {
        "name": "nimbus",
        "version": "0.1.0",
        "kind": "provider",
        "capabilities": ["resources", "metrics", "prices", "catalog"],
        "provider": {
            "id": "nimbus",
            "title": "Nimbus (synthetic)",
            "permissions": ["servers:list", "volumes:list", "metrics:read"],
            "not_covered": ["networks, load balancers, images, traffic", "anything real: every row is synthetic"],
        },
        "settings_schema": {
            "type": "object",
            "properties": {"project": {"type": "string", "description": "name of the project, the account of its rows"}},
            "additionalProperties": False,
        },
        "secrets": [{"name": "token", "meaning": "API token of the project that may read", "required": True}],
    }
    cloud = Cloud()

    def check(self):
        return True, "the synthetic project %s" % self.project()

    def project(self):
        return self.settings.get("project", "default")

    def discover(self, scope, since):
        if scope["accounts"] and self.project() not in scope["accounts"]:
            return [], []
        streams = [
            ("servers", "servers", "servers:list"),
            ("volumes", "volumes", "volumes:list"),
            ("metrics", "CPU of servers", "metrics:read"),
            ("prices", "prices of machines and volumes", ""),
            ("catalog", "facts of machines", ""),
        ]
        return [
            {"id": id, "what": what, "account": self.project(), "permission": permission}
            for id, what, permission in streams
        ], []

    def server(self, server):
        return "resources", {
            "provider": "nimbus",
            "account": self.project(),
            "region": server["location"],
            "type": "instance",
            "id": str(server["id"]),
            "name": server["name"],
            "sku": server["server_type"],
            "state": server["status"],
            "created": server["created"],
            "attributes": {"image": server["image"]},
            "tags": server["labels"],
        }

    def volume(self, volume):
        row = {
            "provider": "nimbus",
            "account": self.project(),
            "region": volume["location"],
            "type": "volume",
            "id": str(volume["id"]),
            "name": volume["name"],
            "sku": "volume",
            "created": volume["created"],
            "attributes": {"size": str(volume["size"])},
            "tags": volume["labels"],
        }
        if volume["server"]:
            row["links"] = [{"kind": "attached-to", "id": str(volume["server"])}]
        return "resources", row

    def price(self, location, sku, price, unit):
        return "prices", {
            "provider": "nimbus",
            "region": location,
            "service": "compute" if unit == "Hrs" else "storage",
            "sku": sku,
            "offer": "on-demand",
            "price": price,
            "currency": "EUR",
            "unit": unit,
            "source": "synthetic",
        }

    def rows(self, stream, regions, since):
        """All rows of a stream in a fixed order."""
        if stream == "servers":
            found = (self.server(server) for server in self.cloud.servers())
        elif stream == "volumes":
            found = (self.volume(volume) for volume in self.cloud.volumes())
        elif stream == "metrics":
            return self.metrics(regions, since)
        elif stream == "prices":
            machines = (
                self.price(location, name, kind["hourly"], "Hrs")
                for location in LOCATIONS
                for name, kind in sorted(TYPES.items())
            )
            disks = (self.price(location, "volume", VOLUME_GIB_MONTH, "GiB-Mo") for location in LOCATIONS)
            found = [*machines, *disks]
        elif stream == "catalog":
            return [
                (
                    "catalog",
                    {
                        "provider": "nimbus",
                        "sku": name,
                        "family": "nx",
                        "vcpu": str(kind["cores"]),
                        "memory_gib": str(kind["memory"]),
                        "arch": "x86_64",
                    },
                )
                for name, kind in sorted(TYPES.items())
            ]
        else:
            raise Refusal("config", "there is no stream " + stream, hint="ask discover which there are")
        return [(kind, row) for kind, row in found if not regions or row["region"] in regions]

    def metrics(self, regions, since):
        """A day of hourly CPU, from `since` on."""
        day = (since or "2026-03-01T00:00:00Z")[:10]
        return [
            (
                "metrics",
                {
                    "time": "%sT%02d:00:00Z" % (day, hour),
                    "provider": "nimbus",
                    "resource": str(server["id"]),
                    "metric": "cpu",
                    "statistic": "average",
                    "value": "%d.%d" % ((server["id"] * 7 + hour * 3) % 90, hour % 10),
                    "unit": "percent",
                },
            )
            for server in self.cloud.servers()
            if not regions or server["location"] in regions
            for hour in range(24)
        ]

    def read(self, params, size):
        """The state is the number of rows before: the made-up cloud does not change. A real one gives a cursor."""
        state = params["state"]
        if state is not None and not state.isdigit():
            raise Refusal("data", "the state %s is none of this plugin" % state)
        rows = self.rows(params["stream"], params["scope"]["regions"], params["window"]["from"])
        for start in range(int(state or 0), len(rows), size):
            batch = {}
            for kind, row in rows[start:start + size]:
                batch.setdefault(kind, []).append(row)
            yield batch, str(min(start + size, len(rows)))


if __name__ == "__main__":
    sys.exit(Nimbus().main())
