"""Cells of notebooks, as the tests compare them."""

from nbformat import NotebookNode


def code_of(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cell: NotebookNode) -> list[tuple[str, object]]:
    """Return what a cell's outputs show, with the pieces of a stream joined."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream" and parts and parts[-1][0] == output.name:
            parts[-1] = (output.name, parts[-1][1] + output.text)
        elif output.output_type == "stream":
            parts.append((output.name, output.text))
        else:
            parts.append((output.output_type, dict(output.get("data", output))))
    return parts
