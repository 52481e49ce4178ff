"""A Kubernetes API server of our own, over TLS, with something of every kind.

Objects are generated here, to the shapes of the Kubernetes API reference. It pages by `limit` and `continue`, lets
tokens go stale once (410), asks for a client certificate, a token or a password, and obeys a ClusterRole. Prints one
JSON line: where it is, kubeconfigs, and what the `kubernetes` client library reads over the same connection. Lines on
standard input are ClusterRoles to obey from then on.
"""

import base64
import datetime
import http.server
import ipaddress
import json
import os
import signal
import ssl
import sys
import tempfile
import threading
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TEMPORARY = tempfile.TemporaryDirectory()
FOLDER = TEMPORARY.name
CREATED = "2026-01-02T03:04:05Z"


def meta(name, namespace=None, labels=None, owner=None):
    result = {"name": name, "uid": f"uid-{namespace or ''}-{name}-{len(labels or {})}", "creationTimestamp": CREATED}
    if namespace:
        result["namespace"] = namespace
    if labels is not None:
        result["labels"] = labels
    if owner:
        version, kind, owner_name = owner
        result["ownerReferences"] = [
            {"apiVersion": "v1", "kind": "Other", "name": "no", "uid": "u0"},
            {"apiVersion": version, "kind": kind, "name": owner_name, "uid": "u1", "controller": True},
        ]
    return result


def node(index, provider_id, ready="True"):
    return {
        "metadata": meta(
            f"node-{index}",
            labels={
                "node.kubernetes.io/instance-type": "m5.xlarge",
                "topology.kubernetes.io/region": "eu-west-1",
                "topology.kubernetes.io/zone": f"eu-west-1{'abc'[index % 3]}",
                "empty": "",
            },
        ),
        "spec": {"providerID": provider_id, "taints": [{"key": "gpu", "value": "yes", "effect": "NoSchedule"}]}
        | ({"unschedulable": True} if index == 1 else {}),
        "status": {
            "capacity": {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1", "pods": "58"},
            "allocatable": {"cpu": "3920m", "memory": "15Gi", "nvidia.com/gpu": "1", "pods": "58"},
            "conditions": [{"type": "MemoryPressure", "status": "False"}, {"type": "Ready", "status": ready}],
            "nodeInfo": {
                "kubeletVersion": "v1.31.0", "osImage": "Linux", "architecture": "amd64", "operatingSystem": "linux",
                "containerRuntimeVersion": "containerd://1.7", "bootID": "b", "kernelVersion": "6.1",
                "kubeProxyVersion": "v1.31.0", "machineID": "m", "systemUUID": "s",
            },
        },
    }


def container(name, cpu="250m", memory="256Mi", limits=None):
    return {
        "name": name, "image": f"registry.example/{name}:1",
        "resources": {"requests": {"cpu": cpu, "memory": memory}, "limits": limits or {"memory": "512Mi"}},
    }


def pod(name, namespace, owner, node_name, phase="Running", extra=None):
    spec = {
        "nodeName": node_name, "restartPolicy": "Always", "containers": [container("app"), container("side", "1", "1Gi")],
        "initContainers": [container("setup", "10m", "8Mi")],
        "volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}, {"name": "e", "emptyDir": {}}],
    }
    status = {
        "phase": phase, "qosClass": "Burstable", "startTime": CREATED,
        "containerStatuses": [
            {"name": "app", "restartCount": 3, "ready": True, "image": "i", "imageID": "d", "state": {"running": {}},
             "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137, "finishedAt": CREATED}}},
            {"name": "side", "restartCount": 0, "ready": False, "image": "i", "imageID": "d",
             "state": {"waiting": {"reason": "CrashLoopBackOff"}}},
        ],
    }
    if phase == "Pending":
        del spec["nodeName"], status["containerStatuses"]
    return {"metadata": meta(name, namespace, {"app": "web"}, owner), "spec": spec | (extra or {}), "status": status}


def template(cpu="250m"):
    return {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container("app", cpu), container("side")]}}


def estate(pods):
    selector = {"matchLabels": {"app": "web"}}
    replica = ("apps/v1", "ReplicaSet", "web-5d9")
    shop = [pod(f"web-5d9-{i:05}", "shop", replica, f"node-{i % 3}") for i in range(pods)]
    shop += [
        pod("db-0", "shop", ("apps/v1", "StatefulSet", "db"), "node-0"),
        pod("nightly-1-x", "shop", ("batch/v1", "Job", "nightly-1"), "node-1", "Succeeded"),
        pod("proxy-node-0", "kube-system", ("v1", "Node", "node-0"), "node-0"),
        pod("canary-1", "shop", ("argoproj.io/v1alpha1", "Rollout", "canary"), "node-2"),
        pod("alone", "shop", None, "", "Pending"),
    ]
    return {
        "/api/v1/namespaces": [
            {"metadata": meta(n, labels={"team": n}), "spec": {}, "status": {"phase": "Active"}}
            for n in ["shop", "kube-system"]
        ],
        "/api/v1/nodes": [
            node(0, "aws:///eu-west-1a/i-0aaa"), node(1, "aws:///eu-west-1b/i-0bbb", "Unknown"),
            node(2, "kind://docker/kind/kind-worker", "False"),
        ],
        "/api/v1/pods": shop,
        "/api/v1/persistentvolumes": [
            {"metadata": meta("pv-1"), "status": {"phase": "Bound"},
             "spec": {"capacity": {"storage": "100Gi"}, "storageClassName": "gp3", "volumeMode": "Filesystem",
                      "persistentVolumeReclaimPolicy": "Delete", "claimRef": {"namespace": "shop", "name": "data"},
                      "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": "vol-0123"}}},
            {"metadata": meta("pv-2"), "status": {"phase": "Released"},
             "spec": {"capacity": {"storage": "10Gi"}, "storageClassName": "standard",
                      "csi": {"driver": "pd.csi.storage.gke.io", "volumeHandle": "projects/p/zones/z/disks/d"}}},
            {"metadata": meta("pv-3"), "status": {"phase": "Available"},
             "spec": {"capacity": {"storage": "1Gi"},
                      "awsElasticBlockStore": {"volumeID": "aws://eu-west-1a/vol-0456"}}},
        ],
        "/api/v1/persistentvolumeclaims": [
            {"metadata": meta("data", "shop"), "status": {"phase": "Bound", "capacity": {"storage": "100Gi"}},
             "spec": {"storageClassName": "gp3", "volumeName": "pv-1",
                      "resources": {"requests": {"storage": "80Gi"}}}},
        ],
        "/api/v1/services": [
            {"metadata": meta("web", "shop"), "spec": {"type": "LoadBalancer", "selector": {"app": "web", "a": "b"},
             "clusterIP": "10.0.0.1"},
             "status": {"loadBalancer": {"ingress": [{"hostname": "x.elb.amazonaws.com"}, {"ip": "1.2.3.4"}]}}},
            {"metadata": meta("inner", "shop"), "spec": {"type": "ClusterIP"}, "status": {"loadBalancer": {}}},
        ],
        "/apis/apps/v1/deployments": [
            {"metadata": meta("web", "shop"), "status": {"readyReplicas": pods},
             "spec": {"replicas": pods, "selector": selector, "strategy": {"type": "RollingUpdate"},
                      "template": template()}},
        ],
        "/apis/apps/v1/replicasets": [
            {"metadata": meta("web-5d9", "shop", owner=("apps/v1", "Deployment", "web")),
             "spec": {"selector": selector}, "status": {"replicas": pods}},
        ],
        "/apis/apps/v1/statefulsets": [
            {"metadata": meta("db", "shop"), "status": {"replicas": 1, "readyReplicas": 1},
             "spec": {"replicas": 1, "selector": selector, "serviceName": "db", "template": template("2")}},
        ],
        "/apis/apps/v1/daemonsets": [
            {"metadata": meta("agent", "kube-system"), "spec": {"selector": selector, "template": template("50m")},
             "status": {"desiredNumberScheduled": 3, "numberReady": 2, "currentNumberScheduled": 3,
                        "numberMisscheduled": 0}},
        ],
        "/apis/batch/v1/jobs": [
            {"metadata": meta("nightly-1", "shop", owner=("batch/v1", "CronJob", "nightly")),
             "spec": {"completions": 1, "template": template("3")},
             "status": {"succeeded": 1, "startTime": CREATED, "completionTime": CREATED}},
        ],
        "/apis/batch/v1/cronjobs": [
            {"metadata": meta("nightly", "shop"), "status": {"lastScheduleTime": CREATED},
             "spec": {"schedule": "0 1 * * *", "jobTemplate": {"spec": {"template": template("3")}}}},
        ],
        "/apis/autoscaling/v2/horizontalpodautoscalers": [
            {"metadata": meta("web", "shop"),
             "spec": {"minReplicas": 2, "maxReplicas": 20,
                      "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
                      "metrics": [{"type": "Resource", "resource": {
                          "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}}]},
             "status": {"currentReplicas": 3, "desiredReplicas": 3, "conditions": []}},
        ],
    }


class Server:
    def __init__(self, pods):
        self.objects = estate(pods)
        self.role = None
        self.stale = {"/api/v1/pods"}
        self.tokens = {"token-marked-secret", "exec-marked-secret"}
        self.asked = []
        self.accepts = {}

    def allows(self, path):
        if self.role is None:
            return True
        if path == "/version":
            return any(path in rule.get("nonResourceURLs", []) for rule in self.role["rules"])
        parts = path.split("/")
        group, resource = ("", parts[3]) if parts[1] == "api" else (parts[2], parts[4])
        return any(
            group in rule.get("apiGroups", []) and resource in rule.get("resources", []) and "list" in rule["verbs"]
            for rule in self.role["rules"]
        )

    def answer(self, path, query):
        self.asked.append(path)
        if not self.allows(path):
            resource = path.split("/")[-1]
            return 403, status(403, "Forbidden", f'User "x" cannot list resource "{resource}" at the cluster scope')
        if path == "/version":
            return 200, {"major": "1", "minor": "31", "gitVersion": "v1.31.0", "platform": "linux/amd64",
                         "gitCommit": "c", "gitTreeState": "t", "buildDate": "d", "goVersion": "g", "compiler": "gc"}
        objects = self.objects.get(path)
        if objects is None:
            return 404, "404 page not found"
        start = int(query.get("continue", ["0"])[0])
        if start > 0 and path in self.stale:
            self.stale.discard(path)
            return 410, status(410, "Expired", "The provided continue parameter is too old")
        count = int(query.get("limit", [len(objects)])[0])
        following = start + count
        metadata = {"resourceVersion": "7"}
        if following < len(objects):
            metadata |= {"continue": str(following), "remainingItemCount": len(objects) - following}
        return 200, {"kind": "List", "apiVersion": "v1", "metadata": metadata, "items": objects[start:following]}


def status(code, reason, message):
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": code,
            "reason": reason, "message": message}


def handler(server):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            url = urllib.parse.urlsplit(self.path)
            given = self.headers.get("Authorization", "")
            certificate = self.connection.getpeercert() if hasattr(self.connection, "getpeercert") else None
            basic = "Basic " + base64.b64encode(b"user:password-marked-secret").decode()
            if not certificate and given != basic and given.removeprefix("Bearer ") not in server.tokens:
                code, body = 401, status(401, "Unauthorized", "Unauthorized")
            else:
                server.accepts[url.path] = self.headers.get("Accept", "")
                code, body = server.answer(url.path, urllib.parse.parse_qs(url.query))
            data = (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(code)
            self.send_header("Content-Type", "text/plain" if isinstance(body, str) else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler


def certificate(name, issuer=None, client=False):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder().subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer:
        usage = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
    made = builder.sign(issuer[1] if issuer else key, hashes.SHA256())
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                               serialization.NoEncryption())
    return made, key, pem, secret


def write(name, data, mode=0o600):
    path = os.path.join(FOLDER, name)
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)
    return path


def kubeconfig(url, authority, other, client):
    def text(data):
        return base64.b64encode(data).decode()

    cluster = {"server": url, "certificate-authority-data": text(authority)}
    program = write("login.sh", (
        "#!/bin/sh\ncase \"$KUBERNETES_EXEC_INFO\" in *ExecCredential*) ;; *) exit 3 ;; esac\n"
        "echo '{\"kind\": \"ExecCredential\", \"status\": {\"token\": \"'\"$1-$MARK\"'\"}}'\n").encode(), 0o700)
    users = {
        "certificate": {"client-certificate-data": text(client[2]), "client-key-data": text(client[3])},
        "files": {"client-certificate": "client.pem", "client-key": "client.key"},
        "token": {"token": "token-marked-secret"},
        "token-file": {"tokenFile": "token"},
        "basic": {"username": "user", "password": "password-marked-secret"},
        "exec": {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "./login.sh", "args": ["exec"],
                          "env": [{"name": "MARK", "value": "marked-secret"}], "interactiveMode": "Never"}},
        "wrong": {"token": "wrong-marked-secret"},
        "old": {"auth-provider": {"name": "oidc"}},
    }
    write("client.pem", client[2])
    write("client.key", client[3])
    write("token", b"token-marked-secret\n")
    write("ca.pem", authority)
    contexts = [{"name": name, "context": {"cluster": "files" if name == "files" else "main", "user": name}}
                for name in users]
    contexts += [
        {"name": "stranger", "context": {"cluster": "stranger", "user": "token"}},
        {"name": "gone", "context": {"cluster": "gone", "user": "token"}},
        {"name": "blind", "context": {"cluster": "blind", "user": "token"}},
    ]
    clusters = {
        "main": cluster, "files": {"server": url, "certificate-authority": "ca.pem"},
        "stranger": {"server": url, "certificate-authority-data": text(other)},
        "blind": {"server": url, "insecure-skip-tls-verify": True},
        "gone": {"server": "https://127.0.0.1:1"},
    }
    document = {
        "apiVersion": "v1", "kind": "Config", "current-context": "certificate",
        "clusters": [{"name": name, "cluster": item} for name, item in clusters.items()],
        "users": [{"name": name, "user": user} for name, user in users.items()], "contexts": contexts,
    }
    import yaml

    return write("config", yaml.safe_dump(document, sort_keys=False).encode())


def listed(config):
    """What the client library reads."""
    from kubernetes import client, config as loader

    api = loader.new_client_from_config(config_file=config)
    core, apps, batch = client.CoreV1Api(api), client.AppsV1Api(api), client.BatchV1Api(api)
    scaling = client.AutoscalingV2Api(api)
    pods = []
    token = None
    while True:
        page = core.list_pod_for_all_namespaces(limit=300, **({"_continue": token} if token else {}))
        pods += page.items
        token = page.metadata._continue
        if not token:
            break
    ready = {"True": "Ready", "Unknown": "Unknown", "False": "NotReady"}
    workloads = {
        "deployment": apps.list_deployment_for_all_namespaces().items,
        "stateful-set": apps.list_stateful_set_for_all_namespaces().items,
        "daemon-set": apps.list_daemon_set_for_all_namespaces().items,
        "job": batch.list_job_for_all_namespaces().items,
        "cron-job": batch.list_cron_job_for_all_namespaces().items,
        "horizontal-pod-autoscaler": scaling.list_horizontal_pod_autoscaler_for_all_namespaces().items,
        "persistent-volume": core.list_persistent_volume().items,
        "persistent-volume-claim": core.list_persistent_volume_claim_for_all_namespaces().items,
        "namespace": core.list_namespace().items,
        "service": [s for s in core.list_service_for_all_namespaces().items if s.spec.type == "LoadBalancer"],
    }
    return {
        "nodes": {
            n.metadata.name: {
                "uid": n.metadata.uid, "sku": n.metadata.labels["node.kubernetes.io/instance-type"],
                "zone": n.metadata.labels["topology.kubernetes.io/zone"], "tags": n.metadata.labels,
                "state": next(ready[c.status] for c in n.status.conditions if c.type == "Ready"),
                "cpu": n.status.allocatable["cpu"], "gpu": n.status.capacity["nvidia.com/gpu"],
                "provider": n.spec.provider_id, "unschedulable": bool(n.spec.unschedulable),
            }
            for n in core.list_node().items
        },
        "pods": {
            f"{p.metadata.namespace}/{p.metadata.name}": {
                "uid": p.metadata.uid, "state": p.status.phase, "node": p.spec.node_name or "",
                "created": p.metadata.creation_timestamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "containers": {
                    c.name: {"cpu": c.resources.requests["cpu"], "memory": c.resources.limits["memory"],
                             "restarts": next((str(s.restart_count) for s in p.status.container_statuses or []
                                               if s.name == c.name), "")}
                    for c in p.spec.containers + p.spec.init_containers
                },
            }
            for p in pods
        },
        "others": {f"{kind} {o.metadata.namespace or ''}/{o.metadata.name}": o.metadata.uid
                   for kind, items in workloads.items() for o in items},
    }


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = Server(int(sys.argv[1]) if len(sys.argv) > 1 else 1200)
    authority = certificate("authority")
    own, client = certificate("127.0.0.1", authority), certificate("reader", authority, client=True)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(server))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(write("own.pem", own[2]), write("own.key", own[3]))
    context.load_verify_locations(cadata=authority[2].decode())
    context.verify_mode = ssl.CERT_OPTIONAL
    web.socket = context.wrap_socket(web.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    plain = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(server))
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    url = f"https://127.0.0.1:{web.server_address[1]}"
    config = kubeconfig(url, authority[2], certificate("stranger")[2], client)
    stale, server.stale = server.stale, set()
    facts = listed(config)
    server.stale = stale
    server.asked.clear()
    print(json.dumps({"url": url, "plain": f"http://127.0.0.1:{plain.server_address[1]}", "config": config,
                      "listed": facts}), flush=True)
    for line in sys.stdin:
        if line.strip() == "asked":
            print(json.dumps({"asked": server.asked, "accepts": server.accepts}), flush=True)
        else:
            server.role = json.loads(line) or None
            print("{}", flush=True)


main()
