"""The one settings file: embedded by default, production through environment variables (docs/installatie.md)."""

import sys
from pathlib import Path

from portaal import omgeving

BASIS = Path(__file__).resolve().parent.parent
TESTEN = "pytest" in sys.modules
GEGEVENSMAP = Path(omgeving.tekst("GEGEVENSMAP", str(BASIS / "var")))

DEBUG = omgeving.vlag("DEBUG", standaard=False)
SECRET_KEY = omgeving.tekst("SECRET_KEY") or omgeving.sleutel(GEGEVENSMAP / "geheime_sleutel")
ALLOWED_HOSTS = omgeving.lijst("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = omgeving.lijst("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "kern",
    "organisaties",
    "oproepen",
    "dossiers",
    "betalingen",
    "beoordeling",
    "portaal",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_fsm",
    "django_htmx",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "kern.middleware.MomentVanOntvangst",
    "kern.middleware.LeesEenmaal",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kern.middleware.Inhoudsbeleid",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kern.middleware.WeigeringAlsPagina",
]

ROOT_URLCONF = "portaal.urls"
WSGI_APPLICATION = "portaal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASIS / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portaal.context.portaal",
            ],
        },
    },
]

DATABASES = {"default": omgeving.databank("DATABASE_URL", f"sqlite:///{GEGEVENSMAP / 'oproepenloket.sqlite3'}")}
# Demo accounts on the sign-in page and a notice on every page; `manage.py start` sets it for the demo installation.
DEMO = omgeving.vlag("DEMO", standaard=DEBUG)

# Shared by all workers: allauth counts failed sign-ins in it.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One order for every lock, each by ascending key (kern/sloten.py refuses another order).
SLOTVOLGORDE = [
    "kern.inlezing",
    "oproepen.oproep",
    "oproepen.ronde",
    "beoordeling.besluit",
    "betalingen.begrotingsjaar",
    "betalingen.stand",
    "dossiers.dossier",
    "beoordeling.scoreblad",
    "beoordeling.juryadvies",
    "dossiers.verslag",
    "dossiers.kostenstaat",
    "betalingen.betaalopdracht",
    "betalingen.betaling",
    "betalingen.terugvordering",
    "betalingen.betaalbelemmering",
    "betalingen.afschriftregel",
    "organisaties.organisatie",
    "kern.keten",
]

AUTH_USER_MODEL = "organisaties.Gebruiker"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTEN:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "organisaties.forms.Naamvelden"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_UNIQUE_EMAIL = True
if TESTEN:
    ACCOUNT_RATE_LIMITS = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "mijn_werk"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

LANGUAGE_CODE = "nl-be"
LANGUAGES = [("nl-be", "Nederlands")]
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = GEGEVENSMAP / "static"
STATICFILES_DIRS = [BASIS / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": GEGEVENSMAP / "bestanden", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTEN
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTEN
WHITENOISE_AUTOREFRESH = DEBUG or TESTEN

BIJLAGE_MAX_BYTES = omgeving.geheel("BIJLAGE_MAX_MB", 10) * 1024 * 1024
# The largest file of any page: an attachment, or a statement of 20 MB. More of an upload is never kept.
GROOTSTE_UPLOAD_BYTES = max(BIJLAGE_MAX_BYTES, 20 * 1024 * 1024)
FILE_UPLOAD_HANDLERS = [
    "kern.uploads.Grens",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

SMTP = omgeving.tekst("SMTP_HOST")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if SMTP else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = GEGEVENSMAP / "mail"
EMAIL_HOST = SMTP
EMAIL_PORT = omgeving.geheel("SMTP_PORT", 25)
EMAIL_HOST_USER = omgeving.tekst("SMTP_USER")
EMAIL_HOST_PASSWORD = omgeving.tekst("SMTP_PASSWORD")
EMAIL_USE_TLS = omgeving.vlag("SMTP_TLS", standaard=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = omgeving.tekst("AFZENDER", "oproepenloket@localhost")
# Links in mails; the web server's own address cannot be known outside a request.
ADRES = omgeving.tekst("ADRES", "http://127.0.0.1:8000")

VEILIG = omgeving.vlag("HTTPS", standaard=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = VEILIG
SECURE_HSTS_SECONDS = 31_536_000 if VEILIG else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if VEILIG else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portaal.fouten.csrf_mislukt"

# A list of more rows is made in the background, not while the browser waits.
UITVOER_DIRECT_RIJEN = omgeving.geheel("UITVOER_DIRECT_RIJEN", 20_000)

# Published data (docs/publicatie.md). Both are assumptions: 360Giving issues the prefix, the register its own words.
PUBLICATIE_PREFIX = omgeving.tekst("PUBLICATIE_PREFIX", "360G-oproepenloket")
PUBLICATIE_BELEIDSDOMEIN = omgeving.tekst("PUBLICATIE_BELEIDSDOMEIN", "Welzijn, Volksgezondheid en Gezin")

# The longest that a request may be under way; a round is closed this long after its deadline.
LANGSTE_VERZOEK_SECONDEN = 120
# Header in which a trusted proxy says when the request reached it; empty: there is no such proxy.
ONTVANGST_KOPREGEL = omgeving.tekst("ONTVANGST_KOPREGEL")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"regel": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"uitvoer": {"class": "logging.StreamHandler", "formatter": "regel"}},
    "root": {"handlers": ["uitvoer"], "level": omgeving.tekst("LOGNIVEAU", "INFO")},
}
