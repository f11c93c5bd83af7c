"""Widgets for every notebook."""


def widget(label: str) -> dict[str, str]:
    """A widget with a label."""
    return {"label": label}
