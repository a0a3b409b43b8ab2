"""Writes: officers and their posts, locks, sessions, delegations, devices, accounts from a file, second factors, what is
noted of signing in, demo officers.

What is audited here are facts without names: the login name, codes and dates. They stand in the chain of the actor's
office; what happens at sign-in stands in the chain of the officer's own office.
"""

from hotich.accounts.services.delegations import decide_delegation, delegate_rights, end_delegation
from hotich.accounts.services.demo import DemoSignIn, make_demo_officers, set_demo_totp
from hotich.accounts.services.devices import (
    check_device_again,
    enrol_device,
    make_device_code,
    note_device_used,
    record_code_refused,
    record_device_refused,
    register_device,
    revoke_device,
    set_device_rule,
)
from hotich.accounts.services.locking import lock_officer, lock_officers, unlock_officer, unlock_officers
from hotich.accounts.services.officers import change_own_password, create_officer, reset_password, reset_second_factor
from hotich.accounts.services.opening import (
    check_opening,
    destroy_old_passwords,
    discard_opening,
    open_next,
    start_opening,
    take_passwords,
)
from hotich.accounts.services.posts import end_post, give_post
from hotich.accounts.services.saved_filters import remove_filter, save_filter
from hotich.accounts.services.sessions import end_own_sessions, end_sessions
from hotich.accounts.services.sign_in import (
    record_failed_sign_in,
    record_lock_out,
    record_password_expired,
    record_second_factor,
    record_sign_in,
    record_sign_out,
    spend_totp_code,
)

__all__ = [
    "DemoSignIn",
    "change_own_password",
    "check_device_again",
    "check_opening",
    "create_officer",
    "decide_delegation",
    "delegate_rights",
    "destroy_old_passwords",
    "discard_opening",
    "end_delegation",
    "end_own_sessions",
    "end_post",
    "end_sessions",
    "enrol_device",
    "give_post",
    "lock_officer",
    "lock_officers",
    "make_demo_officers",
    "make_device_code",
    "note_device_used",
    "open_next",
    "record_code_refused",
    "record_device_refused",
    "record_failed_sign_in",
    "record_lock_out",
    "record_password_expired",
    "record_second_factor",
    "record_sign_in",
    "record_sign_out",
    "register_device",
    "remove_filter",
    "reset_password",
    "reset_second_factor",
    "revoke_device",
    "save_filter",
    "set_demo_totp",
    "set_device_rule",
    "spend_totp_code",
    "start_opening",
    "take_passwords",
    "unlock_officer",
    "unlock_officers",
]
