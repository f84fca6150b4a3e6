"""Checks an audit export with Python's standard library alone: a second opinion on `dsem verify`.

Usage: python3 verify_export.py EXPORT [PUBLIC_KEY]     (EXPORT may be - for standard input)
Prints one JSON object {"valid", "entries", "checkpoints", "firstBadLine"?, "problem"?} and exits 0 or 1.
Written from RFC 8785, RFC 6962, RFC 8032 and C2SP signed-note, not from the TypeScript.
"""

import base64
import hashlib
import json
import math
import sys


class Fault(Exception):
    """What is wrong with the line at hand."""


# --- RFC 8785 canonical JSON -------------------------------------------------------------------------------------

def number_text(value):
    """A number as ECMAScript prints it."""
    if isinstance(value, int):
        if abs(value) < 2**53:
            return str(value)
        value = float(value)
    if math.isinf(value) or math.isnan(value):
        raise Fault("a number that JSON cannot hold")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    power = point - 1
    tail = "." + digits[1:] if len(digits) > 1 else ""
    return "%s%s%se%s%d" % (sign, digits[0], tail, "+" if power > 0 else "-", abs(power))


def canonical(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"


# --- RFC 6962 tree -----------------------------------------------------------------------------------------------

def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    def __init__(self):
        self.size = 0
        self.peaks = []  # (height, hash), highest first

    def add(self, leaf):
        height, top = 0, leaf
        while self.peaks and self.peaks[-1][0] == height:
            top = node(self.peaks.pop()[1], top)
            height += 1
        self.peaks.append((height, top))
        self.size += 1

    def root(self):
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        top = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            top = node(left, top)
        return top


# --- RFC 8032 Ed25519, verification only -------------------------------------------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    x, y = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, d - c, d + c, y + x
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def x_of(y, odd):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if odd else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != odd else x


def point_of(raw):
    y = int.from_bytes(raw, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    x = x_of(y, odd)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = x_of(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def signature_fits(public, message, signature):
    a, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = multiply(s, BASE), add(r, multiply(h, a))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- C2SP signed note --------------------------------------------------------------------------------------------

def strict_base64(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Fault("no base64: " + text)
    if base64.b64encode(raw).decode() != text:
        raise Fault("base64 with another spelling: " + text)
    return raw


def read_key(text):
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise Fault("the key is not of the form name+id+key")
    name, key_id, data = parts[0], parts[1], strict_base64(parts[2])
    if len(data) != 33 or data[0] != 1:
        raise Fault("the key is no Ed25519 key")
    if hashlib.sha256(name.encode() + b"\n" + data).hexdigest()[:8] != key_id:
        raise Fault("the key's id does not belong to it")
    return name, bytes.fromhex(key_id), data[1:]


def open_note(note, key):
    name, key_id, public = key
    text, gap, rest = note.rpartition("\n\n")
    text += "\n"
    words = rest.split(" ")
    if not gap or len(words) != 3 or words[0] != "\u2014" or not rest.endswith("\n") or rest.count("\n") != 1:
        raise Fault("no note with one signature")
    raw = strict_base64(words[2][:-1])
    if words[1] != name or len(raw) != 68 or raw[:4] != key_id:
        raise Fault("signed by another key")
    if not signature_fits(public, text.encode(), raw[4:]):
        raise Fault("the signature does not fit the text")
    lines = text[:-1].split("\n")
    return {"origin": lines[0], "size": lines[1], "root": lines[2], "more": lines[3:]}


# --- the export --------------------------------------------------------------------------------------------------

FIELDS = {
    "dsem-audit-export": {"kind", "schemaVersion", "origin", "publicKey", "exportedAt", "entries", "checkpoints"},
    "entry": {"kind", "index", "topic", "envelope", "receivedAt", "previousHash", "hash"},
    "checkpoint": {"kind", "number", "note"},
    "seal": {"kind", "note"},
}


class Export:
    def __init__(self, given):
        self.given, self.key, self.header, self.header_text = given, None, None, b""
        self.tree, self.previous, self.body = Tree(), "0" * 64, hashlib.sha256()
        self.checkpoints, self.sealed = 0, False

    def take(self, raw):
        if self.sealed:
            raise Fault("a line behind the seal")
        try:
            line = json.loads(raw.decode())
        except (ValueError, RecursionError):
            raise Fault("no JSON")
        kind = line.get("kind") if isinstance(line, dict) else None
        if kind not in FIELDS or set(line) != FIELDS[kind]:
            raise Fault("no line of an export")
        if canonical(line).encode("utf-8", "surrogatepass") != raw:
            raise Fault("not canonical")
        if (kind == "dsem-audit-export") != (self.header is None):
            raise Fault("header missing or doubled")
        getattr(self, "take_" + {"dsem-audit-export": "header"}.get(kind, kind))(line, raw)
        self.body.update(raw + b"\n")

    def take_header(self, line, raw):
        self.header, self.header_text = line, raw
        if line["schemaVersion"] != 1:
            raise Fault("unknown version of the form")
        if self.given is not None and self.given != line["publicKey"]:
            raise Fault("the header names another key than the one given")
        self.key = read_key(line["publicKey"])
        if self.key[0] != line["origin"]:
            raise Fault("the key does not belong to the origin")

    def take_entry(self, line, _):
        if line["index"] != self.tree.size or line["previousHash"] != self.previous:
            raise Fault("the entry does not continue the chain")
        body = {name: line[name] for name in line if name not in ("kind", "hash")}
        leaf = hashlib.sha256(b"\x00" + canonical(body).encode()).digest()
        if leaf.hex() != line["hash"]:
            raise Fault("the hash does not fit the entry")
        self.tree.add(leaf)
        self.previous = line["hash"]

    def check_note(self, note, more):
        signed = open_note(note, self.key)
        root = base64.b64encode(self.tree.root()).decode()
        claim = {"origin": self.header["origin"], "size": str(self.tree.size), "root": root, "more": more}
        if signed != claim:
            raise Fault("the signed statement does not fit what was read")

    def take_checkpoint(self, line, _):
        if line["number"] != self.checkpoints:
            raise Fault("a checkpoint is missing or doubled")
        self.check_note(line["note"], [])
        self.checkpoints += 1

    def take_seal(self, line, _):
        def b64(digest):
            return base64.b64encode(digest).decode()

        header = b64(hashlib.sha256(self.header_text).digest())
        self.check_note(line["note"], ["dsem-export-header " + header, "dsem-export-lines " + b64(self.body.digest())])
        if (self.header["entries"], self.header["checkpoints"]) != (self.tree.size, self.checkpoints):
            raise Fault("the header counts other numbers")
        self.sealed = True


def verify(stream, given=None):
    export, number = Export(given), 0
    report = {"valid": False}
    try:
        for raw in stream:
            number += 1
            if not raw.endswith(b"\n"):
                raise Fault("no line end")
            export.take(raw[:-1])
        number += 1
        if not export.sealed:
            raise Fault("no seal at the end")
        report = {"valid": True}
    except Fault as fault:
        report.update(firstBadLine=number, problem=str(fault))
    return {**report, "entries": export.tree.size, "checkpoints": export.checkpoints}


def main():
    given = sys.argv[2] if len(sys.argv) > 2 else None
    if sys.argv[1] == "-":
        report = verify(sys.stdin.buffer, given)
    else:
        with open(sys.argv[1], "rb") as stream:
            report = verify(stream, given)
    print(json.dumps(report))
    return 0 if report["valid"] else 1


if __name__ == "__main__":
    sys.exit(main())
