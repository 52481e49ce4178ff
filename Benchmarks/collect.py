"""Collecting and plugins: what they cost beside what answers them.

1. An account of 10,000 instances and 20,000 volumes in moto: `plimsoll collect`, beside a bare client that makes the
   same requests; memory beside an account of a tenth.
2. CPU of a signed request: an account in which nothing is, on a server that answers at once.
3. Rows a second through the plugin protocol, into files: a plugin in Swift, one in Python.

`collect.py [INSTANCES] [ROWS]`. Wall clocks lie on shared machines: CPU seconds stand beside them."""
import http.client
import http.server
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PLIMSOLL = os.path.join(ROOT, ".build/release/plimsoll")
ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(), "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true",
}


def run(words, folder=None, **more):
    """Runs a program: wall and CPU seconds, MiB at most."""
    begin = time.monotonic()
    process = subprocess.Popen(
        words, cwd=folder, env=dict(ENVIRONMENT, **more), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 3):
        raise SystemExit("%s ended with %d: %s" % (words, code, error[-500:]))
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def lines(path):
    with open(path) as file:
        return sum(1 for _ in file)


class Recorder(http.server.BaseHTTPRequestHandler):
    """Hands requests on to `target` and remembers them; without one, answers that there is nothing."""

    protocol_version = "HTTP/1.1"
    target = None
    kept = []

    def log_message(self, *_):
        pass

    def do_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {key: value for key, value in self.headers.items() if key.lower() != "connection"}
        self.kept.append((self.command, self.path, headers, body))
        if self.target:
            status, data, kind = ask(self.target, (self.command, self.path, headers, body))
        else:
            is_json = "x-amz-json" in self.headers.get("Content-Type", "") or self.command == "GET" and "xml" not in self.path
            data, kind = (b"{}", "application/json") if is_json else (EMPTY, "text/xml")
            status = 200
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_HEAD = do_any


EMPTY = b"<R><GetCallerIdentityResult><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/x</Arn></GetCallerIdentityResult><requestId>r</requestId></R>"
local = threading.local()


def ask(address, request):
    """A request on a connection of this thread that is kept."""
    command, path, headers, body = request
    for last in (False, True):
        if getattr(local, "address", None) != address:
            local.address, local.connection = address, http.client.HTTPConnection(*address, timeout=600)
        try:
            local.connection.request(command, path, body, headers)
            answer = local.connection.getresponse()
            return answer.status, answer.read(), answer.getheader("Content-Type", "")
        except (http.client.HTTPException, OSError):
            local.address = None
            if last:
                raise


def serve(target=None):
    handler = type("Handler", (Recorder,), {"target": target, "kept": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, handler


# Runs in a process of its own, so that its time is its own.
ESTATE = """
import os, sys
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "inf"
import boto3
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
ec2 = boto3.client("ec2", endpoint_url="http://%s:%d" % (host, port), region_name="us-east-1",
                   aws_access_key_id="testing", aws_secret_access_key="testing")
image = ec2.describe_images()["Images"][0]["ImageId"]
left = int(sys.argv[1])
from moto.ec2.models import ec2_backends
backend = ec2_backends["123456789012"]["us-east-1"]
while left:
    some = min(left, 500)
    ec2.run_instances(ImageId=image, MinCount=some, MaxCount=some, InstanceType="m5.large",
                      TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "shop"}]}])
    left -= some
for number in range(int(sys.argv[1])):
    backend.create_volume(size=20, zone_name="us-east-1a", volume_type="gp3")
print(port, flush=True)
sys.stdin.read()
"""


def estate(instances):
    process = subprocess.Popen(
        [sys.executable, "-c", ESTATE, str(instances)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL)
    port = process.stdout.readline().strip()
    if not port:
        raise SystemExit("moto did not start")
    return process, ("127.0.0.1", int(port))


def collect(address, folder, **more):
    return run([PLIMSOLL, "collect", "--provider", "aws", "--regions", "us-east-1", "--endpoint",
                "http://%s:%d" % address, "--out", folder, "--quiet"], **more)


def account(instances):
    process, address = estate(instances)
    with tempfile.TemporaryDirectory() as scratch:
        server, handler = serve(address)
        collect(server.server_address, scratch + "/first")
        requests = handler.kept
        bare, ours = [], []
        for round in range(3 if instances <= 2_000 else 1):
            begin = time.monotonic()
            for request in requests:
                ask(address, request)
            bare.append(time.monotonic() - begin)
            ours.append(collect(address, "%s/%d" % (scratch, round)))
        resources = lines(scratch + "/0/resources.jsonl")
        server.shutdown()
    process.stdin.close()
    process.wait()
    wall, processor, memory = sorted(ours)[len(ours) // 2]
    return {"instances": instances, "resources": resources, "requests": len(requests), "bare": sorted(bare)[len(bare) // 2],
            "wall": wall, "cpu": processor, "memory": memory}


def signed():
    server, handler = serve()
    with tempfile.TemporaryDirectory() as scratch:
        words = [PLIMSOLL, "collect", "--provider", "aws", "--endpoint", "http://%s:%d" % server.server_address, "--quiet"]
        _, few, _ = run(words + ["--regions", "r0", "--out", scratch + "/few"])
        first = len(handler.kept)
        regions = ",".join("r%d" % number for number in range(40))
        _, many, _ = run(words + ["--regions", regions, "--out", scratch + "/many"])
        count = len(handler.kept) - first
    server.shutdown()
    return count, (many - few) / (count - first) * 1000


def python_plugin(folder):
    """The scaffold's provider with other rows."""
    subprocess.run([PLIMSOLL, "plugin", "new", "stream-python", "--language", "python", "--kind", "provider"],
                   cwd=folder, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    path = os.path.join(folder, "stream-python/stream-python.py")
    if not os.path.exists(path):
        path = os.path.join(folder, "stream-python/stream_python.py")
    text = open(path).read()
    protocol = text[:text.index("# ---- End of the protocol. ----")]
    open(path, "w").write(protocol + '''
class Streaming(Plugin):
    manifest = {"name": "stream-python", "version": "1.0.0", "kind": "provider", "capabilities": ["metrics"],
                "provider": {"id": "stream-python", "title": "Stream", "permissions": [], "not_covered": []},
                "secrets": [], "settings_schema": {"type": "object", "properties": {}, "additionalProperties": False}}

    def check(self):
        return True, "made up"

    def discover(self, scope, since):
        return [{"id": "metrics", "what": "metrics", "account": "", "region": "", "permission": ""}], []

    def read(self, params, size):
        rows, number = int(os.environ.get("STREAM_ROWS", "1000000")), int(params["state"] or 0)
        while number < rows:
            end = min(number + min(size, 1000), rows)
            batch = [{"time": "2026-01-%02dT%02d:00:00Z" % (each % 14 + 1, each % 24), "provider": "stream-python",
                      "resource": "server-%d" % (each // 336), "metric": "cpu", "statistic": "average",
                      "value": "%g" % (each % 100 / 2), "unit": "percent"} for each in range(number, end)]
            yield {"metrics": batch}, str(end)
            number = end


sys.exit(Streaming().main())
''')
    return path


def stream(name, path, folder, rows):
    subprocess.run([PLIMSOLL, "plugin", "add", path, "--env", "STREAM_ROWS"], cwd=folder,
                   env=dict(ENVIRONMENT, STREAM_ROWS=str(rows)), check=True, stdout=subprocess.DEVNULL)
    wall, processor, memory = run(
        [PLIMSOLL, "collect", "--provider", name, "--out", os.path.join(folder, "out-" + name), "--quiet"], folder,
        STREAM_ROWS=str(rows))
    count = lines(os.path.join(folder, "out-%s/metrics.csv" % name)) - 1
    if count != rows:
        raise SystemExit("%s gave %d rows, not %d" % (name, count, rows))
    return rows / wall, processor, memory


def main():
    instances = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    if "stream" not in sys.argv:
        for count in (instances // 10, instances):
            found = account(count)
            print("{instances:6d} instances, {resources} resources, {requests} requests: bare client {bare:.2f} s, "
                  "collect {wall:.2f} s (CPU {cpu:.2f} s, {memory:.0f} MiB)".format(**found)
                  + "  ratio %.2f (asked 1.2)" % (found["wall"] / found["bare"]), flush=True)
        count, each = signed()
        print("%d signed requests: %.2f ms of CPU each (asked 2)" % (count, each), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        swift = os.path.join(ROOT, "Benchmarks/.build/release/stream-plugin")
        for name, path, asked in (("stream-swift", swift, 100_000), ("stream-python", python_plugin(folder), 30_000)):
            rate, processor, memory = stream(name, path, folder, rows)
            print("%s: %s rows, %s rows/s (asked %s), host and files %.1f s of CPU, %.0f MiB"
                  % (name, f"{rows:,}", f"{rate:,.0f}", f"{asked:,}", processor, memory), flush=True)


main()
