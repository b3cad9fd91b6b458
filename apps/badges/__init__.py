"""Credentials: make, sign, bake, read and judge Open Badges 3.0, with nothing fetched from anywhere. Plain Python."""

from apps.badges.baking import bake_png, bake_svg, unbake
from apps.badges.credential import Badge, Issuer, Target, document, identity_hash
from apps.badges.judging import judge
from apps.badges.multibase import from_multikey, to_multikey
from apps.badges.proof import is_genuine, public_key, sign
from apps.badges.status import BITS, status_entry, status_list
from apps.badges.strict import read, require_badge
from apps.badges.words import BadCredential, State, Unsafe, Why

__all__ = [
    "BITS", "BadCredential", "Badge", "Issuer", "State", "Target", "Unsafe", "Why", "bake_png", "bake_svg", "document",
    "from_multikey", "identity_hash", "is_genuine", "judge", "public_key", "read", "require_badge", "sign", "status_entry", "status_list",
    "to_multikey", "unbake",
]  # fmt: skip
