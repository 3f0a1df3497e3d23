"""Settings: one class, the only reader of the environment; wrong values fail at start, not at use."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs


class SettingInvalid(ValueError):
    """A setting that cannot be used; the message names it."""


def _default_data_dir() -> Path:
    return Path(platformdirs.user_data_dir("waypost", appauthor=False))


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is read from WAYPOST_<NAME>; what is not set has the default shown."""

    data_dir: Path = field(
        default_factory=_default_data_dir, metadata={"help": "Where files, the embedded database and keys live."}
    )
    host: str = field(default="127.0.0.1", metadata={"help": "The address the web server listens on."})
    port: int = field(default=8020, metadata={"help": "The port the web server listens on."})
    database_url: str = field(
        default="",
        repr=False,
        metadata={"help": "A PostgreSQL address; empty means the embedded server in the data directory."},
    )
    public_url: str = field(
        default="",
        metadata={"help": "The address under which recipients reach this server; links in mail start with it."},
    )
    smtp_url: str = field(
        default="",
        repr=False,
        metadata={
            "help": "smtp://, smtps:// or smtp+starttls:// with user and password; empty means the local mailbox."
        },
    )
    mailbox_port: int = field(
        default=0, metadata={"help": "The port of the local mailbox's SMTP server; 0 means the web port plus 1."}
    )
    inbound_port: int = field(
        default=0, metadata={"help": "The port on which bounces and replies come in by SMTP; 0 means not at all."}
    )
    admin_email: str = field(default="", metadata={"help": "The owner's address made on the first start."})
    admin_password: str = field(
        default="",
        repr=False,
        metadata={"help": "The owner's password made on the first start; empty means one is made up and printed once."},
    )
    api_key: str = field(
        default="",
        repr=False,
        metadata={"help": "An API key to accept from the first start; empty means one is made up and printed once."},
    )
    secret_key: str = field(
        default="",
        repr=False,
        metadata={
            "help": "Key for secrets at rest and tokens; empty means one is made and kept in the data directory."
        },
    )
    workers: int = field(default=1, metadata={"help": "How many worker processes `up` starts."})
    log_level: str = field(default="info", metadata={"help": "debug, info, warning or error."})
    allow_private_hosts: bool = field(
        default=False, metadata={"help": "Let outbound requests reach private addresses."}
    )
    dns_servers: str = field(
        default="",
        metadata={"help": "DNS servers to ask about sending domains, with commas between; empty means the system's."},
    )
    metrics_token: str = field(
        default="", repr=False, metadata={"help": "When set, /metrics asks for it as a bearer token."}
    )

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def journal_dir(self) -> Path:
        return self.data_dir / "journal"

    @property
    def base_url(self) -> str:
        """The public address without a trailing slash."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def local_mailbox_port(self) -> int:
        return self.mailbox_port or self.port + 1

    @property
    def outgoing_smtp_url(self) -> str:
        """Where mail goes: the configured relay, else the local mailbox."""
        return self.smtp_url or f"smtp://127.0.0.1:{self.local_mailbox_port}"


def load_settings(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read the environment (or the mapping given); keyword arguments win over it."""
    source = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for item in fields(Settings):
        name = f"WAYPOST_{item.name.upper()}"
        if overrides.get(item.name) is not None:
            values[item.name] = overrides[item.name]
        elif name in source and (source[name] or item.type == "str"):
            values[item.name] = _convert(name, str(item.type), source[name])
    settings = Settings(**values)  # type: ignore[arg-type]
    _check(settings)
    return settings


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as the environment that would give them, for child processes."""
    values = {item.name: getattr(settings, item.name) for item in fields(settings)}
    return {
        f"WAYPOST_{name.upper()}": str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in values.items()
    }


def _convert(name: str, kind: str, text: str) -> object:
    if kind == "int":
        if not text.isdigit():
            raise SettingInvalid(f"{name} must be a whole number, not {text!r}")
        return int(text)
    if kind == "bool":
        if text.lower() not in ("0", "1", "true", "false", "yes", "no"):
            raise SettingInvalid(f"{name} must be true or false, not {text!r}")
        return text.lower() in ("1", "true", "yes")
    return Path(text).expanduser() if kind == "Path" else text


def _check(settings: Settings) -> None:
    if settings.port > 65534:
        raise SettingInvalid("WAYPOST_PORT must be below 65535")
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in ("smtp", "smtps", "smtp+starttls"):
        raise SettingInvalid("WAYPOST_SMTP_URL must begin with smtp://, smtps:// or smtp+starttls://")
    if settings.public_url and urlsplit(settings.public_url).scheme not in ("http", "https"):
        raise SettingInvalid("WAYPOST_PUBLIC_URL must begin with http:// or https://")
    if settings.log_level not in ("debug", "info", "warning", "error"):
        raise SettingInvalid("WAYPOST_LOG_LEVEL must be debug, info, warning or error")


def secret_key(settings: Settings) -> bytes:
    """The 32-byte master key: from the settings, else kept in the data directory, made once."""
    if settings.secret_key:
        import hashlib

        return hashlib.sha256(settings.secret_key.encode()).digest()
    path = settings.data_dir / "secret.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    key = secrets.token_bytes(32)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    return key
