"""The real program, killed in the middle of a conversation: it goes on where it was."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from channel_fakes import running

COOKIE = "k" * 43


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_a_conversation_goes_on_after_a_kill(tmp_path: Path, index_dir: Path) -> None:
    environment = {"DATA_DIR": str(tmp_path), "INDEX_DIR": str(index_dir)}
    with _serving(environment) as (process, port):
        asked = _turn(port, "/dieukien")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    with _serving(environment) as (_, port):
        subject = asked["buttons"][0][0]
        following = _turn(port, subject["label"])
        assert following["status"] == "award"
        assert following["blocks"] != asked["blocks"]
        assert "không có lệnh" not in _words(following)
        _turn(port, "/xoa")
        assert _turn(port, subject["label"])["status"] != "award"
    assert COOKIE.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with running("web", "--port", "0", fake=False, environment=environment) as process:
        assert process.stdout is not None
        address = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert address is not None
        yield process, int(address[1])


def _turn(port: int, text: str) -> dict[str, list[list[dict[str, str]]]]:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as page:
        page.cookies.set("chat_session", COOKIE)
        token = page.get("/api/session").json()["token"]
        response = page.post("/api/turn", json={"text": text}, headers={"x-page-token": token})
    assert response.status_code == 200, response.text
    return response.json()


def _words(reply: dict[str, list[list[dict[str, str]]]]) -> str:
    return json.dumps(reply["blocks"], ensure_ascii=False)
