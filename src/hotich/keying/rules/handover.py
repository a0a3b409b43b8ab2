"""Hand-over of books to those who key them: which step is allowed when (requirements A12, H5)."""

from __future__ import annotations

from hotich.kernel.problems import RuleBroken

# state → step → the state after it
STEPS: dict[str, dict[str, str]] = {
    "draft": {"edit": "draft", "hand_over": "handed_over", "cancel": "cancelled"},
    "handed_over": {"take_back": "handed_over"},  # "returned" once its last book is back
    "returned": {},
    "cancelled": {},
}


def next_state(state: str, step: str, *, is_last: bool = False) -> str:
    """The state after a step; `is_last`: the last book of the hand-over comes back with it.

    Raises RuleBroken keying_handover_step_not_allowed.
    """
    after = STEPS.get(state, {}).get(step)
    if after is None:
        raise RuleBroken("keying_handover_step_not_allowed", state=state, step=step)
    return "returned" if step == "take_back" and is_last else after
