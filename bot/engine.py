"""Opens search for the settings; a missing index is built by a process of its own."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from bot.settings import Settings
from indexer.build import is_current
from indexer.encoder import Encoder, open_encoder
from indexer.errors import EncoderError, IndexFolderError
from indexer.postgresql import open_database
from indexer.recent_queries import RecentQueries
from indexer.search import Searcher
from knowledge.plan import Plan

if TYPE_CHECKING:
    from indexer.postgresql.database import PassageDatabase

_log = logging.getLogger(__name__)


def build_missing(plans: Sequence[Plan], settings: Settings) -> None:
    """Build the indexes that are missing or outdated; raises as `open_searcher` does."""
    encoder, database = _open_encoder(settings.embedding_model), _open_database(settings)
    for plan in plans:
        if not is_current(plan, encoder, settings.index_dir, database):
            _build_apart(plan, settings)


def open_searcher(plan: Plan, settings: Settings) -> Searcher:
    """The searcher over the plan's current index, built first where there is none.

    Without a working embedded encoder it runs on BM25 alone and says so once. Raises
    EncoderError for a named model that cannot be loaded, IndexFolderError where the index
    cannot be written, PassageDatabaseError where PASSAGES_URL cannot be used.
    """
    encoder, database = _open_encoder(settings.embedding_model), _open_database(settings)
    if not is_current(plan, encoder, settings.index_dir, database):
        _build_apart(plan, settings)
    return Searcher.open(plan, encoder, settings.index_dir, database)


@cache
def _open_encoder(model: str) -> Encoder | None:
    try:
        return RecentQueries(open_encoder(model))
    except EncoderError as error:
        if model:
            raise
        _log.warning("%s; answering by words alone (BM25)", error)
        return None


def _open_database(settings: Settings) -> PassageDatabase | None:
    url = _passages_url(settings)
    return open_database(url) if url else None


def _passages_url(settings: Settings) -> str:
    return settings.passages_url.get_secret_value().strip() if settings.passages_url else ""


def _build_apart(plan: Plan, settings: Settings) -> None:
    """Build in a process that ends: what building needs does not stay in the serving one."""
    command = [sys.executable, "-m", "indexer", "build", "--plan", plan.id]
    command += ["--plans-dir", str(settings.plans_dir), "--index-dir", str(settings.index_dir)]
    environment = {
        **os.environ,
        "EMBEDDING_MODEL": settings.embedding_model,
        "PASSAGES_URL": _passages_url(settings),
    }
    done = subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise IndexFolderError(
            f"INDEX_DIR: the index in {settings.index_dir} could not be built (see above); "
            "run: python -m indexer build"
        )
