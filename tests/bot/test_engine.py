"""How search is opened for the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine import open_searcher
from bot.errors import SettingsError
from bot.settings import load_settings
from indexer.errors import PassageDatabaseError
from knowledge.plan import Plan


@pytest.mark.parametrize("url", ["postgresql://u:geheim@127.0.0.1:1/none", "mysql://u:geheim@h/d"])
def test_a_database_of_indexes_that_cannot_be_used_is_one_line(
    tiny_plan: Plan, tmp_path: Path, url: str
) -> None:
    pytest.importorskip("psycopg")
    settings = load_settings(index_dir=tmp_path, passages_url=url)
    with pytest.raises(PassageDatabaseError) as caught:
        open_searcher(tiny_plan, settings)
    assert str(caught.value).startswith("PASSAGES_URL")
    assert "geheim" not in f"{caught.value}{settings!r}"
    assert "\n" not in str(caught.value)


def test_an_address_that_is_no_text_is_not_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(passages_url=["geheim"])
    assert str(caught.value).startswith("PASSAGES_URL: ")
    assert "geheim" not in str(caught.value)
