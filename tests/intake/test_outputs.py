import nbformat
import pytest

from autograder.intake import outputs
from autograder.intake.outputs import safe_outputs

PNG = "iVBORw0KGgoAAAANSUhEUg=="
SCRIPT = "<script>alert(1)</script>"


def display(**data):
    return {"output_type": "display_data", "data": {kind.replace("_", "/"): v for kind, v in data.items()}}


@pytest.mark.parametrize(
    "kind",
    [
        "text/html",
        "image/svg+xml",
        "application/javascript",
        "application/vnd.jupyter.widget-view+json",
        "application/vnd.plotly.v1+json",
        "text/latex",
        "text/markdown",
        "application/pdf",
    ],
)
def test_what_a_browser_would_run_or_render_is_dropped(kind):
    assert safe_outputs([{"output_type": "display_data", "data": {kind: SCRIPT}}]) == []
    [kept] = safe_outputs([{"output_type": "execute_result", "data": {kind: SCRIPT, "text/plain": "plain"}}])
    assert dict(kept.data) == {"text/plain": "plain"}


def test_images_are_kept():
    [png, jpeg] = safe_outputs([display(image_png=[PNG[:4] + "\n", PNG[4:]]), display(image_jpeg="/9j/4AAQ")])
    assert png.data["image/png"] == PNG
    assert jpeg.data["image/jpeg"] == "/9j/4AAQ"


@pytest.mark.parametrize(
    "image", ['iVBORw0KGgo" onerror="alert(1)', SCRIPT, "PHN2Zz4=", "iVBORw0KGgo=é", "", 5, {}, [[]]]
)
def test_an_image_that_is_none_is_dropped(image):
    assert safe_outputs([display(image_png=image)]) == []


def test_texts_images_and_their_number_are_limited():
    texts = {"output_type": "stream", "text": "x" * 50_000_000}
    [kept] = safe_outputs([texts])
    assert len(kept.text) < outputs.MAX_TEXT + 50
    assert safe_outputs([display(image_png=PNG[:11] + "A" * outputs.MAX_IMAGE)]) == []
    assert len(safe_outputs([display(text_plain="x")] * 1000)) == outputs.MAX_OUTPUTS
    [error] = safe_outputs([{"output_type": "error", "ename": "E", "evalue": "", "traceback": ["x"] * 1000}])
    assert len(error.traceback) == 50


@pytest.mark.parametrize("odd", [None, 5, "x", [], {}, [[]], {"a": 1}])
@pytest.mark.parametrize("kind", ["stream", "error", "display_data", "execute_result", "pyout", None, [], {}])
def test_whatever_an_output_holds_what_is_kept_of_it_is_a_valid_output(kind, odd):
    output = {"output_type": kind} | dict.fromkeys(("text", "traceback", "ename", "evalue", "data"), odd)
    kept = safe_outputs([output, odd, {"output_type": kind}])
    kept += safe_outputs([{"output_type": kind, "data": {"text/plain": odd, "image/png": odd}}])
    cell = nbformat.v4.new_code_cell(outputs=kept)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_lone_surrogates_do_not_get_into_an_output():
    [kept] = safe_outputs([{"output_type": "stream", "text": "\ud800"}])
    assert kept.text == "?"
