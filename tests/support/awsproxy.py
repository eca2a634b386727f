#!/usr/bin/env python3
"""Fault-injecting reverse proxy between an AWS client and an AWS emulator.

    client --AWS_ENDPOINT_URL=http://127.0.0.1:PORT--> awsproxy --> emulator

Standard library only.  Loopback only: it refuses to listen on, or forward to,
anything but 127.0.0.0/8.

Every option can be given on the command line or, while the proxy runs, as JSON
to POST /_proxy/config (same names, dashes or underscores):

  --latency-ms A --jitter-ms B   wait A +- B ms (uniform) before forwarding
  --throttle-rate P              throttle a fraction P of the calls
  --throttle S=RATE:BURST        token bucket for service S (repeatable; '*' = each other service)
  --error-rate P                 answer P of the calls with a 500 or 503, not forwarded
  --lost-rate P                  forward, then cut the connection: outcome unknown to the client
  --reset-rate P                 cut the connection without forwarding
  --fault-only mutating|read|all which calls random faults may hit (default all)
  --fault-services a,b           restrict random faults to these services
  --ec-ms N --ec-actions LIST    reads in LIST of a thing created < N ms ago answer not-found;
                                 LIST: service:Action[=ErrorCode],... or 'default'
  --freeze-at N --freeze-mode before|after
                                 at the Nth mutating call everything stops: no call is
                                 forwarded and no answer is given, until /_proxy/release.
                                 'before': the Nth call has not reached the emulator;
                                 'after': the emulator has carried it out, the answer is held.
  --log FILE                     one JSON line per call

Random fates depend only on (seed, service, action, how-manieth call of that
action), so a run is repeatable however the client interleaves its calls.

Control (same port): GET /_proxy/summary, GET /_proxy/frozen?wait=S,
POST /_proxy/config, POST /_proxy/reset (counters), POST /_proxy/release?drop=1
(drop: calls held by the freeze are discarded, never forwarded).
"""
import argparse
import asyncio
import hashlib
import ipaddress
import json
import re
import signal
import sys
import time
from urllib.parse import parse_qs, urlsplit

READ_VERBS = (
    "Get", "List", "Describe", "Head", "Lookup", "Search", "Query", "Scan", "BatchGet",
    "Select", "Assume", "Decode", "Simulate", "Validate", "Check", "Test", "Filter",
    "Preview", "Estimate", "Receive",
)
CREATE_VERBS = ("Create", "Allocate", "Run", "Put", "Register", "Request", "Import", "Authorize")
REST_WORDS = set(
    "functions policy tags versions aliases concurrency code configuration restapis resources "
    "methods integration responses deployments stages authorizers models usageplans apikeys apis "
    "routes integrations hostedzone rrset change distribution invalidation clusters node-groups "
    "fargate-profiles addons updates v1 v2 domains event-source-mappings layers backup-vaults "
    "backup plans groups schedules schedule-groups pipes file-systems mount-targets "
    "access-points jobs queues ping accounts delete-tag get-tags".split()
)
EC_DEFAULT = {
    "ec2:DescribeVpcs": "InvalidVpcID.NotFound",
    "ec2:DescribeSubnets": "InvalidSubnetID.NotFound",
    "ec2:DescribeSecurityGroups": "InvalidGroup.NotFound",
    "ec2:DescribeInternetGateways": "InvalidInternetGatewayID.NotFound",
    "ec2:DescribeRouteTables": "InvalidRouteTableID.NotFound",
    "ec2:DescribeAddresses": "InvalidAllocationID.NotFound",
    "ec2:DescribeVolumes": "InvalidVolume.NotFound",
    "iam:GetRole": "NoSuchEntity",
    "iam:GetRolePolicy": "NoSuchEntity",
    "iam:GetPolicy": "NoSuchEntity",
    "dynamodb:DescribeTable": "ResourceNotFoundException",
    "secretsmanager:DescribeSecret": "ResourceNotFoundException",
    "sqs:GetQueueAttributes": "QueueDoesNotExist",
    "kms:DescribeKey": "NotFoundException",
    "ecr:DescribeRepositories": "RepositoryNotFoundException",
}
ID_RE = re.compile(rb"\b[a-z]{2,12}-[0-9a-f]{8,17}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
NAME_KEYS = ("RoleName", "PolicyName", "TableName", "QueueName", "Name", "repositoryName", "FunctionName", "InstanceProfileName")


def loopback(host):
    return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host).is_loopback


class Call:
    __slots__ = ("method", "target", "headers", "body", "service", "action", "proto", "mutating", "params", "n", "region")

    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.params = {}
        self.n = 0
        self.service, self.region = credential_scope(headers.get("authorization", ""), target)
        self.action, self.proto = self._action()
        if self.proto in ("rest-json", "rest-xml"):
            self.mutating = method not in ("GET", "HEAD", "OPTIONS")
        else:
            self.mutating = not self.action.startswith(READ_VERBS)

    def _action(self):
        h = self.headers
        t = h.get("x-amz-target")
        if t:
            return t.rsplit(".", 1)[-1], "json"
        path, _, query = self.target.partition("?")
        if h.get("smithy-protocol") == "rpc-v2-cbor" or "/operation/" in path:
            return path.rsplit("/", 1)[-1], "cbor"
        if h.get("content-type", "").startswith("application/x-www-form-urlencoded") and b"Action=" in self.body:
            self.params = {k: v[0] for k, v in parse_qs(self.body.decode("utf-8", "replace")).items()}
        elif "Action=" in query:
            self.params = {k: v[0] for k, v in parse_qs(query).items()}
        if "Action" in self.params:
            return self.params["Action"], "ec2" if self.service == "ec2" else "query"
        if self.service == "s3":
            parts = path.strip("/").split("/", 1)
            shape = "/" if not parts[0] else "/{bucket}" + ("/{key}" if len(parts) > 1 and parts[1] else "")
            subs = sorted(k for k in parse_qs(query, keep_blank_values=True)
                          if k not in ("x-id", "prefix", "max-keys", "delimiter", "marker", "encoding-type"))
            return f"{self.method} {shape}" + ("?" + "&".join(subs) if subs else ""), "rest-xml"
        shape = "/".join(s if s in REST_WORDS or re.fullmatch(r"\d{4}-\d\d-\d\d", s) or not s else "{}"
                         for s in path.split("/"))
        return f"{self.method} {shape}", "rest-xml" if self.service in ("route53", "cloudfront") else "rest-json"


def credential_scope(auth, target):
    i = auth.find("Credential=")
    if i >= 0:
        p = auth[i + 11:].split(",", 1)[0].split("/")
        if len(p) >= 5:
            return p[3], p[2]
    m = re.search(r"X-Amz-Credential=([^&]+)", target)
    if m:
        p = m.group(1).replace("%2F", "/").split("/")
        if len(p) >= 5:
            return p[3], p[2]
    return "unsigned", ""


# ------------------------------------------------------------------ error bodies

JSON_NS = {"dynamodb": "com.amazonaws.dynamodb.v20120810#", "sqs": "com.amazonaws.sqs#",
           "logs": "", "ssm": "", "kms": "", "secretsmanager": "", "ecr": ""}


def cbor_text(s):
    b = s.encode()
    if len(b) < 24:
        return bytes([0x60 + len(b)]) + b
    return (b"\x78" + bytes([len(b)]) if len(b) < 256 else b"\x79" + len(b).to_bytes(2, "big")) + b


def error_answer(call, kind, code=None, rid="00000000-0000-4000-8000-000000000000"):
    """(status, headers, body) of an AWS error in the wire format of the call's protocol."""
    p, svc = call.proto, call.service
    msg = {"throttle": "Rate exceeded", "500": "An internal error has occurred", "503": "Service is unavailable, try again",
           "notfound": "The specified resource does not exist"}[kind]
    if kind == "throttle":
        status, code = {
            "json": (400, "ThrottlingException"),
            "query": (400, "Throttling"),
            "ec2": (503, "RequestLimitExceeded"),
            "cbor": (400, "ThrottlingException"),
            "rest-json": (429, "TooManyRequestsException" if svc in ("lambda", "apigateway") else "ThrottlingException"),
            "rest-xml": (503, "SlowDown") if svc == "s3" else (400, "Throttling"),
        }[p]
        if svc == "ec2":
            msg = "Request limit exceeded."
    elif kind == "500":
        status, code = 500, {"json": "InternalServerError" if svc == "dynamodb" else "InternalFailure", "query": "InternalFailure",
                             "ec2": "InternalError", "rest-xml": "InternalError"}.get(p, "InternalFailure")
    elif kind == "503":
        status, code = 503, {"ec2": "Unavailable"}.get(p, "ServiceUnavailable")
    else:
        status = 404 if svc in ("iam", "s3", "lambda") else 400
    if p == "json":
        v = "1.0" if svc in ("dynamodb", "sqs", "states") else "1.1"
        body = json.dumps({"__type": JSON_NS.get(svc, "") + code, "message": msg}).encode()
        return status, {"Content-Type": f"application/x-amz-json-{v}", "x-amzn-RequestId": rid}, body
    if p == "cbor":
        body = b"\xa2" + cbor_text("__type") + cbor_text(code) + cbor_text("message") + cbor_text(msg)
        return status, {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", "x-amzn-RequestId": rid}, body
    if p == "ec2":
        body = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>{code}</Code><Message>{msg}</Message>'
                f"</Error></Errors><RequestID>{rid}</RequestID></Response>").encode()
        return status, {"Content-Type": "text/xml;charset=UTF-8"}, body
    if p == "query":
        side = "Sender" if status < 500 else "Receiver"
        body = (f'<ErrorResponse xmlns="https://{svc}.amazonaws.com/doc/"><Error><Type>{side}</Type><Code>{code}</Code>'
                f"<Message>{msg}</Message></Error><RequestId>{rid}</RequestId></ErrorResponse>").encode()
        return status, {"Content-Type": "text/xml", "x-amzn-RequestId": rid}, body
    if p == "rest-xml":
        inner = f"<Code>{code}</Code><Message>{msg}</Message>"
        body = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}<RequestId>{rid}</RequestId></Error>' if svc == "s3" else
                f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error><RequestId>{rid}</RequestId></ErrorResponse>").encode()
        return status, {"Content-Type": "application/xml"}, body
    body = json.dumps({"message": msg}).encode()
    return status, {"Content-Type": "application/json", "x-amzn-ErrorType": code, "x-amzn-RequestId": rid}, body


# ------------------------------------------------------------------ HTTP

class Closed(Exception):
    pass


async def read_head(r):
    try:
        raw = await r.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        raise Closed
    lines = raw[:-4].decode("latin-1").split("\r\n")
    headers = {}
    for ln in lines[1:]:
        k, _, v = ln.partition(":")
        headers[k.strip().lower()] = v.strip()
    return lines[0], lines[1:], headers


async def read_chunked(r):
    out = []
    while True:
        size = int((await r.readuntil(b"\r\n")).split(b";")[0], 16)
        if size == 0:
            while (await r.readuntil(b"\r\n")) != b"\r\n":
                pass
            return b"".join(out)
        out.append((await r.readexactly(size + 2))[:-2])


class Upstream:
    """Pool of keep-alive connections to the emulator."""

    def __init__(self, host, port):
        self.host, self.port, self.idle, self.opened = host, port, [], 0

    async def send(self, method, payload):
        for attempt in (0, 1):
            fresh = not self.idle
            if fresh:
                self.opened += 1
                r, w = await asyncio.open_connection(self.host, self.port, limit=1 << 24)
            else:
                r, w = self.idle.pop()
            sent = False
            try:
                w.write(payload)
                status_line, raw, h = await read_head(r)
                sent = True
                status = int(status_line.split(" ", 2)[1])
                if method == "HEAD" or status in (204, 304):
                    body, keep = b"", True
                elif "chunked" in h.get("transfer-encoding", ""):
                    body, keep = await read_chunked(r), True
                elif "content-length" in h:
                    body, keep = await r.readexactly(int(h["content-length"])), True
                else:
                    body, keep = await r.read(), False
                if keep and h.get("connection", "").lower() != "close" and not status_line.startswith("HTTP/1.0"):
                    self.idle.append((r, w))
                else:
                    w.close()
                return status_line, raw, status, body
            except (Closed, ConnectionError, asyncio.IncompleteReadError):
                w.close()
                if fresh or sent:
                    raise ConnectionError("emulator closed the connection")
                while self.idle:
                    self.idle.pop()[1].close()
        raise ConnectionError("emulator unreachable")


HOP = ("connection", "keep-alive", "transfer-encoding", "content-length", "proxy-connection", "expect", "upgrade")

DEFAULTS = dict(latency_ms=0.0, jitter_ms=0.0, throttle_rate=0.0, throttle={}, error_rate=0.0, lost_rate=0.0,
                reset_rate=0.0, fault_only="all", fault_services="", ec_ms=0.0, ec_actions="default", freeze_at=0,
                freeze_mode="after", seed=0, log="")


class Proxy:
    def __init__(self, upstream, **cfg):
        self.up = upstream
        self.cfg = dict(DEFAULTS)
        self.logf = None
        self.buckets = {}
        self.created = {}
        self.open_gate = asyncio.Event()
        self.open_gate.set()
        self.frozen_ev = asyncio.Event()
        self.epoch = 0
        self.frozen_by = None
        self.configure(cfg)
        self.reset()

    def configure(self, cfg):
        cfg = {k.replace("-", "_"): v for k, v in cfg.items()}
        unknown = set(cfg) - set(DEFAULTS)
        if unknown:
            raise ValueError(f"unknown option(s): {', '.join(sorted(unknown))}")
        if "log" in cfg and cfg["log"] != self.cfg["log"]:
            if self.logf:
                self.logf.close()
            self.logf = open(cfg["log"], "a", buffering=1 << 16) if cfg["log"] else None
        self.cfg.update(cfg)
        spec = self.cfg["ec_actions"]
        self.ec = dict(EC_DEFAULT) if spec == "default" else {}
        for item in [] if spec == "default" else filter(None, spec.split(",")):
            name, _, code = item.partition("=")
            self.ec[name] = code or EC_DEFAULT.get(name, "ResourceNotFoundException")
        self.fault_services = set(filter(None, self.cfg["fault_services"].split(",")))
        self.random_faults = any(self.cfg[k] for k in ("throttle_rate", "error_rate", "lost_rate", "reset_rate"))
        self.buckets.clear()

    def reset(self):
        self.t0 = time.time()
        self.calls, self.by_action, self.seen, self.statuses, self.faults = 0, {}, {}, {}, {}
        self.active = self.max_active = 0
        self.mutating = 0
        self.conns = 0
        self.client_busy = 0.0
        self.up_busy = 0.0
        self.mut_names = []
        self.created.clear()
        self.frozen_ev.clear()
        self.frozen_by = None

    def release(self, drop):
        if drop:
            self.epoch += 1
        self.cfg["freeze_at"] = 0
        self.open_gate.set()

    def summary(self):
        return dict(calls=self.calls, mutating=self.mutating, active=self.active, max_concurrency=self.max_active, connections=self.conns,
                    upstream_connections=self.up.opened, seconds=round(time.time() - self.t0, 3),
                    sum_client_seconds=round(self.client_busy, 3), sum_upstream_seconds=round(self.up_busy, 3),
                    statuses=self.statuses, faults=self.faults,
                    by_action=dict(sorted(self.by_action.items(), key=lambda kv: (-kv[1], kv[0]))),
                    mutating_order=self.mut_names)

    def dice(self, call, what):
        h = hashlib.blake2b(f"{self.cfg['seed']}|{call.service}|{call.action}|{call.n}|{what}".encode(), digest_size=8)
        return int.from_bytes(h.digest(), "big") / 2 ** 64

    def throttled(self, service):
        spec = self.cfg["throttle"]
        rule = spec.get(service) or spec.get("*")
        if not rule:
            return False
        rate, burst = rule
        now = time.monotonic()
        tokens, last = self.buckets.get(service, (burst, now))
        tokens = min(burst, tokens + (now - last) * rate)
        ok = tokens >= 1
        self.buckets[service] = (tokens - 1 if ok else tokens, now)
        return not ok

    def fate(self, call):
        """One of: None, throttle, 500, 503, lost, reset."""
        c = self.cfg
        if c["throttle"] and self.throttled(call.service):
            return "throttle"
        if not self.random_faults or (self.fault_services and call.service not in self.fault_services):
            return None
        if c["fault_only"] != "all" and (c["fault_only"] == "mutating") != call.mutating:
            return None
        x = self.dice(call, "fate")
        for name, p in (("throttle", c["throttle_rate"]), ("err", c["error_rate"]), ("lost", c["lost_rate"]), ("reset", c["reset_rate"])):
            if x < p:
                return ("500" if self.dice(call, "5xx") < 0.5 else "503") if name == "err" else name
            x -= p
        return None

    def remember(self, call, body):
        now = time.monotonic()
        ids = {m.decode() for m in ID_RE.findall(body)}
        if call.proto == "json":
            try:
                d = json.loads(call.body)
                ids |= {d[k] for k in NAME_KEYS if isinstance(d.get(k), str)}
            except ValueError:
                pass
        else:
            ids |= {call.params[k] for k in NAME_KEYS if k in call.params}
        sent = call.body.decode("utf-8", "replace")
        for i in ids:
            if ID_RE.fullmatch(i.encode()) and i in sent:
                continue
            self.created.setdefault((call.service, i), now)

    def too_fresh(self, call):
        limit = time.monotonic() - self.cfg["ec_ms"] / 1000
        text = call.body.decode("utf-8", "replace") + call.target
        for (svc, ident), t in self.created.items():
            if t > limit and svc == call.service and ident in text:
                return True
        return False

    async def client(self, r, w):
        self.conns += 1
        try:
            while True:
                try:
                    first, raw, h = await read_head(r)
                except Closed:
                    break
                method, target, _ = first.split(" ", 2)
                if h.get("expect", "").lower() == "100-continue":
                    w.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                if "chunked" in h.get("transfer-encoding", ""):
                    body = await read_chunked(r)
                else:
                    n = int(h.get("content-length") or 0)
                    body = await r.readexactly(n) if n else b""
                if target.startswith("/_proxy/"):
                    await self.control(method, target, body, w)
                elif not await self.serve(first, raw, Call(method, target, h, body), w):
                    break
                if h.get("connection", "").lower() == "close":
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            w.close()

    def cut(self, w):
        """Reset (RST), as a peer that vanished would, rather than an orderly close."""
        sock = w.get_extra_info("socket")
        if sock is not None:
            import socket
            import struct
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        w.transport.abort()

    async def serve(self, first, raw, call, w):
        t_in = time.time()
        t0 = time.monotonic()
        key = f"{call.service}:{call.action}"
        self.calls += 1
        self.by_action[key] = self.by_action.get(key, 0) + 1
        call.n = self.seen[key] = self.seen.get(key, 0) + 1
        if call.mutating:
            self.mutating += 1
            self.mut_names.append(key)
            nth = self.mutating
        else:
            nth = 0
        self.active += 1
        self.max_active = max(self.max_active, self.active)
        fault, status, up_ms = None, 0, 0.0
        epoch = self.epoch
        c = self.cfg
        keep = True
        try:
            if c["latency_ms"] or c["jitter_ms"]:
                d = c["latency_ms"] + (2 * self.dice(call, "jitter") - 1) * c["jitter_ms"]
                await asyncio.sleep(max(0.0, d) / 1000)
            freeze_here = nth and c["freeze_at"] == nth
            if freeze_here and c["freeze_mode"] == "before":
                self.freeze(key, nth)
            if not self.open_gate.is_set():
                await self.open_gate.wait()
                if epoch != self.epoch:
                    fault = "dropped"
                    self.cut(w)
                    return False
            fault = self.fate(call)
            if fault is None and c["ec_ms"] and key in self.ec and self.too_fresh(call):
                fault = "notyet"
            if fault == "reset":
                self.cut(w)
                return False
            if fault in ("throttle", "500", "503", "notyet"):
                status, hs, body = error_answer(call, "notfound" if fault == "notyet" else fault, self.ec.get(key))
                head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in hs.items())
                w.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + (b"" if call.method == "HEAD" else body))
                await w.drain()
                return True
            lines = [ln for ln in raw if ln.split(":", 1)[0].strip().lower() not in HOP]
            payload = ("\r\n".join([first, *lines, f"Content-Length: {len(call.body)}", "Connection: keep-alive"])
                       + "\r\n\r\n").encode("latin-1") + call.body
            t1 = time.monotonic()
            try:
                status_line, rraw, status, body = await self.up.send(call.method, payload)
            except (OSError, ConnectionError) as e:
                fault = f"upstream: {e}"
                self.cut(w)
                return False
            up_ms = (time.monotonic() - t1) * 1000
            if c["ec_ms"] and status < 300 and call.mutating and call.action.startswith(CREATE_VERBS):
                self.remember(call, body)
            if freeze_here and c["freeze_mode"] == "after":
                self.freeze(key, nth)
            if not self.open_gate.is_set():
                await self.open_gate.wait()
                if epoch != self.epoch:
                    fault = "done-unanswered"
                    self.cut(w)
                    return False
            if fault == "lost":
                self.cut(w)
                return False
            out = [ln for ln in rraw if ln.split(":", 1)[0].strip().lower() not in HOP]
            if call.method == "HEAD":
                out += [ln for ln in rraw if ln.lower().startswith("content-length")]
            elif status not in (204, 304):
                out.append(f"Content-Length: {len(body)}")
            code = status_line.split(" ", 1)[1]
            w.write(("HTTP/1.1 " + "\r\n".join([code, *out]) + "\r\n\r\n").encode("latin-1") + body)
            await w.drain()
            return True
        finally:
            self.active -= 1
            dt = time.monotonic() - t0
            self.client_busy += dt
            self.up_busy += up_ms / 1000
            k = str(status)
            self.statuses[k] = self.statuses.get(k, 0) + 1
            if fault:
                self.faults[fault.split(":")[0]] = self.faults.get(fault.split(":")[0], 0) + 1
            if self.logf:
                self.logf.write(json.dumps(dict(t=round(t_in, 4), service=call.service, action=call.action, mut=nth or None,
                                                status=status, ms=round(dt * 1000, 2), up_ms=round(up_ms, 2), fault=fault)) + "\n")

    def freeze(self, key, nth):
        self.frozen_by = dict(action=key, n=nth, mode=self.cfg["freeze_mode"], active=self.active)
        self.open_gate.clear()
        self.frozen_ev.set()

    async def control(self, method, target, body, w):
        u = urlsplit(target)
        q = {k: v[0] for k, v in parse_qs(u.query).items()}
        code, ans = 200, {}
        try:
            if u.path == "/_proxy/summary":
                ans = self.summary()
            elif u.path == "/_proxy/frozen":
                if not self.frozen_ev.is_set():
                    try:
                        await asyncio.wait_for(self.frozen_ev.wait(), float(q.get("wait", "0.001")))
                    except asyncio.TimeoutError:
                        pass
                ans = {"frozen": not self.open_gate.is_set(), "by": self.frozen_by}
            elif u.path == "/_proxy/config" and method == "POST":
                self.configure(json.loads(body or b"{}"))
                ans = self.cfg
            elif u.path == "/_proxy/reset" and method == "POST":
                self.reset()
            elif u.path == "/_proxy/release" and method == "POST":
                self.release(q.get("drop") == "1")
            else:
                code, ans = 404, {"error": "no such control"}
        except (ValueError, TypeError) as e:
            code, ans = 400, {"error": str(e)}
        if self.logf:
            self.logf.flush()
        b = json.dumps(ans).encode()
        w.write(f"HTTP/1.1 {code} X\r\nContent-Type: application/json\r\nContent-Length: {len(b)}\r\n\r\n".encode() + b)
        await w.drain()


def bucket(text):
    svc, _, rb = text.partition("=")
    rate, _, burst = rb.partition(":")
    return svc, [float(rate), float(burst or rate)]


async def amain(a):
    u = urlsplit(a.upstream)
    if not loopback(u.hostname) or not loopback(a.host):
        sys.exit("awsproxy: loopback addresses only")
    cfg = {k: v for k, v in vars(a).items() if k in DEFAULTS}
    cfg["throttle"] = dict(bucket(t) for t in a.throttle)
    px = Proxy(Upstream(u.hostname, u.port), **cfg)
    server = await asyncio.start_server(px.client, a.host, a.port, limit=1 << 24, backlog=1024)
    print(f"awsproxy listening on {server.sockets[0].getsockname()[1]}", flush=True)
    stop = asyncio.Event()
    for s in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(s, stop.set)
    await stop.wait()
    text = json.dumps(px.summary(), indent=1)
    if px.logf:
        px.logf.flush()
    if a.summary:
        with open(a.summary, "w") as f:
            f.write(text + "\n")
    elif a.print_summary:
        print(text)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--upstream", default="http://127.0.0.1:5000")
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--latency-ms", type=float, default=0)
    p.add_argument("--jitter-ms", type=float, default=0)
    p.add_argument("--throttle-rate", type=float, default=0)
    p.add_argument("--throttle", action="append", default=[], metavar="SERVICE=RATE:BURST")
    p.add_argument("--error-rate", type=float, default=0)
    p.add_argument("--lost-rate", type=float, default=0)
    p.add_argument("--reset-rate", type=float, default=0)
    p.add_argument("--fault-only", choices=["all", "mutating", "read"], default="all")
    p.add_argument("--fault-services", default="")
    p.add_argument("--ec-ms", type=float, default=0)
    p.add_argument("--ec-actions", default="default")
    p.add_argument("--freeze-at", type=int, default=0)
    p.add_argument("--freeze-mode", choices=["before", "after"], default="after")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--log", default="")
    p.add_argument("--summary", default="", help="write the summary here on exit")
    p.add_argument("--print-summary", action="store_true")
    asyncio.run(amain(p.parse_args()))


if __name__ == "__main__":
    main()
