"""Settings every installation shares. What differs by place comes from the environment or the state folder."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from hotich.config import logs
from hotich.config.settings.file_storage import file_storage
from hotich.database.roles import app_parameters
from hotich.database.state import former_secrets, secret, state_folder

PACKAGE = Path(__file__).resolve().parents[2]
STATE = state_folder()

HOTICH_SECRET_KEY_GIVEN = bool(os.environ.get("HOTICH_SECRET_KEY"))
SECRET_KEY = os.environ.get("HOTICH_SECRET_KEY") or secret("django")
SECRET_KEY_FALLBACKS = (
    os.environ.get("HOTICH_SECRET_KEY_FALLBACKS", "").split() if HOTICH_SECRET_KEY_GIVEN else former_secrets("django")
)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("HOTICH_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
DEMO = False  # known passwords and second factors: only ever on demo state

INSTALLED_APPS = [
    "hotich.config",
    "hotich.database",
    "hotich.web",
    "hotich.audit",
    "hotich.files",
    "hotich.units",
    "hotich.accounts",
    "hotich.registers",
    "hotich.records",
    "hotich.persons",
    "hotich.reconciliation",
    "hotich.intake",
    "hotich.digitisation",
    "hotich.keying",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_structlog",
    "procrastinate.contrib.django",
    "rules",
]

MIDDLEWARE = [
    "hotich.config.operation.probes.probes",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hotich.web.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hotich.accounts.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hotich.accounts.middleware.session_limits",
    "hotich.accounts.middleware.first_steps",
    "hotich.accounts.middleware.office_context",
    "hotich.registers.middleware.configuration_in_force",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "hotich.web.middleware.RuleBrokenMiddleware",
    "hotich.persons.middleware.ReadingLimitMiddleware",
    "hotich.config.middleware.RefusalsNoted",
]

ROOT_URLCONF = "hotich.config.urls"
WSGI_APPLICATION = "hotich.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hotich.config.navigation.navigation",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# making a connection costs more than most requests: each thread of `hotich serve` keeps its own for so many seconds, and
# looks whether it still lives; a pool would wait with growing pauses after the database was away
DATABASES = {
    "default": app_parameters()
    | {
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": int(os.environ.get("HOTICH_CONNECTION_AGE", "0")),
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Officer"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "hotich.accounts.forms.NotOwnWords"},
]

# django-allauth: login name and password, then a code; no sign-up, no e-mail
ACCOUNT_ADAPTER = "hotich.accounts.adapters.OfficerAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False  # login names are kept in lower case
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/tai-khoan/dang-nhap/"
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}  # django-axes counts failures, in the database
ACCOUNT_FORMS = {
    "login": "hotich.accounts.forms.SignInForm",
    "change_password": "hotich.accounts.forms.NewPasswordForm",
    "reauthenticate": "hotich.accounts.forms.PasswordAgainForm",
}
MFA_ADAPTER = "hotich.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Hộ tịch điện tử"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"  # a second factor beside the password; a key with a PIN asks for it
MFA_FORMS = {
    "authenticate": "hotich.accounts.forms.SecondFactorForm",
    "reauthenticate": "hotich.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "hotich.accounts.forms.SetUpSecondFactorForm",
    "authenticate_webauthn": "hotich.accounts.forms.KeyForm",
    "reauthenticate_webauthn": "hotich.accounts.forms.KeyAgainForm",
    "add_webauthn": "hotich.accounts.forms.NewKeyForm",
    "edit_webauthn": "hotich.accounts.forms.KeyNameForm",
}

# django-axes: 5 failures of a login from one address, or 20 from anywhere, shut it for 15 minutes
AXES_HANDLER = "hotich.accounts.adapters.LockOut"
AXES_FAILURE_LIMIT = 5
HOTICH_LOCK_OUT_BY_LOGIN = 20
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "hotich.accounts.adapters.login_name_of"
AXES_LOCKOUT_CALLABLE = "hotich.accounts.views.locked_out"
AXES_SENSITIVE_PARAMETERS = [
    "login",
    "code",
    "password",
    "oldpassword",
    "password1",
    "password2",
    "csrfmiddlewaretoken",
]
AXES_DISABLE_ACCESS_LOG = True  # sign-ins stand in the audit trail
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

HOTICH_SESSION_IDLE = timedelta(minutes=30)
HOTICH_SESSION_ABSOLUTE = timedelta(hours=10)
SESSION_COOKIE_AGE = 10 * 3600
SESSION_ENGINE = "hotich.accounts.adapters.sessions"  # the framework's table, with the officer beside each session
HOTICH_ONE_TIME_PASSWORD = timedelta(days=7)  # how long one waits for its owner
HOTICH_PASSWORD_FILE = timedelta(days=2)  # how long the passwords of a file of accounts can be fetched, once

# The audit trail: signed anchors lie outside the database; how often one is taken and the trail verified (cron, UTC);
# after how many years entries may be archived (none: they are kept for ever; what the law asks is not verified)
HOTICH_ANCHORS = Path(os.environ.get("HOTICH_ANCHORS") or STATE / "anchors")
HOTICH_ANCHOR_CRON = os.environ.get("HOTICH_ANCHOR_CRON", "7 * * * *")
HOTICH_AUDIT_VERIFY_CRON = os.environ.get("HOTICH_AUDIT_VERIFY_CRON", "40 18 * * *")
HOTICH_AUDIT_FULL_CRON = os.environ.get("HOTICH_AUDIT_FULL_CRON", "10 19 * * 6")
HOTICH_AUDIT_YEARS_ONLINE = int(os.environ.get("HOTICH_AUDIT_YEARS_ONLINE") or 0) or None

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("English"))]
TIME_ZONE = "Asia/Ho_Chi_Minh"
LOCALE_PATHS = [PACKAGE / "kernel" / "locale"]  # every app has its own; the kernel is no app
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

# how the PDFs of a delivery are named: P1, P2, P3 or a pattern of one's own (docs/how-to/deliver-scans.md)
HOTICH_SCAN_NAMES = os.environ.get("HOTICH_SCAN_NAMES") or "P2"
# an engine that reads scans by machine, off unless one is named, and its file (docs/how-to/read-scans-by-machine.md)
HOTICH_SCAN_READER = os.environ.get("HOTICH_SCAN_READER", "")
HOTICH_SCAN_READER_CONFIG = os.environ.get("HOTICH_SCAN_READER_CONFIG", "")

# the population database: live over HTTP, by signed files, or none; its secret is `secrets/population` of the state
# folder or HOTICH_POPULATION_KEY (docs/partners/population.md)
HOTICH_POPULATION_ADAPTER = os.environ.get("HOTICH_POPULATION_ADAPTER", "")
HOTICH_POPULATION_URL = os.environ.get("HOTICH_POPULATION_URL", "")
HOTICH_POPULATION_CLIENT = os.environ.get("HOTICH_POPULATION_CLIENT") or "hotich"
HOTICH_POPULATION_AUTHORITIES = os.environ.get("HOTICH_POPULATION_AUTHORITIES", "")
HOTICH_POPULATION_PERSONS = int(
    os.environ.get("HOTICH_POPULATION_PERSONS") or 100_000_000
)  # the more, the more namesakes
HOTICH_POPULATION_WAIT = float(
    os.environ.get("HOTICH_POPULATION_WAIT") or 10
)  # seconds for an answer; look-ups 4 at most
# how much of the machine a comparison of whole books may take (docs/how-to/match-files.md)
HOTICH_MATCH_MEMORY = os.environ.get("HOTICH_MATCH_MEMORY") or "2GB"
HOTICH_MATCH_THREADS = int(os.environ.get("HOTICH_MATCH_THREADS") or max(1, (os.cpu_count() or 2) - 1))

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STATICFILES_DIRS = [path for path in [PACKAGE / "web" / "dist"] if path.is_dir()]
STORAGES = {
    "default": file_storage(os.environ, STATE / "files"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# strict content security policy: nothing inline, nothing from elsewhere
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # the scan stands beside the form, in a frame of our own page
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_TEMP_DIR = STATE / "uploads"  # nobody else on the machine may look into an upload
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

logs.configure()
(STATE / "logs").mkdir(parents=True, exist_ok=True)
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
LOGGING = logs.LOGGING
LOGGING["handlers"]["file"]["filename"] = str(STATE / "logs" / "hotich.log")
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
