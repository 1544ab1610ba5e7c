"""The indexes that one database keeps: which there are, a new one in the old one's place, reading.

Every index has tables of its own, written and announced in one transaction. Connections that read
an index hold an advisory lock on its number, so that its tables are dropped only once nobody reads
them: a process goes on with the index it has opened while the next one takes its place.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from indexer.dense import SEEN_IN_SEARCH
from indexer.errors import PassageDatabaseError
from indexer.postgresql.filling import TABLES, fill, save_sample
from indexer.postgresql.reading import IndexReader
from indexer.postgresql.text import SharedTextIndex
from indexer.store import Fingerprint
from indexer.text_index import TextIndex

FILLING, READING = 0x7468_6901, 0x7468_6902  # kinds of advisory locks: on a plan, on an index
CONNECT_SECONDS = 5
LEAST_PGVECTOR = (0, 7)  # the first with vectors of two bytes a dimension
_REGISTER = """
CREATE TABLE IF NOT EXISTS search_index (
    number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan text NOT NULL, fingerprint text NOT NULL, size int NOT NULL,
    built timestamptz NOT NULL DEFAULT now(), UNIQUE (plan, fingerprint)
);
CREATE TABLE IF NOT EXISTS search_index_file (
    number int NOT NULL REFERENCES search_index ON DELETE CASCADE,
    name text NOT NULL, content bytea NOT NULL, PRIMARY KEY (number, name)
)
"""
_SESSION = f"""
SET hnsw.ef_search = {SEEN_IN_SEARCH};
SET plan_cache_mode = force_custom_plan;
SET jit = off
"""


class PassageDatabase:
    """Keeps indexes of plans. Safe to use from several threads and processes.

    Every method raises PassageDatabaseError, one line that names no password, where the server
    does not answer or refuses.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        try:
            if not url.startswith(("postgresql://", "postgres://")):
                raise ValueError
            address = conninfo_to_dict(url)
        except (psycopg.Error, ValueError):
            raise PassageDatabaseError(
                "PASSAGES_URL: not a database address; "
                "allowed: postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
            ) from None
        self._place = f"PASSAGES_URL ({address.get('host', 'local')}/{address.get('dbname', '')})"

    def __repr__(self) -> str:
        return f"PassageDatabase({self._place})"

    def holds(self, fingerprint: Fingerprint) -> bool:
        """Whether an index of exactly this plan, encoder and segmenter is there.

        Where it is not, the server is found fit to keep it.
        """
        with self._told(), self._connected() as connection:
            if _find(connection, fingerprint) is not None:
                return True
            self._prepare_vectors(connection)
            return False

    @contextmanager
    def replacing(self, fingerprint: Fingerprint, index: TextIndex) -> Iterator[Path]:
        """An empty folder for the index's small files; with it the index is kept on success only.

        Where another process has kept the same one meanwhile, that one stays.
        """
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            save_sample(index.contents, folder)
            yield folder
            with self._told(), self._connected() as connection:
                with connection.transaction():
                    self._keep(connection, fingerprint, index, folder)
                _drop_unread(connection, fingerprint)

    @contextmanager
    def opened(self, fingerprint: Fingerprint) -> Iterator[tuple[Path, SharedTextIndex]]:
        """A folder with the index's small files, for the moment, and its passages' scores."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with self._told(), self._connected() as connection:
                found = _find(connection, fingerprint)
            if found is None:
                raise PassageDatabaseError(self._gone())
            number, size = found
            reader = IndexReader(number, self._told, lambda: self._reading(number))
            rows = reader.rows(
                "SELECT name, content FROM search_index_file WHERE number = %s", number
            )
            for file, content in rows:
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (folder / file).write_bytes(content)
            yield folder, SharedTextIndex.load(folder, reader, size, bool(fingerprint.encoder))

    def _keep(
        self,
        connection: psycopg.Connection,
        fingerprint: Fingerprint,
        index: TextIndex,
        folder: Path,
    ) -> None:
        plan = fingerprint.plan
        connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", (FILLING,))
        connection.execute(_REGISTER)
        self._prepare_vectors(connection)
        if _find(connection, fingerprint) is not None:
            return
        kept = connection.execute(
            "INSERT INTO search_index (plan, fingerprint, size) VALUES (%s, %s, %s)"
            " RETURNING number",
            (plan, _as_text(fingerprint), index.contents.lexical.size),
        ).fetchone()
        assert kept is not None
        fill(connection, kept[0], index.contents)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_index_file VALUES (%s, %s, %s)",
                [
                    (kept[0], path.relative_to(folder).as_posix(), path.read_bytes())
                    for path in sorted(folder.rglob("*"))
                    if path.is_file()
                ],
            )

    def _prepare_vectors(self, connection: psycopg.Connection) -> None:
        """See to it that pgvector is there, and new enough."""
        asked = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
        found = connection.execute(asked).fetchone()
        if found is None:
            try:
                with connection.transaction():
                    connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            except psycopg.Error:
                raise PassageDatabaseError(
                    f"{self._place}: pgvector is missing; install it on the server and let its "
                    "administrator run CREATE EXTENSION vector"
                ) from None
            found = connection.execute(asked).fetchone()
        assert found is not None
        if tuple(map(int, found[0].split(".")[:2])) < LEAST_PGVECTOR:
            least = ".".join(map(str, LEAST_PGVECTOR))
            raise PassageDatabaseError(
                f"{self._place}: pgvector {found[0]} is too old; allowed: {least} or newer"
            )

    def _reading(self, number: int) -> psycopg.Connection:
        """A connection that keeps the index from being dropped as long as it is open."""
        connection = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_SECONDS)
        try:
            connection.execute(_SESSION)
            connection.execute("SELECT pg_advisory_lock_shared(%s, %s)", (READING, number))
            asked = "SELECT FROM search_index WHERE number = %s"
            if connection.execute(asked, (number,)).fetchone() is None:
                raise PassageDatabaseError(self._gone())
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        connection = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_SECONDS)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the server says, in one line without the address's password."""
        try:
            yield
        except psycopg.Error as error:
            said = error.diag.message_primary or type(error).__name__
            raise PassageDatabaseError(
                f"{self._place}: cannot be used ({said}); "
                "check the address, the password, and that the server runs"
            ) from None

    def _gone(self) -> str:
        return f"{self._place}: the index has been replaced by another one; start again"


def _find(connection: psycopg.Connection, fingerprint: Fingerprint) -> tuple[int, int] | None:
    """The index's number and how many passages it has."""
    there = connection.execute("SELECT to_regclass('search_index')").fetchone()
    if there is None or there[0] is None:
        return None
    return connection.execute(
        "SELECT number, size FROM search_index WHERE plan = %s AND fingerprint = %s",
        (fingerprint.plan, _as_text(fingerprint)),
    ).fetchone()


def _drop_unread(connection: psycopg.Connection, fingerprint: Fingerprint) -> None:
    """Drop the plan's other indexes that no connection reads."""
    others = connection.execute(
        "SELECT number FROM search_index WHERE plan = %s AND fingerprint <> %s",
        (fingerprint.plan, _as_text(fingerprint)),
    ).fetchall()
    for (number,) in others:
        with connection.transaction():
            asked = "SELECT pg_try_advisory_xact_lock(%s, %s)"
            taken = connection.execute(asked, (READING, number)).fetchone()
            if taken and taken[0]:
                connection.execute("DELETE FROM search_index WHERE number = %s", (number,))
                for table in TABLES:
                    connection.execute(f"DROP TABLE IF EXISTS {table.format(number)}")


def _as_text(fingerprint: Fingerprint) -> str:
    return json.dumps(asdict(fingerprint), sort_keys=True)
