# SPDX-License-Identifier: Apache-2.0
"""The quickstart in JupyterLab in headless Chromium: run all, charts drawn, a live cell seen changing, stop works.
Screenshots are kept in build/screenshots, light and dark."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import clients  # noqa: E402
from ports import free_ports  # noqa: E402
import pytest  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

SHOTS = clients.ROOT / "build/screenshots"
TOKEN = "velo-test"
SLOW = 120_000
LIVE = """SELECT side, COUNT(*) AS trades, SUM(amount) AS amount
FROM 'data/trades.csv' WITH ('trades.replay' = '60')
GROUP BY side
EMIT CHANGES;"""


def wait_for(url, process):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "jupyter lab ended"
        try:
            return urllib.request.urlopen(url, timeout=2).read()
        except OSError:
            select_wait(0.2)
    raise AssertionError("jupyter lab did not answer")


def select_wait(seconds):
    import select
    select.select([], [], [], seconds)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("lab")
    clients.install_kernelspec(scratch / "prefix")
    work = scratch / "work"
    shutil.copytree(clients.ROOT / "notebooks", work)
    clients.write_notebook(work / "live.ipynb", LIVE, "SELECT 6*7;")
    clients.write_notebook(work / "write.ipynb", "SELECT 1;")
    settings = scratch / "settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}))
    env = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "ws"),
           "JUPYTER_RUNTIME_DIR": str(scratch / "run"), "JUPYTER_CONFIG_DIR": str(scratch / "config")}
    env.pop("VELO_CLOCK", None)
    port = free_ports(1)[0]
    log = open(scratch / "lab.log", "w")
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "jupyter-lab"), "--no-browser", "--allow-root", "--expose-app-in-browser", "--ServerApp.ip=127.0.0.1",
         f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={work}",
         "--LabApp.news_url=None", "--LabApp.extension_manager=readonly", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
        env=env, stdout=log, stderr=log, start_new_session=True)
    wait_for(f"http://127.0.0.1:{port}/api?token={TOKEN}", process)
    yield f"http://127.0.0.1:{port}", scratch / "lab.log", settings
    process.send_signal(signal.SIGTERM)
    process.wait(30)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=[
            "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"])
        yield instance
        instance.close()


def open_notebook(browser, url, name):
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.goto(f"{url}/lab/tree/{name}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=SLOW)
    page.wait_for_function("""() => { const w = window.jupyterapp.shell.currentWidget;
        return w && w.sessionContext && w.sessionContext.session && w.sessionContext.session.kernel
            && w.sessionContext.session.kernel.status === 'idle'; }""", timeout=SLOW)
    return page


def kernel_status(page):
    return page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status")


def set_theme(page, name):
    page.evaluate(f"() => window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{name}'}})")
    page.wait_for_function(f"() => document.body.dataset.jpThemeName === '{name}'", timeout=SLOW)


def run_all(page, label):
    """Runs every cell and looks at the last one, the recorded stream, while it plays."""
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.wait_for_function("() => document.querySelector('.jp-NotebookPanel').innerText.includes('LIVE ·')", timeout=SLOW)
    select_wait(2.5)
    SHOTS.mkdir(parents=True, exist_ok=True)
    cell = page.query_selector_all(".jp-NotebookPanel .jp-CodeCell")[-1]
    cell.scroll_into_view_if_needed()
    cell.screenshot(path=str(SHOTS / f"live-{label}.png"))
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'", timeout=SLOW)


def type_into(page, index, text):
    """Puts the cursor behind `text` in the cell of that index."""
    page.evaluate("(i) => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = i; }", index)
    page.locator(".jp-NotebookPanel .jp-CodeCell").nth(index).locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def run_cell(page):
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")


def shoot_cells(page, label):
    """One picture per code cell, since the notebook scrolls inside its own panel."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    for index, cell in enumerate(page.query_selector_all(".jp-NotebookPanel .jp-CodeCell")):
        cell.scroll_into_view_if_needed()
        cell.screenshot(path=str(SHOTS / f"quickstart-{label}-{index:02d}.png"))


def test_quickstart_runs_and_draws(lab, browser):
    url, log, _ = lab
    page = open_notebook(browser, url, "quickstart.ipynb")
    for theme, label in (("JupyterLab Light", "light"), ("JupyterLab Dark", "dark")):
        set_theme(page, theme)  # a Vega chart takes the theme it is drawn under
        run_all(page, label)
        shoot_cells(page, label)
    assert page.query_selector_all(".jp-RenderedJSON") == []
    assert page.query_selector_all("[data-mime-type='application/vnd.jupyter.stderr']") == []
    model = page.evaluate("""() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
        .flatMap(c => c.outputs || []).map(o => o.output_type + ' ' + Object.keys(o.data || {}).join(' '))""")
    assert not [o for o in model if o.startswith("error")]
    assert len([o for o in model if "vegalite" in o]) >= 8, model
    assert len([o for o in model if "text/html" in o]) >= 8, model
    page.wait_for_selector(".jp-RenderedVegaLite .vega-embed canvas", timeout=SLOW)
    assert "rate" not in re.findall(r"iopub .* rate", log.read_text().lower())
    page.close()


def test_live_cell_changes_and_the_stop_button_ends_it(lab, browser):
    url, _, _ = lab
    page = open_notebook(browser, url, "live.ipynb")
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    table = ".jp-OutputArea-output table"
    page.wait_for_selector(table, timeout=SLOW)
    seen = page.inner_text(table)
    page.wait_for_function("(old) => document.querySelector('.jp-OutputArea-output table').innerText !== old", arg=seen, timeout=SLOW)
    assert "[*]" in page.inner_text(".jp-CodeCell .jp-InputArea-prompt")
    page.query_selector(".jp-NotebookPanel").screenshot(path=str(SHOTS / "live.png"))
    page.click('jp-button[data-command="notebook:interrupt-kernel"]')
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'", timeout=SLOW)
    assert "KeyboardInterrupt" in page.evaluate("""() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
        .flatMap(c => c.outputs || []).map(o => o.ename || '')""")
    page.query_selector(".jp-NotebookPanel").screenshot(path=str(SHOTS / "stopped.png"))
    assert page.query_selector(table), "rows already shown stay"
    # The kernel is alive: the second cell answers when run by itself.
    page.evaluate("""() => { const n = window.jupyterapp.shell.currentWidget.content; n.activeCellIndex = 1;
        return window.jupyterapp.commands.execute('notebook:run-cell'); }""")
    page.wait_for_function("() => document.querySelector('.jp-NotebookPanel').innerText.includes('42')", timeout=SLOW)
    page.close()


def test_completion_help_and_errors_as_a_person_meets_them(lab, browser):
    url, _, _ = lab
    page = open_notebook(browser, url, "write.ipynb")
    page.set_viewport_size({"width": 1100, "height": 700})
    set_theme(page, "JupyterLab Light")
    type_into(page, 0, "SELECT side, pr FROM 'data/trades.csv';")
    for _ in range(len(" FROM 'data/trades.csv';")):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.wait_for_selector(".jp-Completer-item", timeout=SLOW)
    select_wait(1)
    page.screenshot(path=str(SHOTS / "complete-column.png"))
    assert "price" in page.inner_text(".jp-Completer-item >> nth=0"), "columns stand before keywords"
    page.keyboard.press("Escape")
    type_into(page, 0, "SELECT * FROM 'data/")
    page.keyboard.press("Tab")
    page.wait_for_selector(".jp-Completer-item", timeout=SLOW)
    page.screenshot(path=str(SHOTS / "complete-file.png"))
    assert "data/flights.json" in page.inner_text(".jp-Completer")
    page.keyboard.press("Escape")
    type_into(page, 0, "SELECT SUM(")
    page.keyboard.press("Shift+Tab")
    page.wait_for_selector(".jp-Tooltip", timeout=SLOW)
    select_wait(0.5)
    page.screenshot(path=str(SHOTS / "tooltip.png"))
    assert "SUM" in page.inner_text(".jp-Tooltip")
    page.keyboard.press("Escape")
    type_into(page, 0, "SELECT side, SUM(amuont) AS total\nFROM 'data/trades.csv'\nGROUP BY side;")
    run_cell(page)
    page.wait_for_selector("[data-mime-type='application/vnd.jupyter.error'], .jp-RenderedText[data-mime-type*='error'], .jp-OutputArea-output pre", timeout=SLOW)
    select_wait(0.5)
    page.screenshot(path=str(SHOTS / "error.png"))
    assert "did you mean amount?" in page.inner_text(".jp-NotebookPanel")
    type_into(page, 0, "%help")
    run_cell(page)
    page.wait_for_function("() => document.querySelector('.jp-NotebookPanel').innerText.includes('%lsmagic')", timeout=SLOW)
    page.screenshot(path=str(SHOTS / "help.png"))
    assert page.inner_text(".jp-NotebookPanel").count("%lsmagic") == 1, "a page is shown once"
    page.close()
