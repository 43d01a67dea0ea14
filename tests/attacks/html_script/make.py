"""Puts scripts into outputs, ids and metadata, which a grader's browser would run."""

from tests.attacks.handin_files import edit, known

SCRIPT = "<script>document.title = '{0}'</script> [a](javascript:{0}) <img src=x onerror={0}>"


def make(folder):
    told = f"{known(folder)['token'][::-1]}-html_script"

    def change(content):
        html = {"text/html": SCRIPT.format(told), "image/svg+xml": SCRIPT.format(told)}
        output = {"output_type": "display_data", "data": html, "metadata": {}}
        for cell in content["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = [output]
                cell["id"] += told if cell["id"].startswith("given") else ""
        content["metadata"]["title"] = SCRIPT.format(told)

    edit(folder, change)
