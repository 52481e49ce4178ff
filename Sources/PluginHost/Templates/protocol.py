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
