"""Writes the C++ source that holds /openapi.json and /docs. CMake calls it; it needs what the build installs alone.

    python3 -m openapi.embed FILE
"""

import json
import sys
from pathlib import Path

from . import document, page

# Ends no text of ours.
DELIMITER = "contract"


def source() -> str:
    contract = document.load()
    texts = {"json": json.dumps(contract, ensure_ascii=False, separators=(",", ":")), "page": page.render(contract),
             "style": (document.SOURCE / "style.css").read_text()}
    members = "\n".join(f'      .{name} = R"{DELIMITER}({text}){DELIMITER}",' for name, text in texts.items())
    return ('#include "gateway/openapi/contract.h"\n\nnamespace tidemark::gateway {\n\n'
            "const Contract& TheContract() {\n  static constexpr Contract kContract = {\n"
            f"{members}\n  }};\n  return kContract;\n}}\n\n}}  // namespace tidemark::gateway\n")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(source())
