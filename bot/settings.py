"""Settings from the environment (or a .env file), read once and checked."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from knowledge.plan import PLANS_DIR


class Settings(BaseSettings):
    """Everything that can be set; the names in upper case are the environment's."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    telegram_token: SecretStr | None = None
    telegram_base_url: HttpUrl = HttpUrl("https://api.telegram.org")
    telegram_webhook_url: HttpUrl | None = None
    telegram_webhook_secret: SecretStr | None = None
    zalo_bot_token: SecretStr | None = None
    zalo_base_url: HttpUrl = HttpUrl("https://bot-api.zaloplatforms.com")
    zalo_webhook_url: HttpUrl | None = None
    zalo_webhook_secret: SecretStr | None = Field(default=None, min_length=8, max_length=256)
    zalo_bot_name: str = ""
    public_url: HttpUrl | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    plan_id: str | None = None
    plans_dir: Path = PLANS_DIR
    index_dir: Path = Field(default_factory=lambda: user_cache_path("tro-ly-thi-dua") / "index")
    passages_url: SecretStr | None = None
    embedding_model: str = ""
    data_dir: Path = Field(default_factory=lambda: user_data_path("tro-ly-thi-dua"))
    database_url: SecretStr | None = None
    store_key: SecretStr | None = None
    session_hours: float = Field(default=24, gt=0, le=24 * 365)
    learning_days: float = Field(default=30, gt=0, le=365)
    admin_ids: str = ""
    rate_per_minute: int = Field(default=30, ge=1)
    rate_per_minute_all: int = Field(default=1200, ge=1)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")


def load_settings(**overrides: object) -> Settings:
    """The settings; `overrides` win over the environment.

    Raises SettingsError in one line naming the setting, its value and what is allowed. The
    value of a secret is never shown.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "(settings)"
        is_secret = any(
            word in name for word in ("TOKEN", "SECRET", "KEY", "DATABASE_URL", "PASSAGES_URL")
        )
        shown = "" if is_secret else f" {first['input']!r:.80}"
        raise SettingsError(f"{name}:{shown} — {first['msg']}; correct the setting") from None
