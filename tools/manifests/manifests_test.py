import copy
import tempfile
import unittest
from pathlib import Path
from typing import Any, Callable

from . import ROOT, Object, edge, references, rendering, rules, schema, tls
from .__main__ import of_objects

KUBECTL = rendering.find_kubectl()
PRODUCTION = rendering.Variant("production")
GATEWAY, SYNC, RATELIMIT = (("Deployment", f"tidemark-{name}") for name in ("gateway", "sync", "ratelimit"))
MIGRATION, PURGE = ("Job", "tidemark-migrate-sync"), ("CronJob", "tidemark-purge")
Overlay = dict[tuple[str, str], Object]


def pod(thing: Object) -> dict[str, Any]:
    spec = thing["spec"]
    return (spec["jobTemplate"]["spec"] if thing["kind"] == "CronJob" else spec)["template"]["spec"]


def container(thing: Object) -> dict[str, Any]:
    return pod(thing)["containers"][0]


def policy(overlay: Overlay, name: str) -> dict[str, Any]:
    return overlay["NetworkPolicy", name]["spec"]


def routes(overlay: Overlay) -> list[dict[str, Any]]:
    return overlay["Ingress", "tidemark-grpc"]["spec"]["rules"][0]["http"]["paths"]


def annotations(overlay: Overlay) -> dict[str, str]:
    return overlay["Ingress", "tidemark-grpc"]["metadata"]["annotations"]


def setting(overlay: Overlay, process: str) -> dict[str, str]:
    return next(thing["data"] for (kind, name), thing in overlay.items()
                if kind == "ConfigMap" and name.startswith(f"tidemark-{process}-"))


def gateway_calls_redis(overlay: Overlay) -> None:
    policy(overlay, "to-redis")["podSelector"]["matchExpressions"][0]["values"].append("tidemark-gateway")


def sync_lets_anybody_in(overlay: Overlay) -> None:
    del policy(overlay, "tidemark-sync")["ingress"][0]["from"]


def another_namespace_calls_auth(overlay: Overlay) -> None:
    policy(overlay, "tidemark-auth")["ingress"][0]["from"].append({"namespaceSelector": {}})


def redis_is_anywhere(overlay: Overlay) -> None:
    policy(overlay, "to-redis")["egress"][0]["to"] = [{"ipBlock": {"cidr": "0.0.0.0/0"}}]


def a_sidecar_runs_as_root(overlay: Overlay) -> None:
    pod(overlay[SYNC])["initContainers"] = [copy.deepcopy(container(overlay[SYNC])) | {"name": "first"}]
    pod(overlay[SYNC])["initContainers"][0]["securityContext"]["runAsUser"] = 0


# What is said, and what is done to production's objects so that it has to be.
PLANTED: tuple[tuple[str, Callable[[Overlay], Any]], ...] = (
    ("tidemark-sync: may run as root", lambda o: pod(o[SYNC])["securityContext"].update(runAsNonRoot=False)),
    ("tidemark-purge: may run as root", lambda o: pod(o[PURGE])["securityContext"].update(runAsUser=0)),
    ("tidemark-sync, first: may run as root", a_sidecar_runs_as_root),
    ("tidemark-migrate-sync: its seccomp profile", lambda o: pod(o[MIGRATION])["securityContext"].pop("seccompProfile")),
    ("tidemark-sync, sync: its seccomp profile",
     lambda o: container(o[SYNC])["securityContext"].update(seccompProfile={"type": "Unconfined"})),
    ("tidemark-sync: shares the node's: hostNetwork", lambda o: pod(o[SYNC]).update(hostNetwork=True)),
    ("limits is a folder of the node", lambda o: pod(o[SYNC])["volumes"][-1].update(hostPath={"path": "/"})),
    ("tidemark-sync: has no service account", lambda o: pod(o[SYNC]).pop("serviceAccountName")),
    ("tidemark-purge: gets a token", lambda o: pod(o[PURGE]).pop("automountServiceAccountToken")),
    ("tidemark-sync: gets a token", lambda o: o["ServiceAccount", "tidemark-sync"].pop("automountServiceAccountToken")),
    ("tidemark-sync: gets variables", lambda o: pod(o[SYNC]).pop("enableServiceLinks")),
    ("tidemark-sync, sync: is privileged", lambda o: container(o[SYNC])["securityContext"].update(privileged=True)),
    ("tidemark-sync, sync: may gain privileges",
     lambda o: container(o[SYNC])["securityContext"].pop("allowPrivilegeEscalation")),
    ("tidemark-sync, sync: may write to its root",
     lambda o: container(o[SYNC])["securityContext"].pop("readOnlyRootFilesystem")),
    ("tidemark-sync, sync: keeps capabilities", lambda o: container(o[SYNC])["securityContext"].pop("capabilities")),
    ("tidemark-sync, sync: keeps capabilities",
     lambda o: container(o[SYNC])["securityContext"]["capabilities"].update(add=["NET_ADMIN"])),
    ("takes port 80 of the node", lambda o: container(o[GATEWAY])["ports"][0].update(hostPort=80)),
    ("may be another image tomorrow", lambda o: container(o[SYNC]).update(image="registry.example:5000/tidemark-sync")),
    ("may be another image tomorrow", lambda o: container(o[SYNC]).update(image="tidemark-sync:latest")),
    ("no limits of memory", lambda o: container(o[SYNC])["resources"]["limits"].pop("memory")),
    ("no limits of cpu", lambda o: container(o[SYNC])["resources"]["limits"].pop("cpu")),
    ("no requests of cpu", lambda o: container(o[PURGE])["resources"]["requests"].pop("cpu")),
    ("tidemark-sync, sync: Redis may evict a fence",
     lambda o: container(o[SYNC]).update(args=["redis-server", "--maxmemory-policy", "allkeys-lru"])),
    ("no livenessProbe", lambda o: container(o[SYNC]).pop("livenessProbe")),
    ("no readinessProbe", lambda o: container(o[SYNC]).pop("readinessProbe")),
    ("tidemark-sync: is killed before 31 s", lambda o: pod(o[SYNC]).update(terminationGracePeriodSeconds=24)),
    ("tidemark-gateway: is killed before 30 s", lambda o: pod(o[GATEWAY]).update(terminationGracePeriodSeconds=29)),
    ("a handover of 500ms is over", lambda o: setting(o, "common").update(TIDEMARK_HANDOVER="500ms")),
    ("a replica may go before another", lambda o: o[SYNC]["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1)),
    ("knows PostgreSQL's owner",
     lambda o: container(o[SYNC])["env"].append(container(o[MIGRATION])["env"][0])),
    ("Pod Security is not enforced", lambda o: o["Namespace", "tidemark"]["metadata"]["labels"].update(
        {"pod-security.kubernetes.io/enforce": "baseline"})),
    ("ConfigMap tidemark-dashboard: is in no namespace",
     lambda o: o["ConfigMap", "tidemark-dashboard"]["metadata"].pop("namespace")),

    ("no volume limits", lambda o: pod(o[SYNC])["volumes"].clear()),
    ("no ConfigMap nobody", lambda o: pod(o[SYNC])["volumes"][0].update(configMap={"name": "nobody"})),
    ("no Secret nobody", lambda o: pod(o[SYNC])["volumes"].append({"name": "more", "secret": {"secretName": "nobody"}})),
    ("no ConfigMap nobody", lambda o: container(o[SYNC])["envFrom"].append({"configMapRef": {"name": "nobody"}})),
    ("no url in a Secret tidemark-redis", lambda o: o.pop(("ExternalSecret", "tidemark-redis"))),
    ("tidemark-sync has no setting TIDEMARK_SERVICE_TOKENS",
     lambda o: container(o[SYNC])["env"].append({"name": "TIDEMARK_SERVICE_TOKENS", "value": "x"})),
    ("no Service answers at tidemark-auth:50051",
     lambda o: setting(o, "gateway").update(TIDEMARK_AUTH_ADDRESS="tidemark-auth:50051")),
    ("no Service answers at nobody:1", lambda o: setting(o, "gateway").update(TIDEMARK_AUTH_ADDRESS="nobody:1")),
    ("no file /etc/tidemark/limits/none", lambda o: setting(o, "sync").update(TIDEMARK_LIMITS_FILE="/etc/tidemark/limits/none")),
    ("Service tidemark-sync: nobody is behind it", lambda o: o.pop(SYNC)),
    ("has no port rpc", lambda o: o["Service", "tidemark-sync"]["spec"]["ports"][0].update(targetPort="rpc")),
    ("no Service tidemark-gateway", lambda o: o.pop(("Service", "tidemark-gateway"))),
    ("tidemark-sync lists replicas that are not ready",
     lambda o: routes(o)[0]["backend"]["service"].update(name="tidemark-sync")),
    ("grpc.tidemark.example has no TLS", lambda o: o["Ingress", "tidemark-grpc"]["spec"].pop("tls")),
    ("tidemark-sync: may have one replica alone", lambda o: o.pop(("HorizontalPodAutoscaler", "tidemark-sync"))),
    ("tidemark-sync: may have one replica alone",
     lambda o: o["HorizontalPodAutoscaler", "tidemark-sync"]["spec"].update(minReplicas=1)),
    ("tidemark-sync: says how many replicas", lambda o: o[SYNC]["spec"].update(replicas=3)),
    ("tidemark-sync: has no PodDisruptionBudget", lambda o: o.pop(("PodDisruptionBudget", "tidemark-sync"))),
    ("its replicas may all be in one place", lambda o: pod(o[SYNC])["topologySpreadConstraints"].pop()),
    ("HorizontalPodAutoscaler tidemark-ratelimit: scales nothing", lambda o: o.pop(RATELIMIT)),

    ("what none is about is allowed", lambda o: o.pop(("NetworkPolicy", "nobody-calls-anybody"))),
    ("gateway → redis:6379 is allowed, and ARCHITECTURE.md has no such arrow", gateway_calls_redis),
    ("anybody → sync:50051 is allowed", sync_lets_anybody_in),
    ("anybody → auth:50052 is allowed", another_namespace_calls_auth),
    ("sync → anybody:6379 is allowed", redis_is_anywhere),
    ("gateway → sync:50051 is let in and may not be sent", lambda o: policy(o, "tidemark-gateway")["egress"].pop(0)),
    ("gateway → sync:50051 may be sent and is not let in",
     lambda o: policy(o, "tidemark-sync")["ingress"][0]["from"].pop(1)),
    ("gateway → sync:50051 is an arrow of ARCHITECTURE.md, and not allowed",
     lambda o: policy(o, "tidemark-gateway")["egress"].pop(0)),
    ("prometheus → sync:admin is an arrow", lambda o: o.pop(("NetworkPolicy", "prometheus-reads-metrics"))),

    ("/tidemark.v1.SyncService/EraseUser (Exact, tidemark-sync-public) is no public rpc",
     lambda o: routes(o).append(routes(o)[0] | {"path": "/tidemark.v1.SyncService/EraseUser"})),
    ("/tidemark.v1.SyncService/Check (Prefix, tidemark-sync-public) is no public rpc",
     lambda o: routes(o)[0].update(pathType="Prefix")),
    ("/tidemark.v1.SyncService/Check is public and not there", lambda o: routes(o).pop(0)),

    ("tidemark-sync: calls tidemark-auth in plaintext", lambda o: setting(o, "sync").pop("TIDEMARK_PEER_CA_FILE")),
    ("tidemark-gateway: calls tidemark-sync by TLS", lambda o: setting(o, "sync").pop("TIDEMARK_TLS_CERT_FILE")),
    ("tidemark-grpc: calls tidemark-sync by TLS", lambda o: setting(o, "sync").pop("TIDEMARK_TLS_CERT_FILE")),
    ("tidemark-grpc: calls tidemark-auth in plaintext", lambda o: annotations(o).update({tls.PROTOCOL: "GRPC"})),
    ("tidemark-grpc: shows a certificate", lambda o: annotations(o).update({tls.CLIENT_CERTIFICATE: "tidemark/any"})),
    ("tidemark-sync: its readinessProbe speaks no TLS",
     lambda o: container(o[SYNC]).update(readinessProbe={"grpc": {"port": 50051}})),
)

# The same for the compiler of types.
OF_OTHER_TYPES: tuple[tuple[str, Callable[[Overlay], Any]], ...] = (
    ("Deployment tidemark-sync: TS2353", lambda o: pod(o[SYNC]).update(terminationGracePeriod=30)),
    ("Deployment tidemark-gateway: TS2322", lambda o: pod(o[GATEWAY]).update(terminationGracePeriodSeconds="30")),
    ("HorizontalPodAutoscaler tidemark-sync: TS2741",
     lambda o: o["HorizontalPodAutoscaler", "tidemark-sync"]["spec"].pop("maxReplicas")),
    ("PodMonitor tidemark: TS2353", lambda o: o["PodMonitor", "tidemark"]["spec"].update(jobLabels="x")),
    ("Gateway any: no types are known", lambda o: o.update({("Gateway", "any"): {
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "any"}}})),
)


@unittest.skipIf(KUBECTL is None, "no kubectl is new enough: the rules of the manifests are NOT tested")
class ManifestsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.production = rendering.render(KUBECTL, PRODUCTION)

    def planted(self, plant: Callable[[Overlay], Any]) -> list[Object]:
        overlay = {(thing["kind"], thing["metadata"]["name"]): thing for thing in copy.deepcopy(self.production)}
        plant(overlay)
        return list(overlay.values())

    def test_each_rule_finds_what_breaks_it(self):
        self.assertEqual(list(of_objects(self.production)), [])
        for number, (words, plant) in enumerate(PLANTED):
            with self.subTest(words, number=number):
                found = list(of_objects(self.planted(plant)))
                self.assertTrue(any(words in line for line in found), found)

    def test_the_compiler_finds_what_is_of_another_type(self):
        self.assertEqual(list(schema.violations(self.production)), [])
        for words, plant in OF_OTHER_TYPES:
            with self.subTest(words):
                found = list(schema.violations(self.planted(plant)))
                self.assertTrue(any(words in line for line in found), found)

    def test_what_kustomize_refuses_is_told(self):
        with self.assertRaisesRegex(rendering.NotBuilt, "nobody"):
            rendering.render(KUBECTL, rendering.Variant("production", ("nobody",)))


class SourcesTest(unittest.TestCase):
    def test_an_internal_rpc_is_not_public(self):
        public = {path for path, _ in edge.public_rpcs((edge.PROTOS / "sync.proto").read_text())}
        self.assertIn("/tidemark.v1.SyncService/GetUsage", public)
        self.assertNotIn("/tidemark.v1.SyncService/EraseUser", public)

    def test_settings_are_known_by_program(self):
        known = references.known_settings((ROOT / "docs" / "settings.md").read_text())
        self.assertIn("TIDEMARK_NEAR_CACHE", known["tidemark-sync"])
        self.assertNotIn("TIDEMARK_NEAR_CACHE", known["tidemark-auth"])

    def test_an_alert_that_changed_is_missed_in_the_prometheus_rule(self):
        self.assertEqual(list(rules.violations()), [])
        with tempfile.NamedTemporaryFile() as other:
            Path(other.name).write_text(rules.FILE.read_text().replace("TidemarkProcessDown", "TidemarkProcessUp"))
            self.assertNotEqual(list(rules.violations(Path(other.name))), [])
