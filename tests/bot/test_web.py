"""The web chat by its real start command, over HTTP on loopback."""

from __future__ import annotations

import re
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from channel_fakes import QUOTE, run, running

from bot.channels.web import MAX_BODY_BYTES, MAX_FILE_BYTES
from bot.channels.web_page import PAGE_DIR


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page's address, as the start command prints it; at the end it is stopped kindly."""
    public = {"PUBLIC_URL": "https://bot.example"}
    with running("web", "--port", "0", environment=public) as process:
        assert process.stdout is not None
        yield _address_in(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "channel=web outcome=answered" in log
        assert "hồ sơ mấy bộ" not in log
        assert "Traceback" not in log


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """A browser of a new visitor."""
    with httpx.Client(base_url=address, trust_env=False) as client:
        _open_page(client)
        yield client


def _open_page(client: httpx.Client) -> None:
    """Load the page, and from then on send its token along, as its scripts do."""
    found = re.search(r'data-token="(\w+)"', client.get("/").text)
    assert found
    client.headers["x-page-token"] = found[1]


def _address_in(line: str) -> str:
    found = re.search(r"http://[\d.]+:\d+", line)
    assert found, line
    return found[0]


def test_page_is_filled_and_keeps_everything_to_itself(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "<title>[web.title]</title>" in page.text
    assert "{{" not in page.text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|https?://", page.text)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_page_files_are_served(client: httpx.Client) -> None:
    for link in re.findall(r'(?:href|src)="(/page/[^"]+)"', client.get("/").text):
        assert client.get(link).status_code == 200, link


def test_page_files_insert_text_as_text_only() -> None:
    script = "\n".join(file.read_text(encoding="utf-8") for file in PAGE_DIR.glob("*.js"))
    assert len(script) > 1000
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)


def test_session_cookie_is_hidden_from_scripts_and_kept(client: httpx.Client) -> None:
    client.cookies.clear()
    cookie = client.get("/").headers["set-cookie"].lower()
    _open_page(client)
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    first = client.post("/api/turn", json={"text": "ai"}).json()
    second = client.post("/api/turn", json={"text": "ai"}).json()
    assert first == second
    assert client.cookies["chat_session"] in first["blocks"][0]["text"]


def test_foreign_session_value_is_replaced(client: httpx.Client) -> None:
    client.cookies.clear()
    client.cookies.set("chat_session", "../../x")
    assert client.post("/api/turn", json={"text": "ai"}).status_code == 403
    assert "chat_session=" in client.get("/api/session").headers["set-cookie"]


@pytest.mark.parametrize("path", ["/api/turn", "/api/file?name=a.csv"])
@pytest.mark.parametrize("token", ["", "0" * 64, "đ"])
def test_what_does_not_come_from_our_page_is_refused(
    client: httpx.Client, path: str, token: str
) -> None:
    answer = client.post(path, content=b"{}", headers={"x-page-token": token.encode()})
    assert answer.status_code == 403
    assert answer.json() == {"error": "[web.no_session]"}


def test_token_of_one_visitor_is_of_no_use_to_another(client: httpx.Client, address: str) -> None:
    with httpx.Client(base_url=address, trust_env=False) as other:
        _open_page(other)
        stolen = {"x-page-token": other.headers["x-page-token"]}
        assert client.post("/api/turn", json={"text": "ai"}, headers=stolen).status_code == 403


def test_page_that_lost_its_session_gets_a_new_one(client: httpx.Client) -> None:
    client.cookies.clear()
    client.headers["x-page-token"] = client.get("/api/session").json()["token"]
    assert client.post("/api/turn", json={"text": "ai"}).status_code == 200


def test_turn_sent_twice_is_taken_once(client: httpx.Client) -> None:
    first = client.post("/api/turn", json={"id": "t1", "text": "đếm"}).json()
    again = client.post("/api/turn", json={"id": "t1", "text": "đếm"}).json()
    other = client.post("/api/turn", json={"id": "t2", "text": "đếm"}).json()
    assert first == again
    assert first != other


def test_page_keeps_no_token_in_a_cache(client: httpx.Client) -> None:
    for path in ("/", "/api/session"):
        assert client.get(path).headers["cache-control"] == "no-store"


def test_file_is_a_turn_and_a_large_one_is_refused(client: httpx.Client) -> None:
    answer = client.post("/api/file?name=x%C3%A3.csv", content=b"a,b").json()
    assert "file=xã.csv:3" in answer["blocks"][0]["text"]
    too_big = client.post("/api/file?name=a.csv", content=b"x" * (MAX_FILE_BYTES + 1))
    assert too_big.status_code == 413
    assert too_big.json() == {"error": "[web.file_too_big]"}
    assert client.post("/api/file", content=b"a").status_code == 400
    assert client.post("/api/file?name=a.csv", content=b"").status_code == 400


def test_too_many_messages_get_the_sentence_of_the_limit() -> None:
    with running("web", "--port", "0", environment={"FAKE_LIMIT": "2"}) as process:
        assert process.stdout is not None
        with httpx.Client(
            base_url=_address_in(process.stdout.readline()), trust_env=False
        ) as visitor:
            _open_page(visitor)
            codes = [visitor.post("/api/turn", json={"text": "x"}).status_code for _ in range(3)]
            assert codes == [200, 200, 429]
            refused = visitor.post("/api/turn", json={"text": "x"})
            assert refused.json() == {"error": "[limit.person]"}


def test_turn_gives_the_whole_reply(client: httpx.Client) -> None:
    answer = client.post("/api/turn", json={"text": "hồ sơ mấy bộ"}).json()
    assert answer["status"] == "answered"
    assert [block["kind"] for block in answer["blocks"]] == ["text", "quote", "source"]
    [citation] = answer["citations"]
    assert citation == {
        "clause": "V.3",
        "path": ["V. Khen thưởng", "3. Hồ sơ"],
        "quote": QUOTE,
        "bullet": 1,
        "plan": "fake",
        "place": "mục V.3",
    }
    assert answer["buttons"] == [[{"label": "Xem nguyên văn", "action": "show:V.3"}]]


def test_button_and_file(client: httpx.Client) -> None:
    pressed = client.post("/api/turn", json={"action": "show:V.3"}).json()
    assert "action=show:V.3" in pressed["blocks"][0]["text"]
    [file] = client.post("/api/turn", json={"text": "tệp"}).json()["attachments"]
    assert file == {"name": "kết quả.txt", "content": "eG9uZw=="}


@pytest.mark.parametrize(
    "body",
    ["", "không phải json", "[]", '{"text": 5}', '{"other": "x"}', '{"text": "a"', b"\xff\xfe{}"],
)
def test_what_is_no_turn_gets_one_sentence(client: httpx.Client, body: str | bytes) -> None:
    answer = client.post("/api/turn", content=body)
    assert answer.status_code == 400
    assert answer.json() == {"error": "[web.bad_request]"}


def test_half_a_character_is_no_failure(client: httpx.Client) -> None:
    answer = client.post("/api/turn", content=r'{"text": "a\ud83d"}')
    assert answer.status_code in (200, 400)


def test_body_over_the_limit_is_refused(client: httpx.Client) -> None:
    answer = client.post("/api/turn", json={"text": "a" * MAX_BODY_BYTES})
    assert answer.status_code == 413
    assert answer.json() == {"error": "[web.too_large]"}


def test_failed_turn_gives_a_reference(client: httpx.Client) -> None:
    answer = client.post("/api/turn", json={"text": "hỏng"})
    assert answer.status_code == 500
    assert re.fullmatch(r"\[web.failed reference=\w+\]", answer.json()["error"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 403),
        ({"host": "evil.example:8080"}, 403),
        ({"host": "[::"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "bot.example", "origin": "https://evil.example"}, 403),
        ({"host": "bot.example", "origin": "https://bot.example"}, 200),
        ({"host": "localhost:1234"}, 200),
        ({"host": "192.168.1.9"}, 200),
        ({"host": "localhost", "origin": "http://localhost"}, 200),
    ],
)
def test_only_our_own_page_and_name_are_served(
    client: httpx.Client, headers: dict[str, str], status: int
) -> None:
    assert client.post("/api/turn", json={"text": "x"}, headers=headers).status_code == status


def test_unknown_address_and_method_get_one_sentence(client: httpx.Client) -> None:
    for answer in (client.get("/nothing"), client.get("/api/turn"), client.get("/page/../web.py")):
        assert answer.status_code in (404, 405)
        assert answer.json() == {"error": "[web.bad_request]"}


def test_health(client: httpx.Client) -> None:
    assert client.get("/healthz").json()["status"] == "ok"


def test_turns_of_one_visitor_are_answered_in_order_and_hold_up_nobody(
    client: httpx.Client,
) -> None:
    client.get("/")
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(client.post, "/api/turn", json={"text": "chậm"})
        time.sleep(0.3)
        next_one = pool.submit(client.post, "/api/turn", json={"text": "nhanh"})
        with httpx.Client(base_url=client.base_url, trust_env=False) as other:
            _open_page(other)
            assert other.post("/api/turn", json={"text": "x"}).status_code == 200
        assert not slow.done()
        assert not next_one.done()
        assert slow.result().status_code == next_one.result().status_code == 200


def test_page_opens_while_the_assistant_is_on_its_way() -> None:
    with running("web", "--port", "0", environment={"FAKE_OPENING": "1.5"}) as process:
        assert process.stdout is not None
        address = _address_in(process.stdout.readline())
        with httpx.Client(base_url=address, trust_env=False) as client:
            _open_page(client)
            assert client.get("/healthz").json() == {"status": "ok", "ready": False}
            assert client.post("/api/turn", json={"text": "hồ"}).json()["status"] == "answered"
            assert client.get("/healthz").json() == {"status": "ok", "ready": True}


def test_page_can_be_stopped_while_the_assistant_is_on_its_way() -> None:
    with running("web", "--port", "0", environment={"FAKE_OPENING": "60"}) as process:
        assert process.stdout is not None
        _address_in(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_port_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("web", "--port", port)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert port in done.stderr
    assert "--port" in done.stderr


def test_assistant_that_cannot_open_ends_the_command_in_one_line() -> None:
    done = run("web", "--port", "0", environment={"FAKE_OPENING": "broken"})
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["plan.txt: is missing; restore the file"]


def test_without_a_token_the_bare_command_serves_the_page_and_says_how_to_add_one() -> None:
    with running(environment={"WEB_PORT": "0"}) as process:
        assert process.stdout is not None
        _address_in(process.stdout.readline())
        assert process.stdout.readline().strip() == "[web.hint_token]"


def test_page_weighs_little() -> None:
    assert sum(file.stat().st_size for file in PAGE_DIR.iterdir()) < 100_000
