"""One-time codes from a phone (RFC 6238): six digits, half a minute, each good for once.

The key is made from the guide's secret and a salt, and only the salt is kept: a stolen
backup, which has no secret, makes no codes.
"""

import base64
import hmac
from datetime import datetime

from pyotp import TOTP

from guide.accounts.model import Account
from guide.accounts.tokens import keyed

STEP_SECONDS = 30
NEIGHBOURS = (0, -1, 1)
"""Steps around the present one that a phone's clock may be in."""
KEY_BYTES = 20
"""As RFC 4226, 4 asks for: 160 bits."""
ISSUER = "Heydar Aliyev Center guide"


def key_of(secret: str, salt: str) -> str:
    """Return the key that a phone holds, in base 32."""
    whole = bytes.fromhex(keyed(secret, "one-time code", salt))
    return base64.b32encode(whole[:KEY_BYTES]).decode()


def address_of(key: str, email: str) -> str:
    """Return the otpauth address that the phone reads from the symbol."""
    return TOTP(key).provisioning_uri(name=email, issuer_name=ISSUER)


def step_of(key: str, typed: str, at: datetime, after: int | None) -> int | None:
    """Return the step whose code was typed; None if it is wrong, or was used before."""
    totp, now = TOTP(key), int(at.timestamp()) // STEP_SECONDS
    code = "".join(typed.split())
    for step in (now + offset for offset in NEIGHBOURS):
        is_this = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if is_this and (after is None or step > after):
            return step
    return None


def takes_code(secret: str, account: Account, typed: str, at: datetime) -> bool:
    """Take a code of an account, once; an account without codes takes none."""
    if account.totp_salt is None or not account.has_code:
        return False
    step = step_of(key_of(secret, account.totp_salt), typed, at, account.totp_step)
    if step is None:
        return False
    account.totp_step = step
    return True
