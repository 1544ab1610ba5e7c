"""The terminal commands, as a person or a script starts them."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from channel_fakes import QUOTE, ROOT, SOURCE, clean_environment, command

from bot.channels.terminal import write_new


def _run(*arguments: str, typed: str | bytes = "", **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        command(*arguments),
        env=clean_environment(environment),
        input=typed if isinstance(typed, bytes) else typed.encode(),
        capture_output=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_answer_shows_the_quote_indented_above_its_source() -> None:
    code, output, log = _run("ask", "hồ sơ mấy bộ")
    assert code == 0
    quote = QUOTE.replace("*", "")
    assert output == f"Kế hoạch nêu:\n\n    {quote}\n    {SOURCE}\n"
    assert log == ""


def test_json_alone_is_on_stdout() -> None:
    code, output, log = _run("ask", "hồ sơ mấy bộ", "--json")
    answer = json.loads(output)
    assert code == 0
    assert log == ""
    assert list(answer) == ["status", "answer", "citations", "confidence"]
    assert answer["status"] == "answered"
    assert answer["citations"] == [
        {"clause": "V.3", "path": ["V. Khen thưởng", "3. Hồ sơ"], "quote": QUOTE}
    ]


def test_failed_turn_is_one_line_and_exit_code_1() -> None:
    code, output, log = _run("ask", "hỏng", LOG_LEVEL="ERROR")
    assert code == 1
    assert output == ""
    assert log.splitlines()[-1].startswith("[terminal.failed reference=")
    assert "cannot handle hỏng" not in log


def test_missing_plan_is_one_line_and_exit_code_2() -> None:
    code, output, log = _run("ask", "hồ sơ", FAKE_OPENING="broken")
    assert (code, output, log) == (2, "", "plan.txt: is missing; restore the file\n")


def test_wrong_setting_is_one_line_and_exit_code_2() -> None:
    code, _, log = _run("ask", "hồ sơ", WEB_PORT="chín")
    assert code == 2
    assert len(log.splitlines()) == 1
    assert "WEB_PORT" in log


def test_question_in_another_encoding_is_no_failure() -> None:
    done = subprocess.run(
        [*command("ask"), b"h\xf4 s\xa1"],
        env=clean_environment(),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert "text=h" in done.stdout.decode()


def test_output_is_vietnamese_whatever_the_locale() -> None:
    code, output, _ = _run("ask", "hồ sơ", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert code == 0
    assert "Kế hoạch nêu" in output


def test_piped_conversation_chooses_a_button_by_its_number() -> None:
    code, output, _ = _run("chat", typed="hồ sơ\n\n1\n")
    assert code == 0
    assert "1) Xem nguyên văn" in output
    assert "action=show:V.3" in output
    assert output.endswith("[terminal.bye]\n")


def test_number_without_such_a_button_is_a_message() -> None:
    _, output, _ = _run("chat", typed="hồ sơ\n2\n1)\n")
    assert "text=2 action=" in output
    assert "text=1) action=" in output


@pytest.mark.parametrize("word", ["/thoat", "/THOÁT"])
def test_leaving_word_ends_the_conversation(word: str) -> None:
    code, output, _ = _run("chat", typed=f"{word}\nhồ sơ\n")
    assert code == 0
    assert output == "[terminal.bye]\n"


def test_failed_turn_does_not_end_the_conversation() -> None:
    code, output, _ = _run("chat", typed="hỏng\nhồ sơ\n", LOG_LEVEL="ERROR")
    assert code == 0
    assert "[terminal.failed reference=" in output
    assert "Kế hoạch nêu" in output


def test_broken_bytes_on_stdin_are_no_failure() -> None:
    code, output, _ = _run("chat", typed=b"\xff\xfe h\xf4\n")
    assert code == 0
    assert "text=" in output


def test_piped_output_has_no_colour_codes_even_when_asked_for() -> None:
    _, output, _ = _run("chat", typed="hồ sơ\n", FORCE_COLOR="1", TERM="xterm-256color")
    assert "\x1b" not in output


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("leave", [b"\x04", b"\x03"], ids=["Ctrl-D", "Ctrl-C"])
def test_person_at_a_terminal_can_leave_politely(leave: bytes) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("chat"),
        env=clean_environment({"TERM": "xterm"}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(theirs)
    seen = _read_until(ours, "[terminal.prompt]")
    assert "1) Hồ sơ" in seen
    assert "[terminal.welcome]" in seen
    for _ in range(4):  # a key pressed before the line editor has taken over may be lost
        os.write(ours, leave)  # too soon after the last, it would cut the goodbye short
        seen += _read_until(ours, "[terminal.bye]", seconds=8)
        if "[terminal.bye]" in seen:
            break
    assert "[terminal.bye]" in seen
    assert process.wait(timeout=10) == 0
    os.close(ours)


def _take_terminal() -> None:
    import fcntl
    import signal
    import termios

    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run unattended
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until(terminal: int, words: str, seconds: float = 10) -> str:
    seen = b""
    while words not in seen.decode(errors="replace"):
        if not select.select([terminal], [], [], seconds)[0]:
            break
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
    return seen.decode(errors="replace")


def test_asking_loads_no_channel_library_and_no_model_library() -> None:
    heavy = ["telegram", "starlette", "uvicorn", "torch", "transformers", "sklearn", "httpx"]
    program = (
        "import sys, runpy\n"
        "sys.argv = ['bot', 'ask', 'hồ sơ', '--json']\n"
        "try:\n"
        f"    runpy.run_path({str(ROOT / 'tests/bot/channel_fakes.py')!r}, run_name='__main__')\n"
        "except SystemExit:\n"
        "    pass\n"
        f"print([name for name in {heavy} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=clean_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_files_are_written_beside_those_that_are_there_and_named(tmp_path: Path) -> None:
    (tmp_path / "kết quả.txt").write_text("của tôi", encoding="utf-8")
    done = subprocess.run(
        command("chat"),
        env=clean_environment(),
        cwd=tmp_path,
        input="tệp\ntệp\n".encode(),
        capture_output=True,
        timeout=30,
        check=True,
    )
    output = done.stdout.decode()
    for name, content in (("", "của tôi"), ("-2", "xong"), ("-3", "xong")):
        file = tmp_path / f"kết quả{name}.txt"
        assert file.read_text(encoding="utf-8") == content
        assert (f"[terminal.saved path={file}]" in output) == bool(name)


@pytest.mark.skipif(sys.platform == "win32", reason="/proc is Linux's")
def test_a_file_that_cannot_be_written_is_one_line_and_the_conversation_goes_on() -> None:
    done = subprocess.run(
        command("chat"),
        env=clean_environment(),
        cwd="/proc",
        input="tệp\nhồ sơ\n".encode(),
        capture_output=True,
        timeout=30,
        check=True,
    )
    output = done.stdout.decode()
    assert "[terminal.not_saved name=kết quả.txt" in output
    assert "Kế hoạch nêu" in output


@pytest.mark.parametrize("name", ["../x.docx", "/tmp/x.docx", "x.docx"])
def test_files_stay_in_the_folder(tmp_path: Path, name: str) -> None:
    assert write_new(tmp_path, name, b"") == tmp_path / "x.docx"
