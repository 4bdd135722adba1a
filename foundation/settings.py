"""Settings: environment variables with the prefix ``KEFU_``, or a ``.env`` file.

Nothing is read at import time; ``load_settings()`` is called once at each process's edge and the
result handed on. An unknown or bad setting stops the start with its name and the reason.
"""

import os
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from foundation.data_keys import parse_data_keys
from foundation.errors import BadSettings
from foundation.mail_server import parse_mail_server

PREFIX = "KEFU_"
_SHORTEST_TOKEN = 16
# Read by other programs (the assistant, the tests, the benchmarks), so not unknown to us.
_OTHERS = {
    "KEFU_BENCH_DATA",
    "KEFU_CACHE",
    "KEFU_CHROMIUM",
    "KEFU_SCREENSHOTS",
    "KEFU_TEST_POSTGRES_URL",
    "KEFU_TEST_REDIS_URL",
    "KEFU_TEST_AMQP_URL",
}

Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Everything that an operator may choose."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    var: Path = Field(Path("var"), description="Folder for databases, secrets, logs, attachments.")
    database_url: str = Field("", description="Empty: SQLite at <var>/kefu.db.")
    host: str = Field("127.0.0.1", description="Address that the gateway listens on.")
    port: Port = 8080
    rasa_port: Port = 5005
    actions_port: Port = 5055
    log_level: str = "INFO"
    log_json: bool = Field(False, description="JSON lines instead of readable ones.")
    public_url: str = Field("", description="The address that customers see; empty: host and port.")
    secure_cookies: bool = Field(
        False, description="Set the Secure flag; set anyway where public_url is https."
    )

    internal_token: SecretStr = Field(
        SecretStr(""), description="Shared by gateway, Rasa and the action server."
    )
    secret_keys: SecretStr = Field(
        SecretStr(""), description="Comma-separated signing keys, the newest first."
    )

    data_keys: SecretStr = Field(
        SecretStr(""), description="Comma-separated id:key pairs that encrypt, the newest first."
    )
    backup_keys: SecretStr = Field(
        SecretStr(""),
        description="Keys of their own for backups, like data_keys; empty: the data keys.",
    )
    backup_folder: str = Field("", description="Where backups are kept; empty: <var>/backups.")
    backup_keep: Annotated[int, Field(ge=0, le=10_000)] = Field(
        7, description="So many backups stay; one is made each night. 0: none at night."
    )
    encrypt_messages: bool = Field(
        False, description="Encrypt what is said in conversations too; search cannot read it then."
    )

    consent_opt_in: str = Field(
        "", description="Comma-separated purposes that need a consent, against their default."
    )
    consent_opt_out: str = Field(
        "", description="Comma-separated purposes that are allowed until a customer objects."
    )
    retention: str = Field(
        "", description="How long data is kept where it differs, like `chats=365d,audit=never`."
    )

    gateway_workers: Annotated[int, Field(ge=1, le=64)] = Field(
        1, description="Processes of the gateway on this machine; more than one needs redis_url."
    )
    redis_url: SecretStr = Field(
        SecretStr(""), description="What gateway processes tell each other through; empty: alone."
    )
    redis_prefix: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")] = Field(
        "kefu", description="Begins our names in Redis; another one for each installation there."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Lets a scraper on another machine read /metrics."
    )
    otlp_endpoint: str = Field(
        "", description="Where traces are sent by OTLP over HTTP; empty: none are made."
    )

    turn_timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 10.0
    turn_attempts: Annotated[int, Field(ge=1, le=10)] = 3
    session_hours: Annotated[int, Field(ge=1, le=24 * 90)] = Field(
        24, description="So long after its last use a visitor's session ends."
    )
    max_message_chars: Annotated[int, Field(ge=100, le=20_000)] = 4_000
    max_attachment_bytes: Annotated[int, Field(ge=1_000, le=50_000_000)] = 5_000_000
    max_import_bytes: Annotated[int, Field(ge=1_000, le=10_000_000_000)] = Field(
        500_000_000, description="The largest file that staff may upload to be imported."
    )
    message_burst: Annotated[int, Field(ge=1, le=1_000)] = Field(
        10, description="Messages that a visitor may send at once."
    )
    messages_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        60, description="Messages that a visitor may send in the long run."
    )
    address_messages_per_minute: Annotated[int, Field(ge=1, le=10_000_000)] | None = Field(
        None, description="Changes by the visitors of one address; unset: 20 visitors' messages."
    )
    site_messages_per_minute: Annotated[int, Field(ge=1, le=10_000_000)] | None = Field(
        None, description="Changes by the visitors of one site; unset: 200 visitors' messages."
    )
    sessions_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        120, description="Conversations that may be started from one address."
    )
    site_sessions_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        None, description="Conversations that may be started on one site; unset: 10 times that."
    )
    page_reads_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        600, description="Widgets' settings and chat pages that one address may read."
    )
    trusted_proxies: str = Field(
        "",
        description="Comma-separated addresses or networks whose X-Forwarded-For is believed.",
    )
    uploads_per_hour: Annotated[int, Field(ge=1, le=100_000)] = Field(
        60, description="Files that may be sent from one address; so many at once, too."
    )
    api_requests_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        600, description="Requests that one API key may make; so many at once, too."
    )
    tune_in_background: bool = Field(
        True, description="After a quick training, `kefu up` trains the tuned model beside itself."
    )
    outreach_rules: Path | None = Field(
        None, description="Whom analysis has written to, and what; empty: nobody."
    )
    lead_scoring: Path | None = Field(
        None, description="A file of rules that score leads; empty takes those of Kefu."
    )
    refund_limit_minor: Annotated[int, Field(ge=0)] = Field(
        50_000, description="Refunds above this go to a person."
    )

    link_engine: Literal["local", "spark"] = Field(
        "local", description="Where duplicates are looked for: in this process, or on Spark."
    )
    link_certain: Annotated[float, Field(gt=0.5, le=1)] = Field(
        0.999, description="Probability from which two records with hard evidence are one person."
    )
    link_doubtful: Annotated[float, Field(gt=0, le=1)] = Field(
        0.9, description="Probability from which a person is asked whether two records are one."
    )
    link_merge_certain: bool = Field(
        False, description="Merge certain duplicates in the weekly search, without a person."
    )

    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Where mail is handed in, like smtps://user:password@host:465; empty: nowhere.",
    )
    mail_from: str = Field(
        "", max_length=254, description="The sender of mail, like `Shop <help@shop.example>`."
    )

    @field_validator("var")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("data_keys", "backup_keys")
    @classmethod
    def _usable_keys(cls, value: SecretStr) -> SecretStr:
        parse_data_keys(value.get_secret_value())
        return value

    @field_validator("redis_url")
    @classmethod
    def _usable_redis(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        # The address may hold a password: it must not be in the message.
        url = value.get_secret_value()
        if url and not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        if not url and info.data.get("gateway_workers", 1) > 1:
            raise ValueError("must be set where KEFU_GATEWAY_WORKERS is more than 1")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < _SHORTEST_TOKEN:
            raise ValueError(f"must have at least {_SHORTEST_TOKEN} characters")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _usable_mail_server(cls, value: SecretStr) -> SecretStr:
        parse_mail_server(value.get_secret_value())
        return value

    @field_validator("mail_from")
    @classmethod
    def _one_sender(cls, value: str) -> str:
        if value and ("@" not in parseaddr(value)[1] or not value.isprintable()):
            raise ValueError("must be an address, or a name and <an address>")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in filter(None, map(str.strip, value.split(","))):
            ip_network(part)
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        level = value.upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return level

    @property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.var / 'kefu.db'}"

    @property
    def resolved_public_url(self) -> str:
        """The address that customers and staff open."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def sends_mail(self) -> bool:
        """Whether mail can be sent at all."""
        return bool(self.smtp_url.get_secret_value() and self.mail_from)

    @property
    def trusted_networks(self) -> list[str]:
        """The proxies that are believed, one by one."""
        return [part for part in map(str.strip, self.trusted_proxies.split(",")) if part]

    @property
    def cookies_are_secure(self) -> bool:
        """Whether browsers may send our cookies over TLS only."""
        return self.secure_cookies or self.public_url.lower().startswith("https://")

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def resolved_backup_folder(self) -> Path:
        """Where backups are kept."""
        return Path(self.backup_folder).expanduser() if self.backup_folder else self.var / "backups"

    @property
    def secrets_file(self) -> Path:
        """Where the first start writes the secrets that nobody set (mode 600)."""
        return self.var / "secrets.env"


def load_settings(*, env_file: Path | None = Path(".env"), **overrides: Any) -> Settings:
    """Read the settings from overrides, the environment, ``.env`` and ``<var>/secrets.env``.

    Raises:
        BadSettings: a ``KEFU_`` variable is unknown or its value is not acceptable.
    """
    _refuse_unknown(env_file)
    try:
        first = Settings(_env_file=env_file, **overrides)
        files = [first.secrets_file] + ([env_file] if env_file else [])
        return Settings(_env_file=files, **overrides)
    except (ValidationError, SettingsError) as error:
        raise BadSettings(_explain(error)) from None


def _refuse_unknown(env_file: Path | None) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | _OTHERS
    names = [name for name in os.environ if name.startswith(PREFIX)]
    if env_file and env_file.is_file():
        lines = env_file.read_text(encoding="utf-8").splitlines()
        names += [line.split("=")[0].strip() for line in lines if line.startswith(PREFIX)]
    unknown = sorted(set(names) - known)
    if unknown:
        raise BadSettings(f"{unknown[0]}: no such setting")


def _explain(error: ValidationError | SettingsError) -> str:
    if isinstance(error, SettingsError):
        return str(error)
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{PREFIX}{str(first['loc'][0]).upper()}: {first['msg']}"
