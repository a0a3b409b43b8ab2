"""Pages of accounts: signing in, the own account, accounts and machines looked after, delegations."""

from hotich.accounts.views.delegations import decide, delegate, delegations, end
from hotich.accounts.views.devices import (
    device,
    device_code,
    device_rule,
    devices,
    enrol,
    new_device,
    revoke,
)
from hotich.accounts.views.locking import lock_many
from hotich.accounts.views.officers import act, end_post, give_post, new_officer, officer, officers, reset_password
from hotich.accounts.views.opening import (
    discard,
    opening,
    opening_progress,
    openings,
    passwords,
    start,
    template,
)
from hotich.accounts.views.own import act_on_behalf, choose_post, end_sessions, profile
from hotich.accounts.views.signing_in import (
    AddKey,
    RemoveKey,
    RenameKey,
    RenewRecoveryCodes,
    SetUpSecondFactor,
    locked_out,
    to_profile,
)

__all__ = [
    "AddKey",
    "RemoveKey",
    "RenameKey",
    "RenewRecoveryCodes",
    "SetUpSecondFactor",
    "act",
    "act_on_behalf",
    "choose_post",
    "decide",
    "delegate",
    "delegations",
    "device",
    "device_code",
    "device_rule",
    "devices",
    "discard",
    "end",
    "end_post",
    "end_sessions",
    "enrol",
    "give_post",
    "lock_many",
    "locked_out",
    "new_device",
    "new_officer",
    "officer",
    "officers",
    "opening",
    "opening_progress",
    "openings",
    "passwords",
    "profile",
    "reset_password",
    "revoke",
    "start",
    "template",
    "to_profile",
]
