"""Writes: officers and their posts, passwords and second factors, what is noted of signing in, demo officers.

What is audited here are facts without names: the login name, codes and dates. They stand in the chain of the actor's
office; what happens at sign-in stands in the chain of the officer's own office.
"""

from hotich.accounts.services.demo import DemoSignIn, make_demo_officers, set_demo_totp
from hotich.accounts.services.officers import (
    change_own_password,
    create_officer,
    lock_officer,
    reset_password,
    reset_second_factor,
    unlock_officer,
)
from hotich.accounts.services.posts import end_post, give_post
from hotich.accounts.services.sign_in import (
    record_failed_sign_in,
    record_lock_out,
    record_second_factor,
    record_sign_in,
    record_sign_out,
    spend_totp_code,
)

__all__ = [
    "DemoSignIn",
    "change_own_password",
    "create_officer",
    "end_post",
    "give_post",
    "lock_officer",
    "make_demo_officers",
    "record_failed_sign_in",
    "record_lock_out",
    "record_second_factor",
    "record_sign_in",
    "record_sign_out",
    "reset_password",
    "reset_second_factor",
    "set_demo_totp",
    "spend_totp_code",
    "unlock_officer",
]
