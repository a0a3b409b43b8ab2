"""What keeps the trail honest: heads for the next anchor, anchors taken, archives, verifications."""

from __future__ import annotations

from uuid import UUID

from hotich.audit.models import Anchor, Archive, ChainHead, Verification, VerificationState
from hotich.audit.rules.anchors import Head
from hotich.kernel.problems import RuleBroken

DONE = (VerificationState.WHOLE, VerificationState.FAULTY)


def current_heads() -> dict[int, Head]:
    """Where every chain stands now: one statement, so all heads are of one moment."""
    return {office: (sequence, digest) for office, sequence, digest in
            ChainHead.objects.filter(sequence__gt=0).values_list("office_id", "sequence", "hash")}  # fmt: skip


def last_anchor() -> Anchor | None:
    """The newest anchor the database knows."""
    return Anchor.objects.order_by("-number").first()


def archives(office_id: int | None = None) -> list[Archive]:
    """What was archived, the newest first."""
    found = Archive.objects.order_by("-at", "office_id", "-sequence")
    return list(found.filter(office_id=office_id) if office_id is not None else found[:200])


def latest_verifications(count: int = 10) -> list[Verification]:
    """The newest verifications, those under way among them."""
    return list(Verification.objects.order_by("-asked_at", "-id")[:count])


def last_finished_verification() -> Verification | None:
    """The newest one that came to an end, of all chains."""
    found = Verification.objects.filter(state__in=DONE, office_id=None)
    return found.order_by("-asked_at", "-id").first()


def anchor_last_found_whole() -> int:
    """Up to which anchor the trail was found whole, from the first entry or from another such anchor on; 0 for none."""
    found = Verification.objects.filter(state=VerificationState.WHOLE, office_id=None, anchor_number__gt=0)
    newest = found.order_by("-asked_at", "-id").first()
    return newest.anchor_number if newest else 0


def verification_by_id(verification_id: UUID) -> Verification:
    """One verification. Raises RuleBroken audit_verification_unknown."""
    found = Verification.objects.filter(id=verification_id).first()
    if found is None:
        raise RuleBroken("audit_verification_unknown")
    return found


def is_verification_under_way() -> bool:
    """Whether one is waiting or running."""
    return Verification.objects.filter(state__in=[VerificationState.WAITING, VerificationState.RUNNING]).exists()
