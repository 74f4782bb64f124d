"""Page Train: what it asks of Python, and how a person watches a network learn. Kind: oracle and behaviour."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight.recipes import find_recipe
from firstlight.studio import Studio
from firstlight.studio._first_weights import first_weights
from firstlight.training import list_runs, load_run

CUT_OFF = """
import os
import firstlight as fl

def die(event):
    if getattr(event, "step", 0) == 20:
        os._exit(9)

train, test = fl.load("mnist")
fl.train("mlp-fast", dataset=(train[:2000], test[:500]), epochs=5, seed=4, validate=True, folder={folder!r},
         checkpoint_seconds=0, on_event=die)
"""


@pytest.fixture(scope="module")
def few() -> Any:
    """2,000 and 500 images: 8 steps an epoch, in some milliseconds."""
    train, test = fl.load("mnist")
    return train[:2000], test[:500]


@pytest.fixture
def trained_at(
    few: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_studio: Any
) -> Iterator[Callable[..., Any]]:
    """``with trained_at() as studio``: one that learns few images, and keeps its runs in a home of its own."""
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path / "home"))

    @contextmanager
    def running(pair: Any = few) -> Iterator[Any]:
        shown = Studio()
        shown.once("images", lambda: pair)
        with run_studio(shown) as studio:
            yield studio

    yield running
    wait_for_trainings()


def test_a_training_is_told_whole_and_watching_changes_nothing(trained_at: Any, few: Any) -> None:
    with trained_at() as studio:
        assert start(studio, seed=3, epochs=5).status == 200
        told = until_ended(studio)
    kinds = [kind for _, kind, _ in told]
    assert kinds[:3] == ["begun", "placed", "started"]
    assert kinds.count("epoch") == 5
    points = [point for fields in of_kind(told, "losses") for point in fields["points"]]
    assert [step for step, _ in points] == list(range(1, 41))
    looks = of_kind(told, "looked")
    assert looks[0]["step"] == 0
    assert looks[-1]["step"] == 40
    for look in looks:
        confusion = np.array(look["confusion"]).reshape(10, 10)
        assert (confusion.sum(), confusion.trace()) == (look["count"], look["correct"])
    epochs = of_kind(told, "epoch")
    assert looks[-1]["correct"] / looks[-1]["count"] == epochs[-1]["validation_accuracy"]

    [(folder, record)] = list_runs()
    ended = told[-1][2]
    assert (ended["status"], ended["run"], ended["comparison"]) == ("finished", folder.name, None)
    alone = fl.train("mlp-fast", dataset=few, seed=3, epochs=5, validate=True)
    assert ended["test_accuracy"] == record.test_accuracy == alone.test_accuracy
    kept = load_run(folder).model.state_dict()
    for name, weights in alone.model.state_dict().items():
        assert torch.equal(kept[name], weights), "whoever looks on, the weights are the same"


def test_who_comes_again_goes_on_where_it_was(trained_at: Any) -> None:
    with trained_at() as studio:
        start(studio, epochs=2)
        told = until_ended(studio)
        seen = told[3][0]
        assert until_ended(studio, after=seen) == told[4:]
        assert until_ended(studio, after=f"another{seen[7:]}") == told, "a number of another training"
        for odd in ("nonsense", f"{seen[:9]}{'9' * 5000}", f"{seen[:8]}--1"):
            assert until_ended(studio, after=odd) == told
        with closing(follow(studio, after=told[-1][0])) as stream:
            assert next(stream)[1] == "here"
            start(studio, epochs=1, seed=9)
            assert next(stream)[2]["seed"] == 9, "one who stays hears of the next training too"


def test_one_training_at_a_time_with_pause_and_stop(trained_at: Any, few: Any) -> None:
    with trained_at() as studio, closing(follow(studio)) as stream:
        for order in ("pause", "go-on", "stop"):
            answer = studio.ask(f"/api/train/{order}", b"{}")
            assert answer.status == 422
            assert "Nothing is being trained" in answer.error
        start(studio, epochs=40)
        await_kind(stream, "started")
        assert studio.ask("/api/train/pause", b"{}").status == 200
        stood = await_kind(stream, "paused")["step"]
        second = start(studio)
        assert second.status == 422
        assert re.search(
            rf"One training at a time: mlp-fast is under way, step {stood} of 320. Wait", second.error
        )
        studio.ask("/api/train/go-on", b"{}")
        assert await_kind(stream, "going")["step"] == stood
        studio.ask("/api/train/stop", b"{}")
        ended = await_kind(stream, "ended")
        assert (ended["status"], ended["test_accuracy"]) == ("interrupted", None)
        assert stood <= ended["step"] < 320

        [run] = choices(studio)["unfinished"]
        assert (run["has_checkpoint"], run["step"], run["status"]) == (True, ended["step"], "interrupted")
        assert studio.ask("/api/train/resume", json.dumps({"run": run["run"]}).encode()).status == 200
        told = until_ended(studio)
        assert of_kind(told, "resumed")[0]["step"] == ended["step"]
        steps = [step for fields in of_kind(told, "losses") for step, _ in fields["points"]]
        assert steps[0] == 1, "with the losses from before"
        assert steps[-1] == 320
        assert choices(studio)["unfinished"] == []
        alone = fl.train("mlp-fast", dataset=few, epochs=40, validate=True)
        assert told[-1][2]["test_accuracy"] == alone.test_accuracy, "as if it had never been stopped"


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"recipe": "svm"}, "This page trains mlp-fast, mlp, cnn-fast, lenet5, cnn; got 'svm'"),
        ({"recipe": ["mlp"]}, "This page trains"),
        ({"epochs": 0}, "epochs is a number above 0; got 0"),
        ({"epochs": "many"}, "epochs is a number above 0; got 'many'"),
        ({"epochs": 1000}, "at most 100 epochs; got 1000"),
        ({"learning_rate": -1}, "learning_rate is a number"),
        ({"seed": 0.5}, "A seed is an integer"),
        ({"seed": -1}, "A seed is an integer"),
        ([], "Send a JSON object; got a list"),
        (None, "Send a JSON object; got a NoneType"),
        (b"{", "What was sent is no JSON"),
    ],
)
def test_odd_wishes_are_refused(served: Any, wish: Any, message: str) -> None:
    body = wish if isinstance(wish, bytes) else json.dumps(wish and {"recipe": "mlp-fast", **wish}).encode()
    if wish == []:
        body = b"[]"
    answer = served.ask("/api/train/start", body)
    assert answer.status == 422
    assert message in answer.error


def test_other_odd_questions_are_refused(served: Any) -> None:
    for path, body, message in [
        ("resume", b'{"run": "../../etc"}', "There is no run '../../etc' to go on with"),
        ("weights?step=x", None, "The step is a whole number; got 'x'"),
        ("weights?step=7", None, "No pictures of the weights are kept of step 7"),
    ]:
        assert message in served.ask(f"/api/train/{path}", body).error
    assert served.ask("/api/train/events", x_firstlight_token=None).status == 401


def test_a_training_that_diverges_is_told(trained_at: Any) -> None:
    with trained_at() as studio:
        start(studio, epochs=5, learning_rate=1e30)
        ended = until_ended(studio)[-1][2]
    assert ended["status"] == "diverged"
    assert re.match(
        r"Training diverged at step \d+: its (loss is (nan|inf)|weights are not)", ended["message"]
    )
    assert "try a tenth of it" in ended["message"]


def test_images_that_cannot_be_had_are_told(run_studio: Any, tmp_path: Path) -> None:
    with run_studio(Studio(dataset=str(tmp_path / "none"))) as studio:
        start(studio)
        ended = until_ended(studio)[-1][2]
    assert ended["status"] == "failed"
    assert str(tmp_path / "none") in ended["message"]


def test_a_server_that_ends_keeps_what_was_learnt(trained_at: Any) -> None:
    with trained_at() as studio:
        stream = follow(studio)
        start(studio, epochs=100)
        await_kind(stream, "started")
    rest = list(stream)
    wait_for_trainings()
    [(folder, record)] = list_runs()
    assert record.status == "interrupted"
    assert (folder / "checkpoint.safetensors").exists()
    assert all(kind in {"losses", "looked", "epoch", "checkpoint", "ended"} for _, kind, _ in rest)


def test_pictures_are_what_filters_see(few: Any) -> None:
    model = find_recipe("cnn-fast").model((1, 28, 28), 10)
    pictures = first_weights(model, (1, 28, 28))
    assert pictures is not None
    images = few[0].images[:3].float()
    heard = []
    layer = model.conv1
    layer.register_forward_hook(lambda _layer, _inputs, output: heard.append(output))
    with torch.no_grad():
        model.eval()(images)
    border = 2 * layer.padding[0]
    seen = torch.nn.functional.conv2d(images, pictures[:, None], stride=2, padding=border)
    if layer.bias is not None:
        seen += layer.bias.detach()[:, None, None]
    torch.testing.assert_close(heard[0], seen, atol=1e-3, rtol=1e-4)
    assert first_weights(torch.nn.Linear(5, 5), (1, 28, 28)) is None


def test_a_network_is_watched(trained_at: Any, new_page: Any) -> None:
    with trained_at() as studio:
        page = new_page(studio.page("train", "recipe=mlp-fast&epochs=6&seed=2"))
        one(page, "start").click()
        came_to(page, "finished")
        assert text(page, "run-title") == "mlp-fast on mnist, seed 2"
        assert text(page, "says").startswith("Step 48 of 48, epoch 6 of 6, ")
        ended = text(page, "ended-says")
        assert re.fullmatch(
            r"\d\d\.\d\d % of the 500 test images are read right, after \d+\.\d s of training\.", ended
        )
        assert text(page, "told") == ended
        assert page.locator('[data-testid="loss"] path.now').count() == 1
        assert page.locator('[data-testid="loss"] path.before').count() == 0
        assert "of 200 images held out" in text(page, "confusion-says").replace("Of", "of")
        assert shades(page, "weights") > 50
        last = text(page, "weights-step")
        assert last == "48"
        one(page, "weights-slider").focus()
        page.keyboard.press("Home")
        page.wait_for_selector('[aria-label^="Weights of the first layer after step 0:"]')

        one(page, "seed").fill("5")
        one(page, "start").click()
        page.wait_for_selector('[data-testid="run-title"]:has-text("seed 5")')
        came_to(page, "finished")
        before = ended.split(" of the ")[0]
        assert f"the last one: mlp-fast, seed 2, {before} on test" in text(page, "legend")
        assert page.locator("path.before").count() == 2, "both curves of the last run"
        assert text(page, "compared").startswith(f"Beside the last run (mlp-fast, {before}): ")
        runs = [folder.name for folder, _ in list_runs()]
        assert f"firstlight compare {runs[0]} {runs[1]}" in text(page, "commands")

        whole = {
            name: text(page, name) for name in ("run-title", "says", "ended-says", "compared", "confusion")
        }
        page.reload()
        came_to(page, "finished")
        other = new_page(studio.page("train"), viewport={"width": 360, "height": 740}, color_scheme="dark")
        came_to(other, "finished")
        for each in (page, other):
            assert {name: text(each, name) for name in whole} == whole, "a reload, or a second tab"
        assert other.evaluate("document.documentElement.scrollWidth") == 360
        assert one(page, "seed").input_value() == "5"


def test_buttons_pause_and_stop(trained_at: Any, new_page: Any) -> None:
    with trained_at() as studio:
        page = new_page(studio.page("train", "epochs=100"))
        one(page, "start").click()
        came_to(page, "going")
        one(page, "pause").click()
        came_to(page, "paused")
        stood = text(page, "says")
        assert stood.endswith("It stands still.")
        assert one(page, "start").is_disabled()
        page.close()  # which stops nothing
        page = new_page(studio.page("train"))
        came_to(page, "paused")
        assert text(page, "says") == stood
        one(page, "pause").click()
        came_to(page, "going")
        one(page, "stop").click()
        came_to(page, "interrupted")
        assert "Its best weights are kept" in text(page, "ended-says")
        page.wait_for_selector('[data-testid="unfinished"]:not([hidden])')
        assert "was stopped. It goes on from step" in text(page, "unfinished-runs")


def test_a_run_whose_program_was_killed_goes_on(
    trained_at: Any, new_page: Any, warm_python: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "home" / "runs" / "20260101-000000-mlp-fast-mnist-4"
    code, _, stderr = warm_python(CUT_OFF.format(folder=str(folder)), "cut-off", tmp_path)
    assert code == 9, stderr
    with trained_at() as studio:
        page = new_page(studio.page("train"))
        assert f"{folder.name} was cut off: its program was ended." in text(page, "unfinished-runs")
        page.get_by_role("button", name=f"Go on with {folder.name}").click()
        came_to(page, "finished")
        assert text(page, "says").startswith("Step 40 of 40, ")
        page.wait_for_selector('[data-testid="unfinished"]', state="hidden")
    [(_, record)] = list_runs()
    assert (record.status, record.resumes[0]["step"]) == ("finished", 20)


def test_a_server_that_is_gone_is_told(trained_at: Any, new_page: Any) -> None:
    with trained_at() as studio:
        page = new_page(studio.page("train", "epochs=100"))
        one(page, "start").click()
        came_to(page, "going")
        one(page, "pause").click()
        came_to(page, "paused")
    page.wait_for_selector('[data-testid="trouble"]:has-text("Start firstlight studio again")')


def test_a_loss_that_is_no_number_is_told(trained_at: Any, new_page: Any) -> None:
    with trained_at() as studio:
        page = new_page(studio.page("train", "epochs=5&rate=1e30"))
        one(page, "start").click()
        came_to(page, "diverged")
        assert text(page, "ended-says").startswith("Training diverged at step ")


def test_the_code_runs_as_it_is(trained_at: Any, new_page: Any, warm_python: Any, tmp_path: Path) -> None:
    with trained_at(fl.load("mnist")) as studio:
        page = new_page(studio.page("train", "epochs=0.1&rate=0.005&seed=7"))
        one(page, "start").click()
        came_to(page, "finished")
        code, said, stderr = warm_python(page.text_content('[data-testid="code"]'), "train", tmp_path)
        assert code == 0, stderr
        assert said.splitlines()[-1].split(" %")[0] == text(page, "ended-says").split(" %")[0]
        assert len(said.splitlines()) == 2


def start(studio: Any, **wish: Any) -> Any:
    return studio.ask("/api/train/start", json.dumps({"recipe": "mlp-fast", **wish}).encode())


def choices(studio: Any) -> Any:
    return json.loads(studio.ask("/api/train/choices").body)


def follow(studio: Any, after: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield number, kind and fields of what the stream tells, as it comes."""
    headers = {"x-firstlight-token": studio.studio.token, **({"last-event-id": after} if after else {})}
    connection = http.client.HTTPConnection("127.0.0.1", studio.port, timeout=30)
    connection.request("GET", "/api/train/events", headers=headers)
    response = connection.getresponse()
    assert response.getheader("content-type").startswith("text/event-stream")

    def told() -> Iterator[tuple[str, str, Any]]:
        with closing(connection):
            message: dict[str, str] = {}
            for line in response:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    message[name] = value
                elif "data" in message:
                    yield message.get("id", ""), message["event"], json.loads(message["data"])
                    message = {}

    return told()


def until_ended(studio: Any, after: str = "") -> list[tuple[str, str, Any]]:
    """Everything up to the end of the training."""
    told = []
    with closing(follow(studio, after)) as stream:
        for message in stream:
            if message[1] != "here":
                told.append(message)
            if message[1] == "ended":
                return told
    raise AssertionError(f"the stream ended after {[kind for _, kind, _ in told]}")


def await_kind(stream: Iterator[tuple[str, str, Any]], wanted: str) -> Any:
    return next(fields for _, kind, fields in stream if kind == wanted)


def of_kind(told: list[tuple[str, str, Any]], wanted: str) -> list[Any]:
    return [fields for _, kind, fields in told if kind == wanted]


def wait_for_trainings() -> None:
    for thread in threading.enumerate():
        if thread.name == "training":
            thread.join(30)
            assert not thread.is_alive()


def came_to(page: Any, state: str) -> None:
    page.wait_for_selector(f'html[data-run="{state}"]', state="attached", timeout=20_000)


def shades(page: Any, name: str) -> int:
    """How many colours a canvas has."""
    program = """(canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }"""
    return int(one(page, name).evaluate(program))


def one(page: Any, name: str) -> Any:
    return page.locator(f'[data-testid="{name}"]')


def text(page: Any, name: str) -> str:
    return str(one(page, name).inner_text())
