"""An old site is moved here by the real command: dates, pictures, addresses, and nobody told."""

import json
import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.system.running import REPO, VARSEL, Up
from tests.system.steps import inbox, told

WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Foreningen</title><link>https://gammel.example.org</link><language>nb-NO</language>
<wp:author><wp:author_login>kari</wp:author_login>
<wp:author_display_name><![CDATA[Kari Eksempel]]></wp:author_display_name></wp:author>
<item><title>Sommerleir &amp; sol</title><link>https://gammel.example.org/2019/07/sommerleir/</link>
<dc:creator>kari</dc:creator><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<content:encoded><![CDATA[Leiren var fin.

Vi takker <strong>alle</strong> som var med; se <a href="/2018/01/andre/">i fjor</a>.

[caption id="a" width="300"]<img alt="Telt"
src="https://gammel.example.org/wp-content/uploads/2019/07/leir-300x200.jpg"> Teltene[/caption]

<ul><li>sol</li><li>bad</li></ul>
[gallery ids="1,2"]]]></content:encoded>
<wp:post_id>7</wp:post_id><wp:post_date_gmt>2019-07-01 10:00:00</wp:post_date_gmt>
<wp:post_name>sommerleir</wp:post_name><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type>
<category domain="category" nicename="leir"><![CDATA[Leir]]></category>
<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key>
<wp:meta_value>leiren</wp:meta_value></wp:postmeta>
</item>
<item><title>Om oss</title><link>https://gammel.example.org/om-oss/</link>
<dc:creator>kari</dc:creator>
<content:encoded><![CDATA[<!-- wp:paragraph --><p>Vi er en forening.</p>
<!-- /wp:paragraph -->]]></content:encoded>
<wp:post_date_gmt>2015-01-01 10:00:00</wp:post_date_gmt><wp:post_name>om-oss</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>
<item><title>Ikke ferdig</title><link>https://gammel.example.org/?p=9</link>
<dc:creator>kari</dc:creator>
<content:encoded><![CDATA[Mer kommer.]]></content:encoded><wp:post_id>9</wp:post_id>
<wp:post_date>2020-02-02 10:00:00</wp:post_date><wp:status>draft</wp:status>
<wp:post_type>post</wp:post_type></item>
<item><title>bilde</title><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status></item>
</channel></rss>"""
MARKDOWN = """---
title: Andre leir
date: 2018-01-05
author: Ola Eksempel
tags: [Leir]
aliases: [/gammel-leir]
---
Det snødde.

Og så var det sol.
"""
NO_AUTHOR = "---\ntitle: Uten forfatter\ndate: 2017-01-05\n---\nTekst.\n"


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    with Up() as system:
        yield system.start()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "gammelt"
    (folder / "wp-content/uploads/2019/07").mkdir(parents=True)
    Image.new("RGB", (60, 40), "red").save(folder / "wp-content/uploads/2019/07/leir.jpg")
    (folder / "eksport.xml").write_text(WXR)
    (folder / "2018/01").mkdir(parents=True)
    (folder / "2018/01/andre.md").write_text(MARKDOWN)
    (folder / "uten.md").write_text(NO_AUTHOR)
    (folder / "_redirects").write_text(
        "/kort /lang 301\n/lang /2019/07/sommerleir/\n/a /b\n/b /a\n/ingen /borte\n"
    )
    return folder


def run(up: Up, key: str, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        told(up.run("articles", "import", *words, "--json", key=key), 0)
    )
    return found


def get(up: Up, path: str) -> httpx.Response:
    return httpx.get(f"{up.url}{path}", follow_redirects=False)


def wait_for(up: Up, path: str, status: int = 200) -> httpx.Response:
    deadline = time.monotonic() + 60
    while (answer := get(up, path)).status_code != status:
        assert time.monotonic() < deadline, (path, answer.status_code)
        time.sleep(0.1)
    return answer


def test_an_old_site_is_moved_and_nobody_is_told(up: Up, old: Path) -> None:
    key = up.key()
    would = run(up, "", str(old), "--published", "--dry-run")
    assert [one["status"] for one in would["imported"]] == ["published"] * 3 + ["draft"]
    assert get(up, "/nyheter/sommerleir/").status_code == 404
    refused = {one["name"]: one["errors"] for one in would["refused"]}
    assert [one["field"] for one in refused["uten.md"]] == ["byline"]
    assert "ring" in refused["/a"][0]["message"]
    assert "/borte" in refused["/ingen"][0]["message"]

    done = run(up, key, str(old), "--published")
    assert [one["name"] for one in done["imported"]] == [
        *("Om oss", "2018/01/andre.md", "Sommerleir & sol", "Ikke ferdig")
    ]
    assert "gallery" in done["notes"][0]["note"]
    page = wait_for(up, "/nyheter/sommerleir/").text
    assert "<strong>alle</strong>" in page
    assert "Kari Eksempel" in page
    assert 'datetime="2019-07-01' in page
    assert "Teltene" in page
    assert "<li>sol</li>" in page
    assert "/assets/leir-" in page
    wait_for(up, "/om/om-oss/")
    wait_for(up, "/nyheter/andre-leir/")
    for path, to in {
        "/2019/07/sommerleir/": "/nyheter/sommerleir/",
        "/2019/07/sommerleir": "/nyheter/sommerleir/",
        "/2019/07/leiren/": "/nyheter/sommerleir/",
        "/kort": "/nyheter/sommerleir/",
        "/lang/": "/nyheter/sommerleir/",
        "/om-oss/": "/om/om-oss/",
        "/2018/01/andre/": "/nyheter/andre-leir/",
        "/gammel-leir/": "/nyheter/andre-leir/",
    }.items():
        answer = get(up, path)
        assert (answer.status_code, answer.headers["location"]) == (301, to), path
    assert get(up, "/2019/07/sommerleir/.moved").status_code == 404
    assert get(up, "/a").status_code == 404

    again = run(up, key, str(old), "--published")
    assert (again["imported"], again["there"]) == ([], 4)
    assert told(up.run("site", "rebuild"), 0)
    assert get(up, "/kort").status_code == 301
    assert inbox(up) == []


def test_what_was_moved_stands_behind_what_is_new(up: Up, tmp_path: Path) -> None:
    key = up.key()
    new = tmp_path / "ny.md"
    new.write_text(
        "---\ntitle: Ny sak\nlead: Dette er nytt.\nkind: news\nlang: nb\n"
        "byline: Skrevet av Kari Eksempel\npublished_on: 2026-09-01\n---\nTekst.\n"
    )
    told(up.run("publish", str(new), key=key), 0)
    folder = tmp_path / "gammelt"
    folder.mkdir()
    text = MARKDOWN.replace("Andre leir", "Tredje leir").replace("snødde", "regnet")
    (folder / "sak.md").write_text(text.replace("/gammel-leir", "/tredje"))
    run(up, key, str(folder), "--published")
    wait_for(up, "/nyheter/tredje-leir/")
    titles = [one["title"] for one in get(up, "/feed.json").json()["items"]]
    assert titles.index("Ny sak") < titles.index("Tredje leir")
    shown = json.loads(told(up.run("articles", "--json", key=key), 0))["articles"]
    names = [one["title"] for one in shown]
    assert names.index("Ny sak") < names.index("Tredje leir")


def test_an_import_that_is_killed_is_gone_on_with(up: Up, old: Path, tmp_path: Path) -> None:
    with Up() as other:
        other.start()
        key = other.key()
        folder = tmp_path / "mange"
        folder.mkdir()
        for number in range(12):
            text = MARKDOWN.replace("Andre leir", f"Leir nummer {number}")
            text = text.replace("/gammel-leir", f"/g/{number}").replace(
                "snødde", f"snødde {number}"
            )
            (folder / f"leir-{number}.md").write_text(text)
        command = subprocess.Popen(
            [*VARSEL, "articles", "import", str(folder), "--published"],
            env=other.env | {"VARSEL_KEY": key},
            cwd=REPO,
        )
        wait_for(other, "/nyheter/leir-nummer-0/")
        command.send_signal(signal.SIGKILL)
        command.wait(30)
        done = run(other, key, str(folder), "--published")
        assert len(done["imported"]) + done["there"] == 12
        assert done["there"] >= 1
        assert done["refused"] == []
        # And so is a site that is being written anew.
        rebuild = subprocess.Popen([*VARSEL, "site", "rebuild"], env=other.env, cwd=REPO)
        wait_for(other, "/nyheter/leir-nummer-3/")
        other.end(signal.SIGKILL)
        rebuild.kill()
        rebuild.wait(30)
        other.start()
        assert "12 saker" in told(other.run("site", "rebuild"), 0)
        assert get(other, "/g/11").headers["location"] == "/nyheter/leir-nummer-11/"


def test_whoever_sits_at_a_terminal_sees_how_far_a_rebuild_is(up: Up) -> None:
    near, far = pty.openpty()
    env = up.env | {"TERM": "xterm", "COLUMNS": "100"}
    command = [*VARSEL, "site", "rebuild"]
    with subprocess.Popen(command, env=env, cwd=REPO, stdout=far, stderr=far) as rebuild:
        os.close(far)
        shown = b""
        with suppress(OSError):  # the terminal is gone with the command
            while part := os.read(near, 4096):
                shown += part
        assert rebuild.wait(60) == 0
    os.close(near)
    seen = shown.decode()
    assert "Bygger nettstedet" in seen
    assert re.search(r"\d+/(\d+|\?)", seen)
    assert "Nettstedet er bygget på nytt" in seen
