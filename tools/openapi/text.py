"""The little of Markdown that descriptions use: paragraphs, lists, `code` and **strong** words."""

import html
import re


def blocks(text: str) -> str:
    """HTML of whole paragraphs and lists."""
    return "\n".join(_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block)


def inline(text: str) -> str:
    """HTML of words, without a paragraph around them."""
    escaped = html.escape(text.strip(), quote=False)
    pieces = re.split(r"(`[^`]+`)", escaped)
    return "".join(f"<code>{piece[1:-1]}</code>" if piece.startswith("`") else
                   re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", piece) for piece in pieces)


def _block(block: str) -> str:
    if not block.startswith("- "):
        return f"<p>{inline(block)}</p>"
    items = re.split(r"\n- ", block[2:])
    return "<ul>" + "".join(f"<li>{inline(item)}</li>" for item in items) + "</ul>"
